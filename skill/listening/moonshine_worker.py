"""The process in which Moonshine runs: `python -m skill.listening.moonshine_worker`.

It says `{}` when the model is loaded, and ends when it cannot be.

    {"rate": Hz, "bytes": n}, then n bytes of int16 sound    reply {"text": ...}
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

#: Seconds of sound that are heard at once. The memory grows with their square; measured on real conversations: 25 % of
#: the words wrong with up to 12 s at once, 26 % with up to 8 or 30.
_LONGEST: Final = 10.0
#: Seconds over which loudness is taken where longer sound is cut, and the share of the sound in whose middle it is.
_WINDOW: Final = 0.2
_MIDDLE: Final = 0.4
#: Without its own detector of speech, which cuts at every breath: then 31 % of the words are wrong instead of 26 %.
_OPTIONS: Final = {"vad_threshold": "0", "return_audio_data": "false"}


def pieces(sound: NDArray[np.float32], rate: int) -> list[NDArray[np.float32]]:
    """`sound` cut at the quietest places near the middle, until no piece is longer than Moonshine hears at once."""
    if len(sound) <= _LONGEST * rate:
        return [sound]
    window = max(1, round(_WINDOW * rate))
    power = np.convolve(np.square(sound), np.ones(window), "same")
    begin, end = (round(len(sound) * (1 + side * _MIDDLE) / 2) for side in (-1, 1))
    cut = begin + int(np.argmin(power[begin:end]))
    return pieces(sound[:cut], rate) + pieces(sound[cut:], rate)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Load the model and answer requests until they end."""
    transcriber = _load()
    _reply(replies)
    for line in requests:
        request = json.loads(line)
        sound = np.frombuffer(requests.read(request["bytes"]), np.int16).astype(np.float32)
        sound /= 32768
        heard = [
            line.text
            for piece in pieces(sound, request["rate"])
            for line in transcriber.transcribe_without_streaming(piece.tolist(), request["rate"]).lines
        ]
        _reply(replies, text=" ".join(heard))


def _load() -> Any:
    """Transcriber of the model in the wheel: nothing is ever looked for elsewhere."""
    from moonshine_voice.moonshine_api import ModelArch
    from moonshine_voice.transcriber import Transcriber

    package = find_spec("moonshine_voice")
    assert package is not None
    assert package.origin is not None
    return Transcriber(Path(package.origin).parent / "assets" / "tiny-en", ModelArch.TINY, options=_OPTIONS)


def _reply(replies: BinaryIO, **values: Any) -> None:
    replies.write(json.dumps(values).encode() + b"\n")
    replies.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
