"""Whatever is said at whatever moment, Charley keeps its promises."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.attack import Attack, Tally

#: Hypothesis counts runs; each holds several conversations.
RUNS = 60
CONVERSATIONS = 200
#: Of all that say yes to a red flag in words of their own, the share that may be taken for a no: a reader can err.
DENIED = 0.02


def test_no_conversation_breaks_a_promise() -> None:
    class Counted(Attack):
        tally = Tally()

    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=50,
            phases=[Phase.generate],  # a failure is told at once: shrinking it takes minutes
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert Counted.tally.conversations >= CONVERSATIONS
    assert Counted.tally.talked > 0
    assert len(Counted.tally.denied) <= max(1, DENIED * Counted.tally.grave), Counted.tally.denied
