from itertools import combinations

import numpy as np
import pytest

from skill.speaking.earcons import earcon_clip
from skill.speaking.voice import Earcon


@pytest.mark.parametrize("earcon", Earcon)
def test_an_earcon_is_short_soft_and_without_a_click(earcon: Earcon) -> None:
    clip = earcon_clip(earcon)
    assert 0.02 <= clip.seconds <= 0.15
    assert 0.05 < np.abs(clip.samples).max() / 32767 < 0.3
    assert abs(clip.samples[0]) < 50
    assert abs(clip.samples[-1]) < 50


@pytest.mark.parametrize(("one", "other"), list(combinations(Earcon, 2)))
def test_no_two_earcons_sound_alike(one: Earcon, other: Earcon) -> None:
    a, b = (earcon_clip(earcon).samples / np.linalg.norm(earcon_clip(earcon).samples) for earcon in (one, other))
    assert np.abs(np.correlate(a, b, "full")).max() < 0.8
