import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skill.errors import HearingError
from skill.language.grammar import Grammar
from skill.language.shipped import load_grammar
from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Turn
from skill.listening.ears import RecordingEar, SoundEar
from skill.listening.openness import Openness
from skill.listening.recogniser import Recogniser
from skill.listening.recording import Recording, load_recording
from skill.listening.second_pass import SecondHearing
from skill.listening.sentence import ScriptedSentences, Sentence
from skill.listening.source import Samples
from skill.listening.typed_ear import KeyboardEar
from skill.system.clock import SimulatedClock
from tests.conftest import Say

RATE = 16000
YES_NO = Turn("breathing", load_grammar("yes_no"), patience=3.0)


def room(*sounds: Path | float) -> Recording:
    """Recordings in a row; a number is that many seconds of a quiet room."""
    noise = np.random.default_rng(1)
    parts = []
    for sound in sounds:
        if isinstance(sound, Path):
            recording = load_recording(sound)
            parts.append(recording.samples)
            rate = recording.rate
        else:
            parts.append((3 * noise.standard_normal(round(sound * 22050))).astype(np.int16))
            rate = 22050
    return Recording(np.concatenate(parts), rate)


def taken(recording: Recording) -> float:
    """Seconds that were left unread."""
    left = 0.0
    while (block := recording.read(0.1)) is not None:
        left += len(block) / recording.rate
    return left


def early(text: str) -> bool:
    return YES_NO.grammar.read(text).sole is not None


def test_an_answer_ends_with_a_pause(recogniser: Recogniser, say: Say) -> None:
    heard = SoundEar(room(0.5, say("yes"), 3.0), recogniser).listen(YES_NO)
    assert heard.ending is Ending.SPEECH
    assert heard.text == "yes"
    assert heard.confidence > 0.5


def test_nobody_speaking_is_silence_after_the_patience_of_the_turn(recogniser: Recogniser) -> None:
    recording = room(10.0)
    assert SoundEar(recording, recogniser).listen(YES_NO) == SILENCE
    assert taken(recording) == pytest.approx(10.0 - YES_NO.patience, abs=0.2)


class Stopwatch(Recording):
    """A recording that knows how much of it was read."""

    seconds = 0.0

    def read(self, seconds: float) -> Samples | None:
        block = super().read(seconds)
        self.seconds += 0 if block is None else len(block) / self.rate
        return block


def test_while_nobody_speaks_a_sign_comes_before_four_seconds_have_passed(recogniser: Recogniser) -> None:
    source = Stopwatch(np.zeros(10 * RATE, np.int16), RATE)
    signs: list[float] = []
    ear = SoundEar(source, recogniser, lambda: signs.append(source.seconds))
    assert ear.listen(Turn("x", YES_NO.grammar, patience=7.0)) == SILENCE
    assert signs == pytest.approx([2.5, 5.0], abs=0.2)


def test_no_sign_talks_over_a_person(recogniser: Recogniser, say: Say) -> None:
    signs: list[None] = []
    ear = SoundEar(room(2.5, say("no I do not think so"), 3.0), recogniser, lambda: signs.append(None))
    assert ear.listen(Turn("x", YES_NO.grammar, patience=7.0)).text == "no i do not think so"
    assert signs == []


def test_speech_under_way_may_run_past_the_patience(recogniser: Recogniser, say: Say) -> None:
    recording = room(YES_NO.patience - 0.5, say("no I do not think so"), 3.0)
    assert SoundEar(recording, recogniser).listen(YES_NO).text == "no i do not think so"


def test_a_complete_answer_is_taken_before_the_pause_is_over(recogniser: Recogniser, say: Say) -> None:
    unread = {}
    for complete in (None, early):
        recording = room(0.5, say("yes"), 3.0)
        assert SoundEar(recording, recogniser).listen(Turn("x", YES_NO.grammar, 3.0, complete)).text == "yes"
        unread[complete] = taken(recording)
    assert unread[early] > unread[None]


@pytest.mark.parametrize("said", ["no", "back", "repeat", "I can't breathe"])
def test_a_word_that_may_begin_a_longer_phrase_is_in_the_partial_result_before_the_endpoint(
    said: str, everything: Grammar, recogniser: Recogniser, say: Say
) -> None:
    recording = room(0.5, say(said), 3.0)
    decoding = recogniser.open(everything, recording.rate)
    partials = []
    while (block := recording.read(0.05)) is not None and not decoding.feed(block):
        partials.append(decoding.partial())
    assert said.lower() in partials


def test_a_hesitation_does_not_end_the_turn(recogniser: Recogniser, say: Say) -> None:
    recording = room(say("um"), 1.5, say("no"), 3.0)
    assert SoundEar(recording, recogniser).listen(YES_NO).text == "no"


