"""What the page shows at one moment, and how it changes with what happens in the conversation."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from skill.dialogue.events import Answered, Asked, Coaching, Concluded, Ended, Event, HeardSpeech, Said

#: Lines of the transcript that are kept.
_KEPT: Final = 80
#: The prompt that follows the advice.
_OFFER: Final = "dialogue.once_more"
#: Digits that stand apart for a voice: "1 1 2".
_APART: Final = re.compile(r"(?<=\b\d) (?=\d\b)")


class State(StrEnum):
    """What Charley is doing; also the names of the texts that say so."""

    STARTING = "starting"
    SPEAKING = "speaking"
    LISTENING = "listening"
    TOUCH = "touch"
    """Waiting for an answer where nothing can be heard."""
    HOLD = "hold"
    """Waiting while a stretch is held: for as long as that takes."""
    OVER = "over"


class Who(StrEnum):
    """Who said a line of the transcript; also the names of the texts that say so."""

    CHARLEY = "charley"
    YOU = "you"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript."""

    who: Who
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown, on every page alike."""

    state: State = State.STARTING
    caption: str = ""
    moment: int = 0
    """Counts the chances to answer: what answers an earlier one does not count."""
    question: str = ""
    """The id of what is asked, or of another moment, such as `coaching`; empty where nothing is."""
    kind: str = ""
    """Of the question: yes_no, choice, duration, count or scale; empty where none is asked."""
    buttons: tuple[str, ...] = ()
    """What may be answered now, each as the line that it says."""
    heard: str = ""
    understood: bool = True
    """Whether what was heard was of use."""
    late: bool = False
    """Whether an answer came when its question was past."""
    level: str = ""
    """Of the advice: emergency, urgent, soon or self_care; empty before it."""
    reasons: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    """What was said with it, beside the reasons."""
    advising: bool = False
    """Whether it is being said."""
    notices: tuple[str, ...] = ()
    """What went wrong with the machine."""
    transcript: tuple[Line, ...] = ()
    pages: int = 0
    """How many windows show this."""


def said(view: View, text: str) -> View:
    """Charley begins to say this."""
    caption = _APART.sub("", text)
    view = replace(_with_line(view, Who.CHARLEY, caption), state=State.SPEAKING, caption=caption)
    if not view.advising or any(caption.endswith(reason) for reason in view.reasons):
        return view
    return replace(view, advice=(*view.advice, caption))


def after(view: View, event: Event) -> View:
    """What is shown once this has happened."""
    match event:
        case HeardSpeech(text, _, accepted):
            return replace(_with_line(view, Who.YOU, text), heard=text, understood=accepted, late=False)
        case Asked() | Answered() | Coaching():
            return closed(view)
        case Said(prompt) if prompt == _OFFER:
            return replace(view, advising=False)
        case Concluded(level, reasons):
            given = tuple(_APART.sub("", reason.text) for reason in reasons)
            return replace(closed(view), level=level, reasons=given, advice=(), advising=True)
        case Ended():
            return replace(closed(view), state=State.OVER)
        case _:
            return view


def closed(view: View) -> View:
    """Nothing is asked any more."""
    return replace(view, question="", kind="", buttons=())


def afresh(view: View) -> View:
    """A new conversation begins; what was said so far stays to be read."""
    return View(moment=view.moment, notices=view.notices, transcript=view.transcript, pages=view.pages)


def _with_line(view: View, who: Who, text: str) -> View:
    return replace(view, transcript=(*view.transcript, Line(who, text))[-_KEPT:])
