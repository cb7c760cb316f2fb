"""The composition root: settings in, a ready conversation out. Nothing else builds one."""

import sys
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from skill import equipment
from skill.dialogue.asking import Asker
from skill.dialogue.beginning import Beginning, afresh, follow_up
from skill.dialogue.coaching import Coacher
from skill.dialogue.emergency_number import contacts
from skill.dialogue.events import Ended, EndReason
from skill.dialogue.loop import Conversation
from skill.dialogue.manner import Manner
from skill.dialogue.narrator import Narrator
from skill.dialogue.preferences import Forgetful, SettingsFile
from skill.dialogue.prompts import load_prompts
from skill.dialogue.reporting import NoReporter
from skill.dialogue.telling import NoTeller
from skill.episodes.episode import Episode
from skill.episodes.memory import EpisodeMemory
from skill.episodes.remembrance import KEPT_FOR
from skill.episodes.store import EpisodeStore
from skill.equipment import Equipment
from skill.errors import CharleyError, InstallationError, StorageError, complain
from skill.language.grammar import Grammar
from skill.listening.ear import SILENCE, Ear, Heard, Turn
from skill.settings import Detail, Settings, model_folder, usable_settings
from skill.speaking.player import NullPlayer, Player
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.voice import Earcon
from skill.system import resources
from skill.system.clock import Clock, RealClock, SimulatedClock
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import Ask
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import Interpreter, interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from skill.channels.page.server import Document
    from skill.channels.text_session import TextSession
    from skill.listening.keyboard import Keyboard
    from skill.listening.recogniser import Recogniser
    from skill.listening.source import Source
    from skill.listening.vosk_model import Model

#: Protocols are read once: the conversation and the ear's vocabulary, made in another thread, need the same ones.
_protocol = cache(load_protocol)

#: Seconds for a simulated patient's sentence: on a busy machine a demo may wait, a person in pain may not.
PATIENT_VOICE_PATIENCE: Final = 30.0


def converse(*, followup: bool, events: bool, model: Path | None, record: Path | None = None) -> int:
    """The voice session, of a cramp or a `followup`. Raises SoundError where microphone or loudspeaker is missing.

    `record`: a folder in which what is heard and said is kept; without it no sound reaches the disk.
    """
    from skill.listening.keyboard import VoiceAndKeysEar, YieldingSource
    from skill.listening.loading_ear import LoadingEar

    settings, clock, store = _settings(model), RealClock(), EpisodeStore()
    with ExitStack() as stack:
        stack.callback(store.close)
        keyboard = _keyboard()
        microphone, loudspeaker = equipment.sound_devices(stack)
        source: Source
        source, over = equipment.without_echo(settings, microphone, loudspeaker)
        player: Player = loudspeaker
        if record is not None:
            source, player = equipment.recorded(source, player, record)
        if keyboard is not None:
            source = YieldingSource(source, keyboard)
        voice = equipment.voice(settings, player, events=events)
        stack.callback(voice.close)

        def reassure() -> None:
            voice.play(Earcon.WORKING).wait()

        def make_ear() -> Ear:
            from skill.listening.child_model import ChildModel
            from skill.listening.ears import SoundEar

            recogniser = make_recogniser(settings, model, load=ChildModel)
            return SoundEar(source, recogniser, reassure, equipment.second_hearing(recogniser), over)

        ear: Ear = LoadingEar(make_ear, reassure)
        if keyboard is not None:
            ear = VoiceAndKeysEar(ear, keyboard, interruptible=bool(settings.interruptible))
        stack.callback(ear.close)
        beginning, memory = _begin(store, followup=followup, remember=settings.remember)
        equipment.require(microphone, loudspeaker, patient=keyboard is not None)
        held = Equipment(
            ear,
            voice,
            clock,
            equipment.sink(events),
            memory,
            SettingsFile(complain),
            equipment.teller(settings),
            equipment.reporter(settings, store, _now),
            interruptible=equipment.interruptible(settings, keyboard),
            keyboard=keyboard is not None,
        )
        return _hold(settings, held, beginning)


