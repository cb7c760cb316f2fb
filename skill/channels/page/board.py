"""The board between the conversation and the pages: it shows what happens, and takes what is touched or typed.

The conversation runs in one thread and the server in another; both may use it at any time. What is touched answers the
moment at which it was shown and no other, so that a "no" never reaches a question that nobody has read.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from skill.channels.page import view as views
from skill.channels.page.texts import Texts
from skill.channels.page.view import State, View
from skill.dialogue.closing import ONCE_MORE, PLAN
from skill.dialogue.events import Answered, Asked, Coaching, Concluded, Ended, Event
from skill.listening.ear import SILENCE, Heard, typed
from skill.understanding.moments import CONFIRM, HOLD, OFFER

#: Moments at which there is nothing that one might not know.
_KNOWN: Final = frozenset({CONFIRM.id, HOLD.id, OFFER.id, ONCE_MORE.id, PLAN.id})
#: Moments that open with listening, because nothing announces them.
_UNASKED: Final = {
    HOLD.id: Asked(HOLD.id, HOLD.id, (), ""),
    ONCE_MORE.id: Asked(ONCE_MORE.id, ONCE_MORE.kind, (), ""),
}


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A line that waits to be taken."""

    line: str
    moment: int
    """The moment that it answers; 0 for what counts at any time."""


