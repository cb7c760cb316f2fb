"""Whatever is said at whatever moment, Charley keeps its promises."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.attack import Attack, Tally

CONVERSATIONS = 300


def test_no_conversation_breaks_a_promise() -> None:
    tally = Tally()
    run_state_machine_as_test(
        lambda: Attack(tally),
        settings=settings(
            max_examples=CONVERSATIONS, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert tally.conversations >= CONVERSATIONS