def wait(*, events: bool, model: Path | None) -> int:
    """Sleep until woken, hold a conversation, sleep again; ends by a signal only. Raises SoundError as `converse`."""
    from skill.dialogue.waiting import Waiting
    from skill.listening.child_model import ChildModel
    from skill.listening.ears import SoundEar
    from skill.listening.keyboard import VoiceAndKeysEar, YieldingSource
    from skill.listening.wake import WakeWord, Woken, wake_grammar
    from skill.system.notify import ServiceManager, WatchedSource

    settings, clock, sink = _settings(model), RealClock(), equipment.sink(events)
    wishes = SettingsFile(complain)
    store, manager = EpisodeStore(), ServiceManager()
    with ExitStack() as stack:
        stack.callback(store.close)
        microphone, loudspeaker = equipment.sound_devices(stack)
        heard, over = equipment.without_echo(settings, microphone, loudspeaker)
        source: Source = WatchedSource(heard, manager)
        keyboard = _keyboard()
        if keyboard is not None:
            source = YieldingSource(source, keyboard)
        voice = equipment.voice(settings, loudspeaker, events=events)
        stack.callback(voice.close)
        equipment.require(microphone, loudspeaker, patient=True)
        recogniser = make_recogniser(settings, model, frozenset(wake_grammar().phrases), load=ChildModel)
        ear: Ear = SoundEar(
            source, recogniser, lambda: voice.play(Earcon.WORKING).wait(), equipment.second_hearing(recogniser), over
        )
        if keyboard is not None:
            ear = VoiceAndKeysEar(ear, keyboard, interruptible=bool(settings.interruptible))
        stack.callback(ear.close)
        stack.callback(manager.stopping)
        first = _first_grammar(settings)
        wake_word = WakeWord(source, recogniser, load_thresholds(model_folder(settings, model)).wake, first)

        def hold(woken: Woken | Heard) -> None:
            voice.play(Earcon.UNDERSTOOD)  # heard meanwhile: who pauses after the name goes on
            said = wake_word.request(woken) if isinstance(woken, Woken) else _answer(woken, first)
            doubtful = isinstance(woken, Woken) and not woken.called and said is SILENCE
            beginning, memory = _begin(store, followup=False, remember=settings.remember, resumable=said is SILENCE)
            awake = (load_prompts().utterance("dialogue.awake"), *beginning.opening)
            beginning = replace(beginning, opening=awake, said=said, doubtful=doubtful and beginning.cut_off is None)
            held = Equipment(
                ear,
                voice,
                clock,
                sink,
                memory,
                wishes,
                equipment.teller(settings),
                equipment.reporter(settings, store, _now),
                interruptible=equipment.interruptible(settings, keyboard),
                keyboard=keyboard is not None,
            )
            _hold(settings, held, beginning)

        manager.ready()
        Waiting(wake_word, hold, keyboard, sink, clock).run()
    return 0


def typed(*, followup: bool, events: bool) -> int:
    """The same by typing. Where no person sits at the keyboard, holds take no time and nothing is kept."""
    from skill.listening.typed_ear import KeyboardEar

    settings, person = usable_settings(), sys.stdin.isatty()
    clock = RealClock() if person else SimulatedClock()
    voice = equipment.speaker(settings, SilentEngine(), NullPlayer(SimulatedClock()), events=events)
    ear = KeyboardEar(sys.stdin, clock)
    with closing(EpisodeStore()) as store:
        beginning, memory = _begin(store, followup=followup, remember=person and settings.remember)
        preferences = SettingsFile(complain) if person else Forgetful()
        teller = equipment.teller(settings) if person else NoTeller()
        reporter = equipment.reporter(settings, store, _now) if person else NoReporter()
        held = Equipment(ear, voice, clock, equipment.sink(events), memory, preferences, teller, reporter)
        return _hold(settings, held, beginning)


