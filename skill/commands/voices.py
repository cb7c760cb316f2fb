"""The command `charley voices`: which voices can speak here, how they sound, and which one to keep."""

from contextlib import ExitStack, closing
from typing import Final

from skill.dialogue.preferences import SettingsFile
from skill.dialogue.prompts import load_prompts
from skill.errors import CharleyError, StorageError, UsageError, complain
from skill.settings import DISPATCHER
from skill.speaking.engines import VoiceInfo, make_engine
from skill.speaking.engines import voices as every_voice
from skill.speaking.voice import Delivery

_ENGINES_WITHOUT_SOUND: Final = frozenset({"silent"})
#: Seconds for a sample of speech-dispatcher.
_LONGEST: Final = 20.0


def list_voices(name: str, *, say: bool) -> int:
    """Print the voices with `name` in their id or name, and let each of them `say` a sample.

    Raises UsageError when there is none, SoundError when they are to speak and there is no loudspeaker.
    """
    from skill.commands.tables import print_table

    found = [voice for voice in every_voice() if name.lower() in f"{_address(voice)} {voice.name}".lower()]
    if not found:
        raise UsageError(f"No voice here is called {name!r}: see `charley voices`.")
    if say:
        _speak([voice for voice in found if voice.engine not in _ENGINES_WITHOUT_SOUND])
        return 0
    print_table(("--choose", "name", "language"), ((_address(voice), voice.name, voice.language) for voice in found))
    return 0


def choose_voice(address: str) -> int:
    """Speak with the voice `ENGINE/VOICE` from now on. Raises UsageError when it cannot speak here."""
    chosen = next((voice for voice in every_voice() if _address(voice) == address), None)
    if chosen is None:
        raise UsageError(f"There is no voice {address!r} here: name one of `charley voices`.")
    settings = SettingsFile(_fail)
    settings.keep("engine", chosen.engine)
    settings.keep("voice", chosen.id)
    print(load_prompts().utterance("dialogue.voice_chosen", name=chosen.name).text)
    return 0


def _speak(voices: list[VoiceInfo]) -> None:
    from skill.speaking.loudspeaker import Loudspeaker

    with ExitStack() as stack:
        loudspeaker = Loudspeaker(complain)
        stack.callback(loudspeaker.close)
        loudspeaker.require()
        for voice in voices:
            sample = load_prompts().utterance("dialogue.voice_sample", name=voice.name)
            print(_address(voice), flush=True)
            try:
                if voice.engine == DISPATCHER:
                    _dispatch(voice, sample.text)
                    continue
                engine = make_engine(voice.engine, voice.id)
                stack.callback(engine.close)
                loudspeaker.play([engine.render(sample.text, Delivery())]).wait()
            except CharleyError as fault:
                complain(fault)


def _dispatch(voice: VoiceInfo, text: str) -> None:
    from skill.speaking.ssip import Dispatcher

    with closing(Dispatcher(voice.id)) as dispatcher:
        dispatcher.ended(dispatcher.speak(text, Delivery()), _LONGEST)


def _address(voice: VoiceInfo) -> str:
    return f"{voice.engine}/{voice.id}"


def _fail(problem: CharleyError) -> None:
    raise StorageError(str(problem))
