"""The process in which Vosk runs, so that a recogniser that aborts or hangs takes nothing with it.

Started as `python -m skill.listening.worker FOLDER`, it says `{}` when the model is loaded, or `{"error": sentence}`
when it cannot be. Vosk may end it without a word. With `--fork` after the folder its standard input is the socket of a
`ForkServer`: a process for each that asks, all of which share the one loaded model. A folder after that holds the model
of sentences, to be shared as well.

    {"do": "missing", "words": [...]}                            reply {"missing": [...]}
    {"do": "decoder", "rate": Hz, "weights": {...} or null}      reply {}
    {"do": "accept", "bytes": n}, then n bytes of int16 sound    reply {"endpoint": ..., "partial": ...}
    {"do": "final"}                                              reply {"alternatives": [...]}
    {"do": "alternatives", "rate": Hz, "weights": {...}, "bytes": n}, then n bytes of int16 sound
                                                                 reply {"alternatives": [...]}
    {"do": "sentence", "model": FOLDER, "rate": Hz, "bytes": n}, then n bytes of int16 sound
                                                                 reply {"words": [[word, confidence], ...]}
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

from skill.errors import InstallationError
from skill.listening.vosk_model import Decoder, VoskModel
from skill.system.forks import serve_forks

#: Hz of no sound at all, with which a model is loaded.
_ANY_RATE: Final = 16_000


def serve(model: VoskModel, requests: BinaryIO, replies: BinaryIO) -> None:
    """Say that the model is loaded, and answer requests until they end."""
    _reply(replies)
    decoder: Decoder | None = None
    for line in requests:
        request = json.loads(line)
        match request["do"]:
            case "missing":
                _reply(replies, missing=sorted(model.missing(request["words"])))
            case "decoder":
                decoder = model.decoder(request["rate"], request["weights"])
                _reply(replies)
            case "accept" if decoder:
                endpoint = decoder.accept(requests.read(request["bytes"]))
                _reply(replies, endpoint=endpoint, partial=decoder.partial())
            case "final" if decoder:
                _reply(replies, alternatives=decoder.final())
            case "alternatives":
                sound = requests.read(request["bytes"])
                _reply(replies, alternatives=model.alternatives(request["rate"], request["weights"], sound))
            case "sentence":
                sound = requests.read(request["bytes"])
                _reply(replies, words=model.sentence(Path(request["model"]), request["rate"], sound))


def _reply(replies: BinaryIO, **values: Any) -> None:
    replies.write(json.dumps(values).encode() + b"\n")
    replies.flush()


def main(folder: str, *options: str) -> None:
    """Load the model and serve: the standard input, or whoever asks for a fork."""
    try:
        model = VoskModel(Path(folder))
    except InstallationError as broken:
        _reply(sys.stdout.buffer, error=str(broken))
        return
    match options:
        case ("--fork", *sentences):
            for other in sentences:
                model.sentence(Path(other), _ANY_RATE, b"")
            _reply(sys.stdout.buffer)
            serve_forks(lambda requests, replies: serve(model, requests, replies))
        case _:
            serve(model, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
