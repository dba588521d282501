"""Three losses are enough where nothing else dies; in a storm of deaths they prove less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.suspicion import FEWEST, MOST, losses_needed

positive = st.floats(0, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("deaths", "seconds", "pace", "needed"),
    [
        (0, 120, 1, 3),  # only this item's processes died
        (3, 240, 0.05, 3),  # another item kills its own, quickly
        (30, 240, 0.8, 7),  # one of four workers is killed every two seconds
        (60, 180, 0.8, 12),
        (30, 240, 60, 50),  # nothing ever gets done
    ],
)
def test_more_losses_are_needed_the_more_chance_explains(
    deaths: float, seconds: float, pace: float, needed: int
) -> None:
    assert losses_needed(deaths, seconds, pace) == needed


@given(positive, positive, positive)
def test_the_number_is_always_within_its_bounds(deaths: float, seconds: float, pace: float) -> None:
    assert FEWEST <= losses_needed(deaths, seconds, pace) <= MOST


@given(positive, st.floats(0.1, 1e6), positive)
def test_more_deaths_never_need_fewer_losses(deaths: float, seconds: float, pace: float) -> None:
    assert losses_needed(deaths, seconds, pace) <= losses_needed(deaths + 1, seconds, pace)