def test_the_end_of_the_source_closes_the_ear(recogniser: Recogniser, say: Say) -> None:
    ear = SoundEar(room(0.3, say("yes"), 0.2), recogniser)
    assert ear.listen(YES_NO).text == "yes"
    assert ear.listen(YES_NO) == CLOSED


def playing_for(blocks: int) -> Callable[[], bool]:
    left = iter(range(blocks))
    return lambda: next(left, None) is not None


INTERRUPTING = Turn("interrupting", load_grammar("command"), patience=0.0)


def test_an_interrupting_word_is_overheard_while_charley_speaks(recogniser: Recogniser, say: Say) -> None:
    recording = room(0.5, say("stop"), 5.0)
    heard = SoundEar(recording, recogniser).overhear(INTERRUPTING, playing_for(200))
    assert heard.text == "stop"
    assert taken(recording) > 4.0


def test_nothing_is_overheard_once_charley_has_finished(recogniser: Recogniser, say: Say) -> None:
    ear = SoundEar(room(1.0, say("stop"), 1.0), recogniser)
    assert ear.overhear(INTERRUPTING, playing_for(10)) == SILENCE


#: While this is put nothing but "no" interrupts, and a plain yes is an answer.
ASKING = replace(YES_NO, complete="no".__eq__, answers=lambda heard: heard.text == "yes")


def test_an_answer_is_overheard_when_the_speaker_has_paused(recogniser: Recogniser, say: Say) -> None:
    recording = room(0.5, say("yes"), 5.0)
    assert SoundEar(recording, recogniser).overhear(ASKING, playing_for(200)).text == "yes"
    assert taken(recording) > 4.0


def test_an_answer_that_begins_while_charley_speaks_is_overheard_to_its_end(recogniser: Recogniser, say: Say) -> None:
    heard = SoundEar(room(0.5, say("yes"), 3.0), recogniser).overhear(ASKING, playing_for(14))
    assert heard.text == "yes"


def test_the_beginning_of_something_longer_is_no_answer(recogniser: Recogniser, say: Say) -> None:
    said = room(0.5, say("yes and no"), 3.0)
    assert SoundEar(said, recogniser).overhear(ASKING, playing_for(60)) == SILENCE


class Corridor(Recording):
    """A recording that can lose what was not read yet, as a microphone does."""

    skipped = 0

    def skip(self) -> None:
        self.skipped += 1


def test_what_was_said_before_a_turn_is_forgotten_but_not_right_after_overhearing(recogniser: Recogniser) -> None:
    source = Corridor(np.zeros(10 * RATE, np.int16), RATE)
    ear = SoundEar(source, recogniser)
    ear.listen(Turn("x", YES_NO.grammar, 0.5))
    assert source.skipped == 1
    ear.overhear(INTERRUPTING, playing_for(5))
    assert source.skipped == 2
    ear.overhear(INTERRUPTING, playing_for(5))
    ear.listen(Turn("x", YES_NO.grammar, 0.5))
    assert source.skipped == 2
    ear.listen(Turn("x", YES_NO.grammar, 0.5))
    assert source.skipped == 3


def test_recordings_answer_one_turn_each(recogniser: Recogniser, say: Say, tmp_path: Path) -> None:
    ear = RecordingEar([say("yes"), say("no")], recogniser, SimulatedClock())
    assert ear.overhear(INTERRUPTING, playing_for(3)) == SILENCE
    assert [ear.listen(YES_NO).text for _ in range(2)] == ["yes", "no"]
    assert ear.listen(YES_NO) == CLOSED
    ear.close()


def test_typed_lines_are_answers_and_the_end_of_input_closes_the_ear() -> None:
    ear = KeyboardEar(io.StringIO("I can't\n\n  yes \n"), SimulatedClock())
    assert ear.overhear(INTERRUPTING, playing_for(3)) == SILENCE
    assert ear.listen(YES_NO).text == "I can't"
    assert ear.listen(YES_NO) == SILENCE
    heard = ear.listen(YES_NO)
    assert (heard.text, heard.confidence, heard.ending) == ("yes", 1.0, Ending.SPEECH)
    assert ear.listen(YES_NO) == CLOSED
    ear.close()


def second(*script: str) -> tuple[ScriptedSentences, SecondHearing]:
    sentences = ScriptedSentences(script)
    return sentences, SecondHearing(sentences)


def is_short(heard: Heard) -> bool:
    return YES_NO.grammar.read(heard.text).complete and heard.word_count <= 4


PLAIN = Turn("breathing", YES_NO.grammar, 3.0, early, plain=is_short)
STORY = "my leg hurts and I cannot walk around the house"


