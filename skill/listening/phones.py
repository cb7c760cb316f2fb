"""The phone units that the acoustic model scores, and how Kaldi numbers them.

A unit is a phone seen after a class of left neighbours inside the same word ("left biphone"). The first phone of a
word has the boundary as its neighbour, so that a word sounds the same wherever it stands. Every unit has two pdfs:
one for its first frame, one for the frames after it (the chain topology of Kaldi, one emitting state a phone).
Training and the decoding graph both number units from here: change nothing without training a new model.
"""

from typing import Final

SILENCE: Final = "SIL"
NOISE: Final = "NSN"

#: ARPAbet without stress, as in the CMU Pronouncing Dictionary.
PHONES: Final[tuple[str, ...]] = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K",
    "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip

#: Left neighbours that colour the next phone alike, by where their articulation ends.
LEFT_CLASSES: Final[tuple[tuple[str, ...], ...]] = (
    ("IY", "IH", "EY", "AY", "OY", "Y"),
    ("EH", "AE"),
    ("AA", "AO", "AH"),
    ("UW", "UH", "OW", "AW", "W"),
    ("ER", "R"),
    ("L",),
    ("M", "N", "NG"),
    ("P", "B", "F", "V"),
    ("T", "D", "TH", "DH"),
    ("S", "Z"),
    ("SH", "ZH", "CH", "JH"),
    ("K", "G"),
    ("HH",),
)

#: The left class of a word's first phone.
BOUNDARY: Final = 0

_CLASS_OF: Final = {phone: n for n, members in enumerate(LEFT_CLASSES, start=1) for phone in members}
_CLASS_COUNT: Final = len(LEFT_CLASSES) + 1

#: Kaldi's phone numbers start at 1; 0 is epsilon.
PHONE_IDS: Final = {phone: n for n, phone in enumerate((SILENCE, NOISE, *PHONES), start=1)}

#: Silence, noise, then every phone after every class: (phone, left class). A unit's number is its index here.
UNITS: Final[tuple[tuple[str, int], ...]] = (
    (SILENCE, BOUNDARY),
    (NOISE, BOUNDARY),
    *((phone, left) for phone in PHONES for left in range(_CLASS_COUNT)),
)
_UNIT_OF: Final = {unit: n for n, unit in enumerate(UNITS)}

UNIT_COUNT: Final = len(UNITS)
PDF_COUNT: Final = 2 * UNIT_COUNT


def unit(phone: str, left: str | None = None) -> int:
    """The number of the unit for `phone` after the phone `left` of the same word; None means the word begins."""
    if phone in (SILENCE, NOISE):
        return _UNIT_OF[phone, BOUNDARY]
    return _UNIT_OF[phone, BOUNDARY if left is None else _CLASS_OF[left]]


def entry_pdf(number: int) -> int:
    """The pdf of a unit's first frame."""
    return 2 * number


def loop_pdf(number: int) -> int:
    """The pdf of every later frame of a unit."""
    return 2 * number + 1


def loop_transition(number: int) -> int:
    """Kaldi's transition id for staying in a unit."""
    return 2 * number + 1


def entry_transition(number: int) -> int:
    """Kaldi's transition id for entering a unit."""
    return 2 * number + 2
