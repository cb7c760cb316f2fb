"""The process in which Vosk runs, so that a recogniser that aborts or hangs takes nothing with it.

Started as `python -m skill.listening.worker FOLDER`, it says `{}` when the model is loaded, or `{"error": sentence}`
when it cannot be. Vosk may end it without a word.

    {"do": "missing", "words": [...]}                            reply {"missing": [...]}
    {"do": "decoder", "rate": Hz, "weights": {...} or null}      reply {}
    {"do": "accept", "bytes": n}, then n bytes of int16 sound    reply {"endpoint": ..., "partial": ...}
    {"do": "final"}                                              reply {"alternatives": [...]}
    {"do": "sentence", "model": FOLDER, "rate": Hz, "bytes": n}, then n bytes of int16 sound
                                                                 reply {"words": [[word, confidence], ...]}
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from skill.errors import InstallationError
from skill.listening.vosk_model import Decoder, VoskModel


def serve(folder: Path, requests: BinaryIO, replies: BinaryIO) -> None:
    """Load the model and answer requests until they end."""
    try:
        model = VoskModel(folder)
    except InstallationError as broken:
        _reply(replies, error=str(broken))
        return
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
            case "sentence":
                sound = requests.read(request["bytes"])
                _reply(replies, words=model.sentence(Path(request["model"]), request["rate"], sound))


def _reply(replies: BinaryIO, **values: Any) -> None:
    replies.write(json.dumps(values).encode() + b"\n")
    replies.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
