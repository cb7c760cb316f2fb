"""Whether to trust what was heard: accept it, ask "I heard …, is that right?", or treat it as not understood."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from skill.errors import InstallationError
from skill.language.grammar import Reading
from skill.language.normalise import UNKNOWN
from skill.listening.ear import Heard
from skill.system import resources
from skill.system.compiled import Compiled
from skill.triage.model import NO, Question

#: Words of the longest phrase that one hearing may settle: in longer speech it makes out phrases that nobody said.
_PLAIN: Final = 4


class Decision(StrEnum):
    """What to do with what was heard."""

    ACCEPT = "accept"
    CONFIRM = "confirm"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences, 0..1, that follow from what a mistake costs at that moment; the model's `thresholds.yaml`."""

    accept: float
    """From here on an answer is taken as heard: one mistake in so many is worth the questions that are saved."""
    confirm: float
    """From here on it is worth asking back."""
    confirm_incomplete: float
    """The same, where only a part of what was said is understood."""
    denial: float = 0.0
    """From here on a no to a sign of danger is taken as heard: no mistake is dearer. Below it, it is asked back."""
    grave: float = 0.6
    """From here on a yes to an emergency question is acted on at once."""
    wake: float = 0.7
    """From here on a wake phrase wakes; a model of the user's own may leave it out."""


#: For a model whose confidences are posteriors, which say nothing of how often they are right: as cautious as can be.
OF_POSTERIORS: Final = Thresholds(accept=0.97, confirm=0.3, confirm_incomplete=0.97, wake=0.3)


def load_thresholds(model: Path = resources.MODEL, channel: str = "") -> Thresholds:
    """The thresholds of the model folder `model`, else those for any model. Raises InstallationError.

    `channel`: how the sound comes, such as `telephone`, where a model has other thresholds for that.
    """
    own = model / (f"thresholds-{channel}.yaml" if channel else "thresholds.yaml")
    return Thresholds(**compiled_thresholds(own).load()) if own.is_file() else OF_POSTERIORS


def compiled_thresholds(path: Path = resources.MODEL / "thresholds.yaml") -> Compiled:
    """What is kept of a model's `thresholds.yaml`."""
    return Compiled("thresholds", lambda: (path, Path(__file__)), lambda: asdict(_read(path)))


def _read(path: Path) -> Thresholds:
    from skill.system.yaml_file import YAMLError, load_yaml

    try:
        return Thresholds(**load_yaml(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, YAMLError) as error:
        raise InstallationError(f"{path} is missing or wrong ({error}): install Charley again.") from error


def decide(heard: Heard, reading: Reading, thresholds: Thresholds, question: Question | None = None) -> Decision:
    """Judge what was heard, in answer to `question`, by how sure it is, and by whether all of it was understood.

    Words that contradict each other are rejected, because there is no one answer to ask back; and so is a word or two
    out of talk that was not understood otherwise.
    """
    by_topic = [sense.topic for sense in reading.senses]
    if not by_topic or len(by_topic) != len(set(by_topic)):
        return Decision.REJECT
    if heard.text.split().count(UNKNOWN) > len(by_topic):
        return Decision.REJECT
    sure = max(thresholds.accept, thresholds.denial) if _denies_danger(reading, question) else thresholds.accept
    if reading.complete and heard.confidence >= sure:
        return Decision.ACCEPT
    enough = thresholds.confirm if reading.complete else thresholds.confirm_incomplete
    return Decision.CONFIRM if heard.confidence >= enough else Decision.REJECT


def is_plain(heard: Heard, reading: Reading, thresholds: Thresholds, question: Question | None = None) -> bool:
    """Whether one hearing settles what was heard: a usual phrase of a few words, accepted outright."""
    return heard.word_count <= _PLAIN and decide(heard, reading, thresholds, question) is Decision.ACCEPT


def _denies_danger(reading: Reading, question: Question | None) -> bool:
    if question is None or question.red_flag is None:
        return False
    return any(sense.topic == question.grammar and sense.value == NO for sense in reading.senses)
