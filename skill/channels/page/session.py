"""The page from the command to the last window: serve it, show it, equip it, hold one conversation after the other."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from skill import equipment
from skill.channels.address import address as parsed
from skill.channels.page.board import Board
from skill.channels.page.browser import Mark, open_already, show
from skill.channels.page.document import document
from skill.channels.page.door import USUAL, Door
from skill.channels.page.ear import PageEar
from skill.channels.page.server import Document, Server
from skill.channels.page.texts import Texts, load_texts
from skill.dialogue.beginning import Beginning
from skill.dialogue.emergency_number import emergency_number
from skill.dialogue.preferences import SettingsFile
from skill.dialogue.prompts import load_prompts
from skill.episodes.memory import Memory
from skill.equipment import Equipment
from skill.errors import CharleyError, SoundError, complain, tell, told_also
from skill.listening.ear import Ear
from skill.settings import Settings
from skill.speaking.player import NullPlayer, Player
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.voice import Earcon
from skill.system.clock import RealClock

if TYPE_CHECKING:
    from skill.listening.openness import OverOwnVoice
    from skill.listening.recogniser import Recogniser
    from skill.listening.source import Source

#: Seconds without a page after which nobody wants another conversation: more than a reload takes.
_LEAVING: Final = 5.0


def open_page(
    settings: Settings, listen: str | None, more: Sequence[Document], stack: ExitStack
) -> "PageSession | None":
    """Serve the page until `stack` is closed, and show it; None where it is open already, and shown once more.

    `more`: what else is to be read there. Raises UsageError where nothing can listen on `listen`.
    """
    texts = load_texts()
    door = _open_door(texts, listen)
    if door is None:
        return None
    board = Board(texts)
    number = emergency_number(settings, load_prompts()).digits
    emergency = load_prompts().utterance("levels.emergency.screen", number=number).text
    server = Server(board, door, document(texts, number, emergency, more), more)
    server.start()
    stack.callback(server.close)
    stack.callback(Mark(door).close)
    stack.enter_context(told_also(board.notice))
    shown = show(door.ticket())
    print(texts("invitation" if shown else "no_browser", address=door.url), flush=True)
    if door.address.reaches_others:
        tell(texts("for_whom"))
    return PageSession(settings, texts, board, stack)


def _open_door(texts: Texts, listen: str | None) -> Door | None:
    """The port asked for; without one the usual, or any that is free. None where Charley's own page has it."""
    wanted = parsed(listen) if listen is not None else USUAL
    try:
        return Door(wanted)
    except OSError as problem:
        if listen is not None:
            raise wanted.refused(problem) from None
    already = open_already()
    if already is not None:
        tell(texts("open_already"))
        if not show(already):
            tell(texts("no_browser", address=already))
        return None
    door = Door(replace(wanted, port=0))
    tell(texts("another_port", port=str(wanted.port), other=str(door.address.port)))
    return door


class PageSession:
    """A page that is open, and the conversations on it."""

    def __init__(self, settings: Settings, texts: Texts, board: Board, stack: ExitStack) -> None:
        """What is opened for it is closed with `stack`."""
        self._settings = settings
        self._texts = texts
        self._board = board
        self._stack = stack

    def equip(self, touch: bool, make_recogniser: "Callable[[], Recogniser]") -> None:
        """Find ear and voice: those of this machine, or, without `touch`, as much of them as there is."""
        player: Player | None = None
        source: Source | None = None
        over: OverOwnVoice | None = None
        if not touch:
            microphone, loudspeaker = equipment.sound_devices(self._stack)
            try:
                loudspeaker.require()
                player = loudspeaker
            except SoundError:
                self._board.notice(self._texts("no_sound"))
            try:
                microphone.require()
                source, over = equipment.without_echo(self._settings, microphone, loudspeaker)
            except SoundError:
                self._board.notice(self._texts("by_touch"))
        self._voice = (
            equipment.voice(self._settings, player, shown=self._board)
            if player
            else equipment.speaker(self._settings, SilentEngine(), NullPlayer(RealClock()), shown=self._board)
        )
        self._stack.callback(self._voice.close)
        self._ear = PageEar(self._board, self._beside(source, over, make_recogniser) if source else None)
        self._stack.callback(self._ear.close)

    def run(
        self,
        begin: Callable[[], tuple[Beginning, Memory]],
        hold: Callable[[Equipment, Beginning], int],
    ) -> int:
        """Hold one conversation after the other until every page is closed, and return the last one's exit status."""
        self._board.await_page()
        while True:
            self._board.begin()
            beginning, memory = begin()
            held = Equipment(
                self._ear,
                self._voice,
                RealClock(),
                self._board,
                memory,
                SettingsFile(complain),
                equipment.teller(self._settings),
                interruptible=True,
            )
            try:
                status = hold(held, beginning)
            except CharleyError as problem:  # nobody may sit at the terminal: the page says it
                complain(problem)
                status = problem.exit_status
            if not self._board.wanted_again(_LEAVING):
                return status

    def _beside(
        self, source: "Source", over: "OverOwnVoice | None", make_recogniser: "Callable[[], Recogniser]"
    ) -> Ear:
        """An ear that takes what is said, and the lines of the board."""
        from skill.listening.keyboard import VoiceAndKeysEar, YieldingSource
        from skill.listening.loading_ear import LoadingEar

        yielding = YieldingSource(source, self._board)

        def reassure() -> None:
            if not self._board.touched:  # who reads sees it
                self._voice.play(Earcon.WORKING).wait()

        def make_ear() -> Ear:
            from skill.listening.ears import SoundEar

            recogniser = make_recogniser()
            return SoundEar(yielding, recogniser, reassure, equipment.second_hearing(recogniser), over)

        return VoiceAndKeysEar(
            LoadingEar(make_ear, reassure), self._board, interruptible=bool(self._settings.interruptible)
        )
