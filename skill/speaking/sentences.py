"""Where a text may be cut, so that its first sentence sounds while the next is still being rendered."""

import re
from typing import Final

#: A mark that ends a sentence and then a blank. A dot after a lone letter or a title is no end.
_END: Final = re.compile(r"(?<=[.!?…])(?<!\b[A-Za-z]\.)(?<!\b(?:Dr|Mr|Ms|St)\.)(?<!\bMrs\.)\s+")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, without blanks around them; none when there is no word in it."""
    return tuple(part for part in _END.split(" ".join(text.split())) if any(map(str.isalnum, part)))