def page(*, listen: str | None, touch: bool, more: "Sequence[Document]") -> int:
    """The conversation on a page in the browser, one after the other until every page is closed.

    `listen`: HOST:PORT, see `skill.channels.address`; `touch`: without any sound; `more`: what else is to
    be read there. Raises UsageError.
    """
    from skill.channels.page.session import open_page
    from skill.listening.child_model import ChildModel

    settings, store = usable_settings(), EpisodeStore()
    with ExitStack() as stack:
        stack.callback(store.close)
        session = open_page(settings, listen, more, stack)
        if session is None:
            return 0
        session.equip(touch, lambda: make_recogniser(settings, None, load=ChildModel))
        return session.run(
            lambda: _begin(store, followup=False, remember=settings.remember),
            lambda held, beginning: _hold(settings, held, beginning),
        )


def demo(name: str | None, *, realtime: bool, events: bool, model: Path | None) -> int:
    """A simulated patient; with `realtime` at the pace of life, on the loudspeaker if there is one."""
    from skill.demo.patient import DEFAULT_PATIENT, load_patient
    from skill.demo.patient_ear import PatientEar
    from skill.listening.vosk_model import VoskModel
    from skill.speaking.pyttsx3_engine import Pyttsx3Engine

    patient = load_patient(name or DEFAULT_PATIENT)
    settings = _settings(model)
    clock: Clock = RealClock() if realtime else SimulatedClock()
    player = equipment.player(clock) if realtime else NullPlayer(clock)
    with ExitStack() as stack:
        spoken = settings if realtime else replace(settings, engine="silent")
        voice = equipment.voice(spoken, player, events=events)
        stack.callback(voice.close)
        patient_voice = Pyttsx3Engine(patient.voice.name, patience=PATIENT_VOICE_PATIENCE)
        stack.callback(patient_voice.close)
        captions = equipment.captions(settings, events=events)
        captions.show(patient.story)
        recogniser = make_recogniser(settings, model, load=VoskModel)
        second = equipment.second_hearing(recogniser, hurried=False)
        if second is not None:
            stack.callback(second.close)
        ear = PatientEar(patient, recogniser, patient_voice, player, clock, captions, second)
        remembered = patient.remembered
        beginning = _followed_up((remembered.episode(_now()),)) if remembered else Beginning(Interview(_protocol()))
        return _hold(settings, Equipment(ear, voice, clock, equipment.sink(events)), beginning)


def text_sessions(
    settings: Settings, *, typed: bool = False, clock: Clock | None = None
) -> "Callable[[str], TextSession]":
    """Opens conversations in turns of text, any number at once: they share what is loaded, and keep nothing.

    What opens one is given the line that called for it, or "". `typed`: whether people type the lines themselves;
    otherwise a recogniser made them out, and nobody tells how surely. `clock`: the machine's, unless told otherwise.
    """
    from skill.channels.desk import Desk, recognised
    from skill.channels.text_session import TextSession, begun_by
    from skill.listening.ear import typed as as_typed

    protocol, prompts, clock = _protocol(), load_prompts(), clock or RealClock()
    hears = as_typed if typed else recognised
    phrasebook = Phrasebook(protocol, settings.emergency_number)
    reads = interpreter(phrasebook, load_thresholds(), clock.today, confidence_known=typed)
    apology = prompts.utterance("channels.failed", number=contacts(settings, prompts).number)

    def open_session(line: str) -> TextSession:
        desk = Desk(prompts)
        beginning = begun_by(hears(line), reads, Interview(protocol))
        held = Equipment(ear=desk, voice=desk, clock=clock, events=desk, teller=equipment.teller(settings))
        conversation = build(settings, held, beginning, reads)
        drowned = beginning.said is not SILENCE  # Charley's own words of welcome, by what is heeded at once
        greeting = prompts.utterance("dialogue.welcome") if drowned else None
        return TextSession(desk, conversation, hears, apology=apology, greeting=greeting)

    return open_session


