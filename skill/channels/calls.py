"""What all telephone calls share, and the conversation of each: the model is loaded once, the rest is its own."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import LifoQueue
from typing import Final

import numpy as np

from skill import app, equipment
from skill.channels.audiosocket import RATE
from skill.channels.keypad import KeyedSource, Keypad, KeypadEar
from skill.channels.line import Line
from skill.channels.line_voice import LineVoice
from skill.dialogue.beginning import Beginning
from skill.dialogue.emergency_number import contacts
from skill.dialogue.events import EventSink, NoEvents
from skill.dialogue.prompts import load_prompts
from skill.errors import HearingError, InstallationError, complain, tell
from skill.listening.cancelled import EchoCancelled
from skill.listening.child_model import ChildModel
from skill.listening.ear import Turn
from skill.listening.ears import SoundEar
from skill.listening.gated import GatedModel
from skill.listening.moonshine import Moonshine, installed
from skill.listening.recogniser import Recogniser
from skill.listening.second_pass import SecondHearing
from skill.listening.sentence import Sentence, SentenceHearing
from skill.listening.sentence_model import sentence_model
from skill.listening.source import Samples
from skill.settings import Settings, model_folder
from skill.speaking.captions import NoCaptions
from skill.speaking.engines import open_engine
from skill.speaking.speaker import Speaker
from skill.speaking.voice import Clip, Delivery, Earcon
from skill.system.child import Peer
from skill.system.clock import RealClock
from skill.system.forks import Fork, ForkServer
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import interpreter

#: Seconds for the model to load: 0.4 s here, so this is room for a slow memory card.
_LOADING: Final = 60.0
#: Processes that hear sentences: one is busy for a tenth of the time that is spoken.
_SENTENCE_HEARINGS: Final = max(1, (os.cpu_count() or 1) // 2)


class Calls:
    """Holds conversations on lines, any number at once. Nothing of one is known to another, or kept."""

    def __init__(self, settings: Settings, model: Path | None = None) -> None:
        """Load what is shared. Raises InstallationError."""
        self._settings = settings
        self._model = model_folder(settings, model)
        self._forks: ForkServer | None = None
        self._prompts = load_prompts().instead("telephone")
        self._number = contacts(settings, self._prompts).number
        self._recogniser = app.make_recogniser(settings, model, load=self._load)
        self._recogniser.close()
        self._sentences = SharedHearing([Moonshine() for _ in range(_SENTENCE_HEARINGS)]) if installed() else None
        phrasebook = Phrasebook(load_protocol(), settings.emergency_number)
        self._reads = interpreter(phrasebook, load_thresholds(channel="telephone"), RealClock().today)
        engine = open_engine(settings.engine, settings.voice, complain)
        self._voice = LineVoice(engine, self._prompts.fixed())

    def warm_up(self) -> None:
        """Return when all that loads in the background has done so: no caller waits for it then."""
        if self._sentences is not None:
            self._sentences.warm_up()
        for _ in self.busy():
            pass

    def hold(self, line: Line, events: EventSink | None = None, on_turn: Callable[[Turn], None] | None = None) -> None:
        """One conversation, from the welcome to the end of the call. Whatever fails, the caller is told the number.

        `on_turn` hears what Charley listens for from now on, each time.
        """
        with ExitStack() as stack:
            voice = self._speaker(line)
            try:
                self._converse(line, voice, events or NoEvents(), on_turn, stack)
            except Exception as problem:  # the last line of defence, of which others may not even hear
                complain_of(problem)
                voice.say(self._prompts.utterance("telephone.failed", number=self._number).text).wait()

    def busy(self) -> Iterator[Clip]:
        """What a caller hears for whom no line is free."""
        text = self._prompts.utterance("telephone.busy", number=self._number).text
        return self._speaker(Line()).clips(text)

    def close(self) -> None:
        """Release what is shared; conversations under way lose it."""
        if self._forks is not None:
            self._forks.close()
        if self._sentences is not None:
            self._sentences.release()
        self._voice.release()

    def _converse(
        self,
        line: Line,
        voice: Speaker,
        events: EventSink,
        on_turn: Callable[[Turn], None] | None,
        stack: ExitStack,
    ) -> None:
        keypad = Keypad(line)
        recogniser = self._recogniser.another(GatedModel(ChildModel(self._recogniser.folder, self._fork)))
        source = KeyedSource(EchoCancelled(line, line), keypad)
        ear = SoundEar(source, recogniser, lambda: voice.play(Earcon.WORKING).wait(), self._second(recogniser))
        stack.callback(ear.close)
        held = equipment.Equipment(
            KeypadEar(ear, keypad, on_turn),
            voice,
            RealClock(),
            events,
            interruptible=True,
            keyboard=True,
            prompts=self._prompts,
        )
        opening = self._prompts.utterance("telephone.opening", number=self._number)
        beginning = Beginning(Interview(load_protocol()), opening=(opening,))
        conversation = app.build(self._settings, held, beginning, self._reads)
        conversation.run()
        if conversation.broken is not None:
            complain(conversation.broken)

    def _speaker(self, line: Line) -> Speaker:
        delivery = Delivery(self._settings.pace, self._settings.volume)
        return Speaker(self._voice, line, NoCaptions(), complain, delivery=delivery, earcons=self._settings.earcons)

    def _second(self, recogniser: Recogniser) -> SecondHearing | None:
        sentences = self._sentences or recogniser.sentences()
        return SecondHearing(sentences) if sentences else None

    def _load(self, folder: Path) -> ChildModel:
        """The model in a process that forks for each call."""
        more = None if installed() else sentence_model(self._model)
        folders = [] if more is None else [str(more)]
        self._forks = ForkServer("skill.listening.worker", str(folder.resolve()), "--fork", *folders)
        said = self._forks.loaded(_LOADING)
        if error := json.loads(said or b"{}").get("error"):
            raise InstallationError(error)
        return ChildModel(folder, self._fork)

    def _fork(self, _folder: Path) -> Peer:
        assert self._forks is not None
        return Fork(self._forks)


class SharedHearing:
    """SentenceHearings that calls take turns with."""

    def __init__(self, hearings: Sequence[SentenceHearing]) -> None:
        self._all = tuple(hearings)
        self._free: LifoQueue[SentenceHearing] = LifoQueue()
        for hearing in hearings:
            self._free.put(hearing)

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """What the next one that is free hears."""
        hearing = self._free.get()
        try:
            return hearing.hear(sound, rate, moment)
        finally:
            self._free.put(hearing)

    def warm_up(self) -> None:
        """Let each of them load, by hearing nothing."""
        for hearing in self._all:
            with suppress(HearingError):
                hearing.hear(np.zeros(RATE, np.int16), RATE, "")

    def close(self) -> None:
        """They belong to all calls."""

    def release(self) -> None:
        """Nobody needs them any more."""
        for hearing in self._all:
            hearing.close()


def complain_of(problem: Exception) -> None:
    """Tell whoever looks after the machine, without a word of what a caller said."""
    where = problem.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{Path(where.tb_frame.f_code.co_filename).name}, line {where.tb_lineno}" if where else "nowhere"
    tell(f"A call has failed ({type(problem).__name__} in {place}): run `charley check`.")
