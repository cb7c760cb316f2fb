"""Print what the installed Home Assistant needs beside itself for conversations, one requirement a line."""

import json
from importlib.util import find_spec
from pathlib import Path


def needed(integration: str, seen: set[str]) -> set[str]:
    """The requirements of an integration and of those that it depends on."""
    if integration in seen:
        return set()
    seen.add(integration)
    manifest = json.loads((COMPONENTS / integration / "manifest.json").read_text(encoding="utf-8"))
    others = (needed(other, seen) for other in manifest.get("dependencies", ()))
    return set(manifest.get("requirements", ())).union(*others)


spec = find_spec("homeassistant")
assert spec is not None
assert spec.origin is not None
COMPONENTS = Path(spec.origin).parent / "components"
print("\n".join(sorted(needed("conversation", set()))))
