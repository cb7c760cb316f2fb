"""Measures microphone, loudspeaker, voice and model on this machine, and says how to mend what fails."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from skill.dialogue.prompts import load_prompts
from skill.errors import CharleyError, SoundError, SpeechError
from skill.language.shipped import load_grammar
from skill.reporting.command import TOLD
from skill.settings import DISPATCHER, Settings
from skill.speaking.engines import open_engine
from skill.speaking.voice import Clip, Delivery

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Seconds for which the room is listened to, and the tone with it.
_LISTEN: Final = 1.0
_TONE: Final = 0.6
#: Hz: every small loudspeaker plays it.
_FREQUENCY: Final = 1_000.0
#: dB above the room at which the tone counts as heard.
_HEARD: Final = 10.0
#: Seconds for the welcome, in however slow a voice.
_SPEAKING: Final = 20.0
_FULL_SCALE: Final = 32_768
#: Seconds of silence after a sentence, so that its last word is heard to the end.
_TRAILING_SILENCE: Final = 1.0
#: Whose grammar the model is tried with.
_GRAMMAR: Final = "yes_no"


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the machine."""

    name: str
    passed: bool
    measured: str
    remedy: str = ""
    """What to do, in one sentence; empty when there is nothing to do."""


def run_selftest(settings: Settings, model: Path) -> tuple[Check, ...]:
    """Check one part after the other, in about five seconds; plays a tone. `model` is the folder of the Vosk model.

    Never raises: what is missing is a failed check.
    """
    checks = (
        _guarded("microphone", _check_microphone),
        _guarded("loudspeaker", _check_loudspeaker),
        _guarded("voice", lambda: _check_voice(settings)),
        _guarded("model", lambda: _check_model(model)),
    )
    return (*checks, Check("on_verdict", *_check_command(settings.on_verdict))) if settings.on_verdict else checks


def _guarded(name: str, check: Callable[[], tuple[bool, str, str]]) -> Check:
    try:
        return Check(name, *check())
    except CharleyError as failure:
        return Check(name, False, "does not work", str(failure))


def _check_microphone() -> tuple[bool, str, str]:
    import numpy as np

    samples, rate = _record(lambda: None)
    if not samples.any():
        return False, "nothing but zeros", "Unmute the microphone and raise its level in the system's sound settings."
    level = _decibels(float(np.sqrt(np.mean(samples.astype(float) ** 2))))
    return True, f"{rate} Hz, the room is at {level:.0f} dBFS", ""


def _check_loudspeaker() -> tuple[bool, str, str]:
    from skill.speaking.loudspeaker import Loudspeaker

    faults: list[SoundError] = []
    loudspeaker = Loudspeaker(faults.append)
    heard = "there is no microphone to hear it"
    try:
        tone = _tone(loudspeaker.rate)
        with suppress(SoundError):
            before, rate = _record(lambda: None)
            during, _ = _record(lambda: loudspeaker.play((tone,)))
            above = _tone_level(during, rate) - _tone_level(before, rate)
            heard = f"the microphone heard it, {above:.0f} dB above the room"
            if above < _HEARD:
                heard = "the microphone did not hear it: if you did not either, raise the volume"
        loudspeaker.play((tone,)).wait()
    finally:
        loudspeaker.close()
    if faults:
        raise faults[0]
    return True, f"played a tone at {loudspeaker.rate} Hz; {heard}", ""


def _check_dispatcher(voice: str) -> tuple[bool, str, str]:
    """It plays what it says itself, so it is heard rather than measured."""
    from skill.speaking.ssip import Dispatcher

    start = time.monotonic()
    with closing(Dispatcher(voice)) as dispatcher:
        ready = time.monotonic()
        message = dispatcher.speak(load_prompts().utterance("dialogue.welcome").text, Delivery())
        spoken = dispatcher.ended(message, _SPEAKING)
        seconds = time.monotonic() - ready
    measured = f"speech-dispatcher: ready in {ready - start:.2f} s, then spoke for {seconds:.1f} s"
    return spoken, measured, "" if spoken else "Type `spd-say hello`: it does not speak; or choose of `charley voices`."