class Board:
    """Captions, events and lines of one conversation after the other, shown to any number of pages."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._alarm = texts("alarm")
        self._breaking = frozenset((self._alarm, *texts.lines("breaking")))
        self._always = self._breaking.union(texts.lines("waiting"), texts.lines("seldom"))
        self._changed = threading.Condition(threading.RLock())
        self._view = View()
        self._watchers: list[Callable[[], None]] = []
        self._asked = Asked("", "", (), "")
        """What was asked last."""
        self._answerable = False
        """Whether the moment that is shown has no answer yet."""
        self._putting = False
        """Whether Charley speaks the question of this moment, and listens next."""
        self._hearing = False
        self._pressed: _Pressed | None = None
        self._again = False
        self._left_at = time.monotonic()
        self.touched = False
        """Whether anybody has touched a page in this conversation: from then on nobody is hurried."""

    # What pages see and do.

    @property
    def view(self) -> View:
        """What is shown now."""
        return self._view

    def watch(self, changed: Callable[[], None]) -> None:
        """Have `changed` called after each change, in the thread that made it."""
        self._watchers.append(changed)

    def arrive(self) -> None:
        """One more page shows this."""
        with self._changed:
            self._show(replace(self._view, pages=self._view.pages + 1))

    def leave(self) -> None:
        """One page fewer."""
        with self._changed:
            self._left_at = time.monotonic()
            self._show(replace(self._view, pages=self._view.pages - 1))

    def touch(self) -> None:
        """Somebody is there who reads."""
        self.touched = True

    def press(self, moment: int, line: str) -> bool:
        """Take a line that answers `moment`; False where that is past, or another line waits already.

        Commands and the call for help count at any time, and the call for help before everything else.
        """
        line = line.strip()
        with self._changed:
            at_any_time = line in self._always
            current = self._answerable and moment == self._view.moment
            free = self._pressed is None or line == self._alarm
            if not line or self._view.state is State.OVER or not free or not (at_any_time or current):
                return False
            self._pressed = _Pressed(line, 0 if at_any_time else moment)
            self.touched = True
            self._show(replace(self._view, late=False))
        return True

    def begin_again(self) -> bool:
        """Somebody wants a new conversation; False while this one is not over."""
        with self._changed:
            self._again = self._view.state is State.OVER
            self._changed.notify_all()
            return self._again

    # What the conversation shows: captions, notices, and a sink of events.

    def show(self, text: str) -> None:
        """Show what Charley begins to say. With the words of a question its answers appear."""
        with self._changed:
            view = views.said(self._view, text)
            if text == self._asked.text and not self._hearing:
                view = self._open(view, self._asked)
                self._putting = True
            self._show(view)

    def notice(self, text: str) -> None:
        """Show what went wrong."""
        with self._changed:
            if text not in self._view.notices:
                self._show(replace(self._view, notices=(*self._view.notices, text)))

    def emit(self, event: Event) -> None:
        """Show what happened."""
        with self._changed:
            view, self._putting = views.after(self._view, event), False
            if isinstance(event, Asked):
                self._answerable = self._answerable and _same(event, self._asked)
                self._asked = event
            elif isinstance(event, Answered | Coaching | Concluded | Ended):
                self._answerable = False
            self._show(view)

    # What the conversation's ear does.

    def begin(self) -> None:
        """A new conversation."""
        with self._changed:
            self._again = self.touched = self._answerable = self._putting = self._hearing = False
            self._pressed = None
            self._show(views.afresh(self._view))

    def listen(self, name: str, state: State) -> None:
        """Charley waits for an answer to `name`, a question or another moment."""
        with self._changed:
            if name != self._asked.question:
                self._asked = _UNASKED.get(name, Asked(name, "", (), ""))
                self._answerable = False
            self._putting, self._hearing = False, True
            self._show(replace(self._open(self._view, self._asked), state=state, advising=False))

    def heard(self, *, answered: bool) -> None:
        """Charley listens no more. After silence an answer may still come, if the same is asked again."""
        with self._changed:
            self._hearing = False
            if answered:
                self._answerable = False
            lasting = self._asked.question == HOLD.id and not answered
            self._show(replace(self._view if lasting else views.closed(self._view), state=State.SPEAKING))

    # Lines, as `skill.listening.keyboard.Lines` has them.

    def ready(self) -> bool:
        """Whether a line waits that may be taken now: commands that break in, and all else while it is listened for."""
        pressed = self._pressed
        if pressed is None:
            return False
        return self._hearing or self._putting or pressed.line in self._breaking

    def wait(self, seconds: float) -> bool:
        """Whether a line is there, at the latest after `seconds`."""
        with self._changed:
            return self._changed.wait_for(self.ready, min(seconds, threading.TIMEOUT_MAX))

    def take(self) -> Heard:
        """The line as something heard beyond doubt; SILENCE where there is none."""
        with self._changed:
            if not self.ready():
                return SILENCE
            pressed, self._pressed = self._pressed, None
        return typed(pressed.line) if pressed else SILENCE

    # Who is there.

    def await_page(self) -> None:
        """Return when a page is open."""
        with self._changed:
            self._changed.wait_for(lambda: self._view.pages > 0)

    def wanted_again(self, grace: float) -> bool:
        """Wait until somebody wants another conversation; False once no page has been open for `grace` seconds."""
        with self._changed:
            while not self._again and not self.deserted(grace):
                self._changed.wait(grace / 4)
            return self._again

    def deserted(self, grace: float) -> bool:
        """Whether no page has been open for `grace` seconds."""
        return self._view.pages == 0 and time.monotonic() - self._left_at >= grace

    def _open(self, view: View, asked: Asked) -> View:
        """Show what may be answered. A moment that nobody has answered yet stays the same when it comes again."""
        moment = view.moment if self._answerable else view.moment + 1
        self._answerable = True
        answers = self._texts.answers(asked.question, asked.kind, asked.choices)
        unsure = () if asked.question in _KNOWN else self._texts.lines("answers.unsure")
        return replace(view, moment=moment, question=asked.question, kind=asked.kind, buttons=(*answers, *unsure))

    def _show(self, view: View) -> None:
        """Show `view`; what answers a moment that is past is dropped, and said so."""
        pressed = self._pressed
        if pressed is not None and pressed.moment and (pressed.moment != view.moment or not self._answerable):
            self._pressed, view = None, replace(view, late=True)
        self._view = view
        self._changed.notify_all()
        for watcher in self._watchers:
            watcher()


def _same(asked: Asked, before: Asked) -> bool:
    """Whether the same is asked again, in whatever words."""
    return (asked.question, asked.kind, asked.choices) == (before.question, before.kind, before.choices)
