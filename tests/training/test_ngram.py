import pytest

from training.ngram import BEGIN, END, estimate, transducer

SAID = [(("it", "hurts"), 3), (("it", "hurts", "badly"), 1), (("my", "leg", "hurts"), 2), (("it", "stopped"), 1)]
WORDS = frozenset(word for row, _ in SAID for word in row) - {"stopped"}
MODEL = estimate(SAID, WORDS, least=(1, 1))


@pytest.mark.parametrize("history", [(BEGIN,), (BEGIN, "it"), ("it",), ("leg", "hurts"), ("never", "heard"), ()])
def test_probabilities_after_any_history_sum_to_one(history: tuple[str, ...]) -> None:
    assert sum(MODEL.probability(history, word) for word in (*WORDS, END)) == pytest.approx(1.0, abs=1e-6)


def test_what_was_said_is_likelier_than_what_was_not() -> None:
    assert MODEL.perplexity([("it", "hurts")]) < MODEL.perplexity([("hurts", "it")])
    assert MODEL.probability((BEGIN,), "it") > MODEL.probability((BEGIN,), "leg") > 0


def test_a_word_that_is_not_known_parts_a_sentence() -> None:
    assert MODEL.probability((BEGIN, "it"), "stopped") == 0.0
    assert END not in MODEL.explicit.get(("it",), {})


def test_the_transducer_gives_each_sentence_its_cost() -> None:
    fst = transducer(MODEL, {word: n for n, word in enumerate(sorted(WORDS), start=1)}, scale=1.0)
    listed = sum(map(len, MODEL.explicit.values())) - sum(END in words for words in MODEL.explicit.values())
    backoffs = len(MODEL.backoff)
    assert sum(map(len, fst.arcs)) == listed + backoffs
    assert fst.final
