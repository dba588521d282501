"""What is ready of what was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.progress import Share


@pytest.mark.parametrize(
    ("ready", "asked", "gap", "percent"),
    [
        (0, 50, 50, 0.0),
        (37, 50, 13, 74.0),
        (50, 50, 0, 100.0),
        (62, 50, 0, 100.0),
        (0, 0, 0, 100.0),
    ],
)
def test_a_share_says_what_is_missing_and_how_far_it_is(
    ready: int, asked: int, gap: int, percent: float
) -> None:
    share = Share(ready, asked)

    assert share.summary() == {"ready": ready, "gap": gap, "progress_pct": percent}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_gap_is_never_negative_and_a_percentage_stays_within_bounds(
    ready: int, asked: int
) -> None:
    share = Share(ready, asked)

    assert share.gap >= 0
    assert 0 <= share.percent <= 100
    assert (share.gap == 0) == (ready >= asked)
