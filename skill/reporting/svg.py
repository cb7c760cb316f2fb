"""A drawing in SVG whose every part says in words what it shows."""

from pathlib import Path
from typing import Final
from xml.etree import ElementTree

NAMESPACE: Final = "http://www.w3.org/2000/svg"


class Part:
    """An element, and what can be put into it. Lengths are user units; positive y is down."""

    def __init__(self, element: ElementTree.Element) -> None:
        self.element = element

    def add(self, kind: str, text: str = "", **attributes: str | float) -> "Part":
        """A new element inside; `class_` stands for `class`, an underscore for a hyphen, floats are rounded."""
        names = {
            name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
            for name, value in attributes.items()
        }
        element = ElementTree.SubElement(self.element, f"{{{NAMESPACE}}}{kind}", names)
        element.text = text or None
        return Part(element)

    def group(self, x: float, y: float) -> "Part":
        """A new part whose origin lies at x, y of this one."""
        return self.add("g", transform=f"translate({x:g} {y:g})")

    def described(self, name: str, title: str, description: str) -> "Part":
        """This very part, read by a screen reader as one picture of this title and description; `name` is its id."""
        self.element.set("role", "img")
        self.element.set("aria-labelledby", f"{name}-title {name}-desc")
        self.add("title", title, id=f"{name}-title")
        self.add("desc", description, id=f"{name}-desc")
        return self


class Drawing(Part):
    """A whole document."""

    def __init__(self, width: int, height: int, title: str, description: str, css: Path) -> None:
        super().__init__(ElementTree.Element(f"{{{NAMESPACE}}}svg"))
        self.title, self.description = title, description
        root = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "lang": "en"}
        named = {"role": "graphics-document document", "aria-labelledby": "drawing-title drawing-desc"}
        for name, value in (root | named).items():
            self.element.set(name, value)
        self.add("title", title, id="drawing-title")
        self.add("desc", description, id="drawing-desc")
        self.add("style", css.read_text(encoding="utf-8"))

    def source(self) -> str:
        """The text of the file."""
        ElementTree.register_namespace("", NAMESPACE)  # each time: WeasyPrint takes the empty prefix for itself
        return ElementTree.tostring(self.element, encoding="unicode", xml_declaration=False) + "\n"
