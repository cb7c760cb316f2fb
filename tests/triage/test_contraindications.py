"""What must never be told to whom, as a clinician would say it; each sentence is tried in every branch."""

from dataclasses import replace

import pytest

from skill.triage.condition import NEVER, All
from skill.triage.model import UNANSWERED, UNSURE, YES, Coached, Level, Value
from skill.triage.scenarios import Scenarios

STRETCHES = ("calf_stretch", "leg_stretch", "foot_stretch", "thigh_stretch", "hand_stretch", "arm_stretch")
LOADING = ("stand_on_it", "short_walks", "wall_stretch")
SPINE = ("neck_ease", "upper_back_ease", "knees_up")


@pytest.mark.parametrize("worry", [YES, UNSURE, UNANSWERED])
@pytest.mark.parametrize(
    ("flag", "gates", "never"),
    [
        pytest.param("swelling", ("changes",), (*STRETCHES, *LOADING, "massage", "warmth"), id="suspected clot"),
        pytest.param("injury", ("illness",), (*STRETCHES, *LOADING, *SPINE, "massage", "warmth"), id="injury"),
        pytest.param("changes", (), ("massage", "warmth", "ice"), id="numb or changed skin"),
        pytest.param("nerve", (), ("warmth", "ice", "neck_ease"), id="numbness from the spine"),
        pytest.param("weakness", ("changes", "nerve"), (*LOADING, "knees_up", "upper_back_ease"), id="weakness"),
        pytest.param("illness", (), ("massage", "warmth", "neck_ease", "stand_on_it"), id="fever, wound or dark urine"),
        pytest.param("background", (), ("pain_relief", "massage"), id="blood thinners, kidneys, ulcer, pregnancy"),
        pytest.param("pregnant", ("background",), ("pain_relief", "massage", "knees_up"), id="pregnancy"),
        pytest.param("spine_signs", (), ("knees_up", "upper_back_ease"), id="signs of a disease of the spine"),
    ],
)
def test_this_is_never_told(
    scenarios: Scenarios, flag: str, gates: tuple[str, ...], never: tuple[str, ...], worry: str
) -> None:
    facts: dict[str, Value] = {flag: worry, **dict.fromkeys(gates, YES)}
    asked = 0
    for branch in scenarios.branches:
        walk = scenarios.play({**facts, **branch})
        if flag not in walk.end.answers:
            continue
        asked += 1
        position = next(n for n, entry in enumerate(walk.end.history) if getattr(entry, "question", "") == flag)
        coached = {entry.remedy for entry in walk.end.history[position:] if isinstance(entry, Coached)}
        told = coached | {remedy.id for remedy in walk.verdict.remedies}
        assert not told & set(never), branch
    assert asked > 0


def test_an_emergency_gets_no_remedy_at_all(scenarios: Scenarios) -> None:
    for branch in scenarios.branches:
        assert scenarios.play({**branch, "emergency": YES}).verdict.remedies == ()


def test_whoever_may_not_take_a_pain_reliever_is_sent_to_a_pharmacist(scenarios: Scenarios) -> None:
    for branch in scenarios.branches:
        if branch["happening"] != "twitch":
            remedies = scenarios.play({**branch, "background": YES}).verdict.remedies
            assert "pharmacist" in [remedy.id for remedy in remedies], branch


def test_every_contraindication_holds_by_itself_whatever_the_level(scenarios: Scenarios) -> None:
    """Offered at every level, each remedy is still kept from those who must not have it, and only by that."""
    protocol = scenarios.protocol
    for offer in (offer for offer in protocol.offers if offer.never != NEVER):
        careful, careless = (
            Scenarios(replace(protocol, offers=(replace(offer, up_to=Level.EMERGENCY, never=never),)))
            for never in (offer.never, NEVER)
        )
        situations = list(scenarios.bringing_about(All((offer.fits, offer.never))))
        assert not any(offer.remedy in careful.play(facts).verdict.remedies for facts in situations), offer.remedy.id
        assert any(offer.remedy in careless.play(facts).verdict.remedies for facts in situations), offer.remedy.id
