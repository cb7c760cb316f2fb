"""A file of the user's own, written whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_private(file: Path, content: bytes) -> None:
    """Write `content`, readable by its owner only. What was there before stays when that fails. Raises OSError."""
    if file.exists() and not file.is_file():
        with file.open("wb") as stream:  # a pipe, or a terminal: there is nothing to replace
            stream.write(content)
        return
    target = file.resolve()  # of a link, what it leads to
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as stream:
        try:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            Path(stream.name).replace(target)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