def build(
    settings: Settings, held: Equipment, beginning: Beginning | None = None, reads: Interpreter | None = None
) -> Conversation:
    """A conversation that is ready to run; without a `beginning` it begins afresh.

    `reads`: an interpreter for the beginning's protocol that conversations share; without one it gets its own.
    """
    beginning = beginning or Beginning(Interview(_protocol()))
    ear, voice, prompts = held.ear, held.voice, held.prompts or load_prompts()
    if reads is None:
        phrasebook = Phrasebook(beginning.interview.protocol, settings.emergency_number)
        reads = interpreter(phrasebook, load_thresholds(model_folder(settings, None)), held.clock.today)
    interrupting = Turn("interruption", reads.phrasebook.interrupting(), 0.0) if held.interruptible else None
    manner = Manner(voice, held.preferences, Detail(settings.detail))
    narrator = Narrator(prompts, voice, ear, held.events, interrupting, manner)
    asker = Asker(narrator, ear, reads, held.memory, held.reporter, keyboard=held.keyboard)
    coacher = Coacher(narrator, asker, held.clock)
    voice.prepare(prompts.fixed())
    whom = contacts(settings, prompts)
    return Conversation(beginning, narrator, asker, coacher, held.clock, held.memory, whom, held.teller)


def _hold(settings: Settings, held: Equipment, beginning: Beginning) -> int:
    """Hold one conversation and return the exit status; an error is the last event before it is raised."""
    try:
        conversation = build(settings, held, beginning)
        conversation.run()
    except CharleyError:
        held.events.emit(Ended(EndReason.ERROR))
        raise
    if conversation.broken is not None:
        raise conversation.broken
    return 0


def _begin(
    store: EpisodeStore, *, followup: bool, remember: bool, resumable: bool = True
) -> tuple[Beginning, EpisodeMemory]:
    """A fresh interview, or one about the last episode, and what keeps it.

    `remember`: this conversation is kept, and earlier ones count. `resumable`: one cut off may be gone on with.
    A damaged memory is told of once, counts as empty, and is used no more.
    """
    remembered: tuple[Episode, ...] = ()
    try:
        if followup:
            remembered = store.all()
        elif remember:
            remembered = store.all(since=_now() - KEPT_FOR)
    except StorageError as damaged:
        complain(damaged)
        remember = False
    beginning = _followed_up(remembered) if followup else afresh(remembered, _now(), _protocol())
    if not resumable:
        beginning = replace(beginning, cut_off=None)
    return beginning, EpisodeMemory(store, _now, complain, keeping=remember and beginning.keeping, remembering=remember)


def _followed_up(remembered: tuple[Episode, ...]) -> Beginning:
    return follow_up(remembered, _now(), _protocol(), _protocol(resources.FOLLOWUP), load_prompts())


def _settings(model: Path | None) -> Settings:
    """The settings; `model` stands for theirs where one is given."""
    settings = usable_settings()
    return replace(settings, model=str(model)) if model else settings


def _now() -> datetime:
    """The time of day with the person's time zone."""
    return datetime.now(UTC).astimezone()


def _keyboard() -> "Keyboard | None":
    """The terminal that somebody sits at; None where there is none."""
    from skill.listening.keyboard import Keyboard

    return Keyboard(sys.stdin.fileno()) if sys.stdin.isatty() else None


def _first_grammar(settings: Settings) -> Grammar:
    """What may be said at the first question of an interview."""
    protocol = _protocol()
    first = Interview(protocol).next()
    assert isinstance(first, Ask)
    return Phrasebook(protocol, settings.emergency_number).at(first.question)


def _answer(typed: Heard, grammar: Grammar) -> Heard:
    """A typed line that wakes Charley; SILENCE where nothing of it is an answer."""
    return typed if grammar.read(typed.text).senses else SILENCE


def make_recogniser(
    settings: Settings,
    model: Path | None,
    more: frozenset[str] = frozenset(),
    *,
    load: "Callable[[Path], Model]",
) -> "Recogniser":
    """A recogniser for all that may be said in a conversation, and for `more` phrases; `load` says in which process."""
    from skill.listening.recogniser import Recogniser

    protocols = (_protocol(), _protocol(resources.FOLLOWUP))
    number = settings.emergency_number
    phrases = more.union(*(Phrasebook(protocol, number).everything() for protocol in protocols))
    recogniser = Recogniser(model_folder(settings, model), phrases, load=load)
    if recogniser.unknown:
        complain(InstallationError(f"This model cannot hear: {', '.join(recogniser.unknown)}."))
    return recogniser
