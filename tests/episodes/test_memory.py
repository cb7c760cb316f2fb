"""The memory of one conversation: it writes what changes, forgets on request, and fails quietly but once aloud."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.episodes.episode import Effect, Episode, Tried
from skill.episodes.memory import EpisodeMemory
from skill.episodes.store import EpisodeStore
from skill.errors import CharleyError
from skill.triage.model import Answer, Level, Reason, Remedy, Verdict

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NO, CALF = Answer("emergency", "no"), Answer("place", "calf")
#: Nobody, not even root, can make a file there.
UNWRITABLE = Path("/proc/charley/episodes.sqlite")


def verdict(level: Level) -> Verdict:
    return Verdict(level, (Reason("recurs", level, ("guide",)),), (Remedy("warmth", (), ("guide",)),))


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes.sqlite")


@pytest.fixture(name="faults")
def _faults() -> list[CharleyError]:
    return []


@pytest.fixture(name="memory")
def _memory(store: EpisodeStore, faults: list[CharleyError]) -> EpisodeMemory:
    return EpisodeMemory(store, lambda: NOW, faults.append)


def test_an_episode_begins_with_the_first_answer(memory: EpisodeMemory, store: EpisodeStore) -> None:
    memory.keep(())
    memory.conclude(None)
    assert store.all() == ()
    memory.keep((NO,))
    assert [episode.began for episode in store.all()] == [NOW]


def test_the_newest_answers_stand_and_the_advice_ends_the_episode(memory: EpisodeMemory, store: EpisodeStore) -> None:
    memory.keep((NO,))
    memory.keep((NO, CALF))
    memory.conclude(verdict(Level.SELF_CARE))
    (episode,) = store.all()
    assert (episode.answers, episode.level, episode.ended) == ((NO, CALF), Level.SELF_CARE, True)


def test_advice_that_was_taken_back_opens_the_episode_again(memory: EpisodeMemory, store: EpisodeStore) -> None:
    memory.keep((NO, CALF))
    memory.conclude(verdict(Level.EMERGENCY))
    memory.keep((NO,))
    (episode,) = store.all()
    assert (episode.answers, episode.level, episode.ended) == ((NO,), None, False)


def test_what_was_tried_and_what_the_advice_was_made_of_are_kept(memory: EpisodeMemory, store: EpisodeStore) -> None:
    stretch = Tried("calf_stretch", Effect.EASED, 40)
    memory.keep((NO, CALF), (Tried("calf_stretch", None, None),))
    memory.keep((NO, CALF), (stretch,))
    memory.conclude(verdict(Level.SOON))
    (episode,) = store.all()
    assert (episode.tried, episode.reasons, episode.remedies) == ((stretch,), ("recurs",), ("warmth",))
    assert episode.eased_by == stretch


def test_what_was_tried_before_the_conversation_was_cut_off_is_still_there(
    memory: EpisodeMemory, store: EpisodeStore
) -> None:
    stretch, massage = Tried("calf_stretch", Effect.NOT_EASED, 60), Tried("massage", Effect.EASED, 30)
    cut_off = Episode(store.begin(NOW), NOW, (NO, CALF), None, ended=False, tried=(stretch,))
    memory.resume(cut_off)
    memory.keep((CALF,), (massage,))
    assert [episode.tried for episode in store.all()] == [(stretch, massage)]


def test_after_forgetting_nothing_more_is_kept(memory: EpisodeMemory, store: EpisodeStore) -> None:
    memory.keep((NO,))
    assert memory.forget()
    memory.keep((NO, CALF))
    memory.conclude(verdict(Level.SOON))
    assert store.all() == ()


def test_a_memory_that_keeps_nothing_can_still_forget(store: EpisodeStore, faults: list[CharleyError]) -> None:
    store.begin(NOW)
    memory = EpisodeMemory(store, lambda: NOW, faults.append, keeping=False)
    memory.keep((NO,))
    memory.conclude(verdict(Level.SOON))
    assert len(store.all()) == 1
    assert memory.forget()
    assert store.all() == ()


def test_an_unwritable_place_is_said_once_and_the_conversation_goes_on(faults: list[CharleyError]) -> None:
    memory = EpisodeMemory(EpisodeStore(UNWRITABLE), lambda: NOW, faults.append)
    memory.keep((NO,))
    memory.keep((NO, CALF))
    memory.conclude(verdict(Level.SOON))
    assert len(faults) == 1
    assert str(UNWRITABLE) in str(faults[0])


def test_a_damaged_file_is_said_once(tmp_path: Path, faults: list[CharleyError]) -> None:
    file = tmp_path / "damaged.sqlite"
    file.write_bytes(b"no database at all " * 99)
    memory = EpisodeMemory(EpisodeStore(file), lambda: NOW, faults.append)
    memory.keep((NO,))
    memory.keep((NO, CALF))
    assert len(faults) == 1


def test_a_full_disk_is_said_once_and_the_conversation_goes_on(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from skill.episodes.memory import EpisodeMemory; from skill.episodes.store import EpisodeStore\n"
        "from skill.triage.model import Answer\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "memory = EpisodeMemory(EpisodeStore(Path(sys.argv[1])), lambda: datetime.now(UTC), print)\n"
        "memory.keep((Answer('place', 'calf'),)); memory.keep((Answer('place', 'foot'),)); print('on it goes')"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "episodes.sqlite")]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    fault, goes_on = finished.stdout.splitlines()
    assert "free or mend the disk" in fault
    assert goes_on == "on it goes"
