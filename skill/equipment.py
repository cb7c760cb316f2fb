"""What a conversation is held with: sources, players, voices, captions and events, as the settings want them."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from skill.dialogue.events import EventSink, JsonLines, NoEvents
from skill.dialogue.preferences import Forgetful, Preferences
from skill.dialogue.prompts import Prompts
from skill.dialogue.reporting import NoReporter, Reporter
from skill.dialogue.telling import NoTeller, Teller
from skill.episodes.memory import Memory, NoMemory
from skill.episodes.store import EpisodeStore
from skill.errors import SoundError, SoundHangsError, complain, tell
from skill.listening.ear import Ear
from skill.settings import DISPATCHER, Settings
from skill.speaking.cache import ClipCache
from skill.speaking.captions import Captions, NoCaptions, captions_for
from skill.speaking.engines import open_engine
from skill.speaking.player import NullPlayer, Player
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.speaker import Speaker
from skill.speaking.voice import Delivery, Engine, Voice
from skill.system.clock import Clock
from skill.system.folders import cache_folder

if TYPE_CHECKING:
    from skill.listening.keyboard import Keyboard
    from skill.listening.microphone import Microphone
    from skill.listening.openness import OverOwnVoice
    from skill.listening.recogniser import Recogniser
    from skill.listening.second_pass import SecondHearing
    from skill.listening.source import Source
    from skill.speaking.loudspeaker import Loudspeaker


@dataclass(frozen=True, slots=True)
class Equipment:
    """All that one conversation is held with; each way in fills it."""

    ear: Ear
    voice: Voice
    clock: Clock
    events: EventSink
    memory: Memory = field(default_factory=NoMemory)
    """Without one the conversation is forgotten when it is over."""
    preferences: Preferences = field(default_factory=Forgetful)
    """Without them "slower" and its like hold only until the conversation is over."""
    teller: Teller = field(default_factory=NoTeller)
    """Without one nobody else is told of the advice."""
    reporter: Reporter = field(default_factory=NoReporter)
    """Without one nothing is written for a doctor."""
    interruptible: bool = False
    """The ear listens while the voice speaks."""
    keyboard: bool = False
    """The ear of a voice session takes typed lines, or the keys of a telephone, too."""
    prompts: Prompts | None = None
    """What is said; None for what is said on this machine."""


def sound_devices(stack: ExitStack) -> "tuple[Microphone, Loudspeaker]":
    """Both devices, on their way; closed with `stack`."""
    from skill.listening.microphone import Microphone
    from skill.speaking.loudspeaker import Loudspeaker

    microphone = Microphone()
    stack.callback(microphone.close)
    loudspeaker = Loudspeaker(complain)
    stack.callback(loudspeaker.close)
    return microphone, loudspeaker


def require(microphone: "Microphone", loudspeaker: "Loudspeaker", *, patient: bool) -> None:
    """Return when there is sound. Raises SoundError where one of the devices is missing.

    `patient`: a sound system that hangs is waited for while Charley goes on; otherwise it counts as missing.
    """
    hangs: SoundHangsError | None = None
    for device in (microphone, loudspeaker):
        try:
            device.require()
        except SoundHangsError as fault:
            if not patient:
                raise
            hangs = fault
    if hangs is not None:
        complain(hangs)


def interruptible(settings: Settings, keyboard: "Keyboard | None") -> bool:
    """Whether somebody may break in while Charley speaks; by a key alone where the voice drowns all else."""
    return bool(settings.interruptible) or (keyboard is not None and settings.engine == DISPATCHER)


def without_echo(
    settings: Settings, microphone: "Microphone", loudspeaker: "Loudspeaker"
) -> "tuple[Source, OverOwnVoice | None]":
    """The microphone; without what the loudspeaker plays, where Charley listens while it speaks.

    Beside it what says how much of that may be believed; None where all of it is.
    """
    from skill.listening.cancelled import EchoCancelled

    if not settings.interruptible:
        return microphone, None
    source = EchoCancelled(microphone, loudspeaker.played)
    return source, source if settings.interruptible == "auto" else None


def voice(settings: Settings, player: Player, *, events: bool = False, shown: Captions | None = None) -> Voice:
    """The voice of the settings; the safest one speaks where it fails. What it says is `shown`, as by `speaker`."""
    engine = open_engine(settings.engine, settings.voice, complain)
    if settings.engine != DISPATCHER:
        return speaker(settings, engine, player, events=events, shown=shown)
    from skill.speaking.dispatched_voice import DispatchedVoice
    from skill.speaking.ssip import Dispatcher

    stand_in = speaker(settings, engine, player, events=True)
    shown = shown or captions(settings, events=events)
    return DispatchedVoice(lambda: Dispatcher(settings.voice), stand_in, shown, complain)


def speaker(
    settings: Settings, engine: Engine, player: Player, *, events: bool = False, shown: Captions | None = None
) -> Speaker:
    """A voice with its cache, captions and delivery; what it says is `shown`, by default where Charley was started."""
    cache = None if isinstance(engine, SilentEngine) else ClipCache(cache_folder() / "clips")
    return Speaker(
        engine,
        player,
        shown or captions(settings, events=events),
        complain,
        cache=cache,
        delivery=Delivery(settings.pace, settings.volume),
        earcons=settings.earcons,
    )


def captions(settings: Settings, *, events: bool) -> Captions:
    """Events have the standard output to themselves."""
    return NoCaptions() if events else captions_for(sys.stdout, screen_reader=settings.screen_reader)


def recorded(source: "Source", player: Player, folder: Path) -> tuple["Source", Player]:
    """Keep every sound in `folder`, and say so. Raises UsageError when that is no folder to write in."""
    from skill.reporting.sound_diary import RecordedPlayer, RecordedSource, SoundDiary

    diary = SoundDiary(folder, complain)
    tell(f"Everything that is heard and said from now on is kept in {folder}; delete it when you like.")
    return RecordedSource(source, diary), RecordedPlayer(player, diary)


def teller(settings: Settings) -> Teller:
    """Who tells others of one conversation's advice, where the settings name somebody."""
    from skill.reporting.command import Command

    return Command(settings.on_verdict, complain) if settings.on_verdict else NoTeller()


def player(clock: Clock) -> Player:
    """The loudspeaker, or the time that sound would take where there is none."""
    from skill.speaking.loudspeaker import Loudspeaker

    loudspeaker = Loudspeaker(complain)
    try:
        loudspeaker.require()
    except SoundError:
        loudspeaker.close()
        return NullPlayer(clock)
    return loudspeaker


def reporter(settings: Settings, store: EpisodeStore, now: Callable[[], datetime]) -> Reporter:
    """What writes a report for a doctor, where the person's documents lie; none where nothing is to be remembered."""
    if not settings.remember:
        return NoReporter()
    from platformdirs import user_documents_path

    from skill.reporting.report.desk import ReportDesk

    return ReportDesk(store, user_documents_path(), now)


def sink(events: bool) -> EventSink:
    """Events as JSON Lines on the standard output, or none."""
    return JsonLines(sys.stdout, complain) if events else NoEvents()


def second_hearing(recogniser: "Recogniser", *, hurried: bool = True) -> "SecondHearing | None":
    """What hears sentences: Moonshine where it is installed, else the recogniser; None where neither can.

    `hurried`: whether somebody waits for it.
    """
    from skill.listening.moonshine import Moonshine, installed
    from skill.listening.second_pass import SecondHearing

    sentences = Moonshine() if installed() else recogniser.sentences()
    return SecondHearing(sentences, hurried=hurried) if sentences else None
