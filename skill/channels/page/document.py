"""The page as HTML: its texts put into their places."""

import json
from collections.abc import Iterable
from html import escape
from string import Template
from typing import Final

from skill.channels.page.server import FILES, Document
from skill.channels.page.texts import Texts
from skill.channels.page.view import State, Who
from skill.triage.model import Level

_THEMES: Final = ("light", "dark", "contrast")
_NAMES: Final = (
    "title",
    "noscript",
    "answers_label",
    "type",
    "send",
    "always_label",
    "alarm",
    "more",
    "again",
    "advice_label",
    "reasons",
    "transcript",
    "look",
    "smaller",
    "larger",
    "afterwards",
    "about",
)


def document(texts: Texts, number: str, emergency: str, more: Iterable[Document]) -> str:
    """The page. `number`: the emergency number, its digits together; `emergency`: what stands over an emergency.

    `more`: further documents; those with a label are linked, and open in windows of their own.
    """
    for_script = {
        "state": {state: texts(f"state.{state}") for state in State},
        "levels": {level.id: texts(f"levels.{level.id}") for level in Level},
        "who": {who: texts(f"who.{who}") for who in Who},
        **{name: texts(name) for name in ("late", "lost", "gone", "several")},
        "heard": texts("heard", text="{text}"),
        "unclear": texts("unclear", text="{text}"),
        "size": texts("text_size", percent="{percent}"),
        "emergency": emergency,
    }
    anchors = (
        f'<a href="{escape(one.name)}" target="_blank" rel="noopener">{escape(one.label)}</a>'
        for one in more
        if one.label
    )
    return Template((FILES / "page.html").read_text(encoding="utf-8")).substitute(
        {name: escape(texts(name)) for name in _NAMES},
        **{f"theme_{theme}": escape(texts(f"themes.{theme}")) for theme in _THEMES},
        state_starting=escape(texts(f"state.{State.STARTING}")),
        call=escape(texts("call", number=number)),
        waiting=_buttons((*texts.lines("breaking"), *texts.lines("waiting"))),
        seldom=_buttons(texts.lines("seldom")),
        links="".join(anchors),
        texts=json.dumps(for_script, ensure_ascii=False).replace("<", "\\u003c"),
    )


def _buttons(lines: Iterable[str]) -> str:
    return "".join(f'<button data-line="{escape(line)}">{escape(line)}</button>' for line in lines)


def diary(texts: Texts, sentences: Iterable[str], picture: str) -> str:
    """A document that shows a picture, whose address is `picture`, and says it all in sentences."""
    return Template((FILES / "diary.html").read_text(encoding="utf-8")).substitute(
        title=escape(texts("diary")),
        about=escape(texts("about")),
        alternative=escape(texts("diary_picture")),
        picture=escape(picture),
        sentences="".join(f"<p>{escape(sentence)}</p>" for sentence in sentences),
    )
