"""Somebody else is told of grave advice: before it is said, and whatever becomes of it, it is said all the same."""

from collections.abc import Callable

from skill.dialogue.events import Concluded
from skill.dialogue.telling import Tidings
from tests.dialogue.conftest import Dialogue

Make = Callable[..., Dialogue]


class Told:
    """A teller that keeps what it is given."""

    def __init__(self, *, fails: bool = False) -> None:
        self.tidings: list[Tidings] = []
        self._failed = fails

    def tell(self, tidings: Tidings) -> None:
        self.tidings.append(tidings)

    def has_failed(self) -> bool:
        failed, self._failed = self._failed, False
        return failed


def test_a_teller_is_given_the_level_the_place_and_why(dialogue_with: Make) -> None:
    teller = Told()
    script = {"emergency": ["no"], "place": ["lower back"], "interruption": ["", "", "", "i can't feel my legs"]}
    dialogue = dialogue_with(script, teller=teller)
    dialogue.conversation.run()
    (concluded,) = dialogue.events(Concluded)
    assert concluded.level == "emergency"
    assert teller.tidings == [
        Tidings("emergency", "lower back", " ".join(reason.text for reason in concluded.reasons)),
    ]


def test_somebody_is_told_who_has_called_already(dialogue_with: Make) -> None:
    teller = Told()
    dialogue_with({"emergency": ["the ambulance is coming"]}, teller=teller).conversation.run()
    assert [tidings.level for tidings in teller.tidings] == ["emergency"]


def test_that_nobody_could_be_told_is_said_once_after_the_advice_and_changes_nothing(dialogue_with: Make) -> None:
    said = []
    for teller in (Told(), Told(fails=True)):
        dialogue = dialogue_with({"emergency": ["yes"], "once_more": ["yes"]}, teller=teller)
        dialogue.conversation.run()
        said.append(dialogue.prompts_said)
    assert said[1].count("dialogue.not_told") == 1
    assert said[1].index("dialogue.not_told") == said[0].index("dialogue.once_more")
    assert [prompt for prompt in said[1] if prompt != "dialogue.not_told"] == said[0]