def _check_voice(settings: Settings) -> tuple[bool, str, str]:
    if settings.engine == DISPATCHER:
        return _check_dispatcher(settings.voice)
    faults: list[CharleyError] = []
    text = load_prompts().utterance("dialogue.welcome").text
    start = time.monotonic()
    engine = open_engine(settings.engine, settings.voice, faults.append)
    try:
        first = engine.render(text, Delivery())
        ready = time.monotonic()
        engine.render(text, Delivery())
        seconds = time.monotonic() - ready
        identity = engine.identity
    finally:
        engine.close()
    measured = (
        f"{identity}: ready in {ready - start:.2f} s, then {seconds * 1000:.0f} ms for {first.seconds:.1f} s of speech"
    )
    if faults:
        return False, f"{measured}; it stands in for the voice in the settings", str(faults[0])
    if settings.engine != "silent" and not first.samples.any():
        return False, f"{measured}, all silent", "Choose another of `charley voices` in the settings."
    return True, measured, ""


def _check_model(model: Path) -> tuple[bool, str, str]:
    from skill.listening.recogniser import Recogniser

    grammar = load_grammar(_GRAMMAR)
    sentence = max(grammar.phrases, key=len)
    start = time.monotonic()
    recogniser = Recogniser(model, grammar.phrases)
    loaded = time.monotonic() - start
    clip = _spoken(sentence)
    start = time.monotonic()
    decoding = recogniser.open(grammar, clip.rate)
    decoding.feed(clip.samples)
    heard = " ".join(phrase.text for phrase in decoding.result())
    factor = (time.monotonic() - start) / clip.seconds
    measured = f"loaded in {loaded:.1f} s, heard {heard!r} in {factor:.2f} x real time"
    if heard != sentence:
        return False, measured, f"It should have heard {sentence!r}: install the model again, or name another."
    if factor > 1:
        return False, measured, "This machine is too slow for the model: end other programs, or name a smaller model."
    return True, measured, ""


def _check_command(command: tuple[str, ...]) -> tuple[bool, str, str]:
    """Found, not run: it would call somebody."""
    program = shutil.which(command[0])
    if program is None:
        return False, f"there is no program {command[0]!r}", "Name a program in on_verdict, with its whole path."
    return True, f"runs {program} at {' and '.join(sorted(TOLD))}", ""


def _record(meanwhile: Callable[[], object]) -> "tuple[NDArray[np.int16], int]":
    """What the microphone hears while something happens, shape (n,), and the rate in Hz. Raises SoundError."""
    import numpy as np

    from skill.listening.microphone import Microphone

    microphone = Microphone()
    try:
        microphone.require()
        blocks = [microphone.read(_LISTEN)]
        meanwhile()
        while sum(map(len, blocks)) < _LISTEN * microphone.rate:
            blocks.append(microphone.read(_LISTEN))
    finally:
        microphone.close()
    return np.concatenate(blocks), microphone.rate


def _tone(rate: int) -> Clip:
    import numpy as np

    time_axis = np.arange(round(_TONE * rate)) / rate
    return Clip((_FULL_SCALE / 4 * np.sin(2 * np.pi * _FREQUENCY * time_axis)).astype(np.int16), rate)


def _tone_level(samples: "NDArray[np.int16]", rate: int) -> float:
    """The loudest tenth of a second of the tone's frequency, in dBFS."""
    import numpy as np

    size = rate // 10
    windows = samples[: len(samples) // size * size].reshape(-1, size)
    wave = np.exp(-2j * np.pi * _FREQUENCY * np.arange(size) / rate)
    return _decibels(float(np.abs(windows @ wave).max()) * 2 / size)


def _decibels(amplitude: float) -> float:
    import numpy as np

    return float(20 * np.log10(max(amplitude, 1.0) / _FULL_SCALE))


def _spoken(sentence: str) -> Clip:
    """The sentence and silence, from the safest voice."""
    import numpy as np

    engine = open_engine("pyttsx3", "", lambda _: None)
    try:
        clip = engine.render(sentence, Delivery())
    except SpeechError as failure:
        raise SpeechError("The model cannot be tried without a voice: type `sudo apt install espeak-ng`.") from failure
    finally:
        engine.close()
    return Clip(np.concatenate([clip.samples, np.zeros(round(_TRAILING_SILENCE * clip.rate), np.int16)]), clip.rate)