def test_what_is_no_phrase_is_heard_a_second_time_as_a_sentence(recogniser: Recogniser, say: Say) -> None:
    _, again = second("what was said")
    heard = SoundEar(room(0.5, say(STORY), 3.0), recogniser, second=again).listen(PLAIN)
    assert heard.sentence == Sentence("what was said", None, "script")
    assert not heard.agrees


def test_a_short_phrase_is_not_kept_waiting(recogniser: Recogniser, say: Say) -> None:
    unread = {}
    for hearing in (None, second("never heard")[1]):
        recording = room(0.5, say("yes"), 3.0)
        heard = SoundEar(recording, recogniser, second=hearing).listen(PLAIN)
        assert (heard.text, heard.sentence) == ("yes", None)
        unread[hearing] = taken(recording)
    assert len(set(unread.values())) == 1


def test_a_short_phrase_in_long_speech_is_heard_again(recogniser: Recogniser, say: Say) -> None:
    """The phrases alone would settle it: it is the length of the speech that tells."""
    everything = Turn("x", YES_NO.grammar, 3.0, plain=lambda _: True)
    _, again = second("what was said")
    assert SoundEar(room(0.5, say(STORY), 3.0), recogniser, second=again).listen(everything).sentence


def test_a_longer_phrase_in_which_both_hearings_agree_is_taken_at_once(recogniser: Recogniser, say: Say) -> None:
    said, unread = "no i do not think so", {}
    for sentence in (said, "not now"):
        recording = room(0.5, say(said), 3.0)
        _, again = second(sentence)
        heard = SoundEar(recording, recogniser, second=again).listen(PLAIN)
        assert heard.text == said
        unread[heard.agrees] = taken(recording)
    assert unread[True] > unread[False] + 0.3


def test_somebody_who_pauses_in_a_story_is_waited_for(recogniser: Recogniser, say: Say) -> None:
    sentences, again = second("a story")
    clip = say(STORY)
    recording = room(0.5, clip, 0.2, clip, 3.0)
    heard = SoundEar(recording, recogniser, second=again).listen(PLAIN)
    assert sum(sentences.seconds) > 2 * load_recording(clip).samples.size / load_recording(clip).rate
    assert heard.sentence == Sentence("a story a story", None, "script")
    assert taken(recording) == pytest.approx(3.0 - 0.7, abs=0.35)


def test_the_ear_tells_once_that_there_will_be_no_second_hearing(recogniser: Recogniser, say: Say) -> None:
    class Broken(ScriptedSentences):
        def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
            del sound, rate, moment
            raise HearingError("It has failed: answer again.")

    again = SecondHearing(Broken([""]))
    clip = say(STORY)
    ear = SoundEar(room(0.5, clip, 2.0, clip, 2.0, clip, 2.0), recogniser, second=again)
    assert [ear.listen(PLAIN).given_up for _ in range(3)] == [False, True, False]


class OpenAsFar:
    """Knows beforehand how far the ear may be open, and whether what is heard is Charley itself."""

    def __init__(self, openness: Openness, *, own: bool = False) -> None:
        self.openness = openness
        self._own = own

    def is_own_voice(self) -> bool:
        return self._own


@pytest.mark.parametrize(
    ("over", "word", "heard"),
    [
        (OpenAsFar(Openness.CLOSED), "no", ""),
        (OpenAsFar(Openness.ALARMS), "no", "no"),
        (OpenAsFar(Openness.ALARMS), "yes", ""),
        (OpenAsFar(Openness.ANSWERS), "yes", "yes"),
        (OpenAsFar(Openness.ANSWERS, own=True), "no", ""),
    ],
)
def test_what_is_heard_over_charley_counts_as_far_as_the_ear_may_be_open(
    recogniser: Recogniser, say: Say, over: OpenAsFar, word: str, heard: str
) -> None:
    ear = SoundEar(room(0.5, say(word), 5.0), recogniser, over=over)
    assert ear.overhear(ASKING, playing_for(120)).text == heard


def test_the_end_of_a_prompt_that_could_not_be_taken_out_is_not_heard_as_its_answer(
    recogniser: Recogniser, say: Say
) -> None:
    class Corridor(Recording):
        skipped = 0

        def skip(self) -> None:
            self.skipped += 1

    sound = room(1.0, say("yes"), 3.0)
    source = Corridor(sound.samples, sound.rate)
    ear = SoundEar(source, recogniser, over=OpenAsFar(Openness.CLOSED))
    ear.overhear(INTERRUPTING, playing_for(5))
    ear.listen(YES_NO)
    assert source.skipped == 2
