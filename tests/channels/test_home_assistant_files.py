"""The integration's files keep the rules of hassfest, by which Home Assistant judges custom integrations."""

import json
import re
from inspect import signature
from pathlib import Path
from typing import Any

from skill.channels.address import address
from skill.commands.line import serve

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "home-assistant" / "custom_components" / "charley"
REQUIRED = {"domain", "name", "codeowners", "documentation", "integration_type", "iot_class", "requirements", "version"}
SOURCES = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py")}


def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def test_the_manifest_has_what_it_must_in_its_order() -> None:
    manifest = read("manifest.json")
    assert manifest.keys() >= REQUIRED
    assert manifest["domain"] == FOLDER.name
    assert list(manifest) == ["domain", "name", *sorted(manifest.keys() - {"domain", "name"})]
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert all(name == name.lower() for found in manifest["zeroconf"] for name in found.values())
    assert all(" " not in requirement for requirement in manifest["requirements"])


def test_what_is_imported_of_home_assistant_is_depended_on() -> None:
    manifest, code = read("manifest.json"), "\n".join(SOURCES.values())
    used = {
        name for line in re.findall(r"from homeassistant\.components import (.+)", code) for name in line.split(", ")
    }
    assert used == set(manifest["dependencies"])


def test_every_text_stands_in_the_translations_and_is_used() -> None:
    translations = read("translations/en.json")
    flow = SOURCES["config_flow"]
    problems = {found for pair in re.findall(r'else "(\w+)"|return "(\w+)"', flow) for found in pair if found}
    assert translations["config"]["error"].keys() == problems
    assert translations["config"]["abort"].keys() == {*translations["config"]["error"], "already_configured"}
    assert translations["config"]["step"].keys() == set(re.findall(r'step_id="(\w+)"', flow))
    raised = set(re.findall(r'translation_key="(\w+)"', "\n".join(SOURCES.values())))
    assert translations["exceptions"].keys() == raised


def test_the_port_is_the_one_that_charley_serve_names() -> None:
    port = re.search(r"DEFAULT_PORT: Final = (\d+)", SOURCES["const"])
    assert port is not None
    assert address(signature(serve).parameters["listen"].default).port == int(port[1])
