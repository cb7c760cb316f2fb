"""What Charley says: every sentence of `prompts/`, found by its dotted id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from skill.errors import InstallationError
from skill.system import resources
from skill.system.compiled import Compiled


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing said: the prompt that it came from, and its text with every slot filled."""

    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom to call, as the voice reads it: digits stand apart."""

    number: str
    """The emergency number."""
    line: str
    """The telephone line for medical advice, by name and number where the country has one."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """All sentences by id: file, then keys, then the index in a list, joined by dots (`questions.place.again.0`)."""

    texts: Mapping[str, str]

    def utterance(self, prompt: str, **slots: str) -> Utterance:
        """The prompt with its slots filled. Raises InstallationError for an unknown prompt or an empty slot."""
        try:
            return Utterance(prompt, self.texts[prompt].format_map(slots))
        except KeyError as missing:
            raise InstallationError(
                f"The prompt {prompt!r} has no {missing} in prompts/: reinstall Charley or mend the file."
            ) from None

    def variants(self, prompt: str) -> tuple[str, ...]:
        """The ids of a list of variants, in order; just the prompt itself when it is a single sentence."""
        if prompt in self.texts:
            return (prompt,)
        found: list[str] = []
        while (one := f"{prompt}.{len(found)}") in self.texts:
            found.append(one)
        return tuple(found)

    def has(self, prompt: str) -> bool:
        """Whether a sentence of this id exists."""
        return prompt in self.texts

    def instead(self, channel: str) -> "Prompts":
        """The same, but what `<channel>.instead` holds is said in place of the prompts of the same ids."""
        lead = f"{channel}.instead."
        other = {prompt.removeprefix(lead): text for prompt, text in self.texts.items() if prompt.startswith(lead)}
        return Prompts({**self.texts, **other})

    def fixed(self) -> tuple[str, ...]:
        """The texts of all sentences without slots: what can be rendered ahead."""
        return tuple(text for text in self.texts.values() if not any(name for _, name, _, _ in Formatter().parse(text)))


@cache
def load_prompts() -> Prompts:
    """The shipped prompts, read once and not at each start. Raises InstallationError as `read_prompts`."""
    return Prompts(COMPILED.load())


@cache
def load_written() -> Prompts:
    """What is written and never spoken, such as the words of the diary. Raises InstallationError as `read_prompts`."""
    return Prompts(WRITTEN.load())


def read_prompts(folder: Path) -> Prompts:
    """Read every YAML file of the folder. Raises InstallationError for a missing folder or a damaged file."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InstallationError(f"No prompts lie in {folder}: reinstall Charley.")
    texts: dict[str, str] = {}
    for file in files:
        texts.update(_flatten(file.stem, _read(file), file))
    return Prompts(texts)


COMPILED: Final = Compiled(
    "prompts",
    lambda: [*resources.PROMPTS.glob("*.yaml"), Path(__file__)],
    lambda: dict(read_prompts(resources.PROMPTS).texts),
)


WRITTEN: Final = Compiled(
    "written",
    lambda: [*resources.WRITTEN.glob("*.yaml"), Path(__file__)],
    lambda: dict(read_prompts(resources.WRITTEN).texts),
)


def _read(file: Path) -> Any:
    from skill.system.yaml_file import YAMLError, load_yaml

    try:
        return load_yaml(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as problem:
        raise InstallationError(f"{file} cannot be read as YAML: {' '.join(str(problem).split())}") from problem


def _flatten(prefix: str, node: Any, file: Path) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield prefix, " ".join(node.split())
    elif isinstance(node, dict):
        for key, value in node.items():
            if not isinstance(key, str):
                raise InstallationError(f"{file}: the key {key!r} below {prefix} must be text: put it in quotes.")
            yield from _flatten(f"{prefix}.{key}", value, file)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _flatten(f"{prefix}.{index}", value, file)
    else:
        raise InstallationError(f"{file}: {prefix} must be text, a list or a mapping, not {node!r}: put it in quotes.")
