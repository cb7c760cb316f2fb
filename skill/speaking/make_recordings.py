"""Records the first words and the emergency advice anew: `python -m skill.speaking.make_recordings`."""

import json
from typing import Any, Final

import soundfile

from skill.errors import CharleyError
from skill.speaking.engines import open_engine
from skill.speaking.recorded import FOLDER, INDEX, SLOT
from skill.speaking.sentences import sentences
from skill.speaking.shaping import trim
from skill.speaking.voice import Delivery
from skill.system import resources
from skill.system.yaml_file import load_yaml

#: The numbers of most countries that speak English, and 112 for the rest; read digit by digit.
NUMBERS: Final = ("000", "111", "112", "911", "999")
#: What is said for every other number.
ANY_NUMBER: Final = "your emergency number"


def texts() -> dict[str, tuple[str, str]]:
    """What is to be recorded: by file name, the text in the index and the text that is spoken."""
    welcome, advice = _prompts("dialogue")["welcome"], _prompts("levels")["emergency"]["say"]
    first_words = sentences(welcome)[0]
    wanted = {"welcome.flac": (first_words, first_words)}
    for position, sentence in enumerate(sentences(advice)):
        if SLOT in sentence:
            for number in NUMBERS:
                spoken = sentence.replace(SLOT, " ".join(number))
                wanted[f"emergency-{position}-{number}.flac"] = (spoken, spoken)
            wanted[f"emergency-{position}-any.flac"] = (sentence, sentence.replace(SLOT, ANY_NUMBER))
        else:
            wanted[f"emergency-{position}.flac"] = (sentence, sentence)
    return wanted


def main() -> None:
    """Write every recording and the index."""
    engine = open_engine("pyttsx3", "", _fail)
    for old in FOLDER.glob("*.flac"):
        old.unlink()
    for name, (_, spoken) in texts().items():
        clip = trim(engine.render(spoken, Delivery()))
        soundfile.write(FOLDER / name, clip.samples, clip.rate, compression_level=1.0)
    INDEX.write_text(json.dumps({name: text for name, (text, _) in texts().items()}, indent=2) + "\n", encoding="utf-8")
    engine.close()


def _prompts(topic: str) -> Any:
    return load_yaml((resources.PROMPTS / f"{topic}.yaml").read_text(encoding="utf-8"))


def _fail(fault: CharleyError) -> None:
    raise fault


if __name__ == "__main__":
    main()
