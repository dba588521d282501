"""Retry: by class of error, with growing and jittered waits, and an end."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadResponse, InputError, Refused, Unreachable
from app.pipeline.outcomes import Fail
from app.pipeline.retry import RetryPolicy, failure_of

TEMPORARY = Fail("timeout", "slow")


@given(st.integers(1, 60), st.floats(0, 1000), st.floats(0, 10_000), st.integers())
def test_a_wait_stays_within_half_and_one_and_a_half_of_the_capped_growth(
    attempt: int, base: float, cap: float, seed: int
) -> None:
    policy = RetryPolicy(attempts=61, base=base, cap=cap)

    wait = policy.delay(attempt, TEMPORARY, random.Random(seed))

    growth = min(base * 2 ** min(attempt - 1, 30), cap)
    assert wait is not None
    assert growth * 0.5 <= wait <= growth * 1.5


def test_the_last_attempt_is_not_followed_by_another() -> None:
    policy = RetryPolicy(attempts=3)

    assert policy.delay(2, TEMPORARY, random.Random(1)) is not None
    assert policy.delay(3, TEMPORARY, random.Random(1)) is None


def test_a_site_that_says_when_to_return_is_obeyed_up_to_the_cap() -> None:
    policy = RetryPolicy(base=1, cap=60)

    assert policy.delay(1, Fail("busy", "429", retry_after=30), random.Random(1)) == 30
    assert policy.delay(1, Fail("busy", "429", retry_after=9999), random.Random(1)) == 60


@pytest.mark.parametrize(
    ("error", "cause", "temporary"),
    [
        (Unreachable("server_error", "503"), "server_error", True),
        (Refused("private_address", "10.0.0.1"), "private_address", False),
        (BadResponse("not_found", "404"), "not_found", False),
        (InputError("no such file"), "InputError", False),
        (TimeoutError(), "timeout", True),
        (ConnectionResetError("reset"), "io_error", True),
        (ValueError("?"), "unexpected_error", True),
    ],
)
def test_the_class_of_an_error_decides_whether_another_try_is_worth_it(
    error: Exception, cause: str, temporary: bool
) -> None:
    fail = failure_of(error)

    assert (fail.cause, fail.temporary) == (cause, temporary)
