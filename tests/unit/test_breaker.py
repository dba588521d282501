"""The breaker of a stage, whatever its probes tell."""

from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.breaker import Breaker, BreakerPolicy

_POLICIES = st.builds(
    BreakerPolicy,
    share=st.floats(0.1, 0.99),
    window=st.integers(1, 1000),
    wait=st.floats(0.01, 1000),
    cap=st.floats(0.01, 1000),
    probes=st.integers(1, 100),
)
_STEPS = st.lists(st.sampled_from(["trip", "probe", "passed", "failed", "unknown"]), max_size=300)
_LEGAL = {
    "closed": {"closed", "open"},
    "open": {"open", "probing"},
    "probing": {"probing", "closed", "open", "given_up"},
    "given_up": {"given_up"},
}


def _take(breaker: Breaker, step: str, policy: BreakerPolicy) -> Breaker:
    match step:
        case "trip":
            return breaker.trip("timeout")
        case "probe":
            return breaker.probe()
        case _:
            return breaker.learn({"passed": True, "failed": False}.get(step), policy)


@given(_POLICIES, _STEPS)
def test_only_legal_moves_happen_and_waits_stay_bounded(
    policy: BreakerPolicy, steps: list[str]
) -> None:
    breaker = Breaker()
    for step in steps:
        then = _take(breaker, step, policy)
        assert then.state in _LEGAL[breaker.state]
        assert 0 <= then.failing <= policy.probes
        assert (then.state == "given_up") == (then.failing == policy.probes)
        assert 0 < policy.pause(then.failing) <= policy.cap
        assert policy.pause(then.failing) >= policy.pause(max(then.failing - 1, 0))
        assert (then.cause == "") == (then.state == "closed")
        breaker = then


@given(_POLICIES)
def test_so_many_failed_probes_end_the_waiting_and_one_that_passes_ends_it_at_once(
    policy: BreakerPolicy,
) -> None:
    breaker, waited = Breaker().trip("timeout"), 0.0
    for _ in range(policy.probes):
        assert breaker.probe().learn(True, policy) == Breaker()
        waited += policy.pause(breaker.failing)
        breaker = breaker.probe().learn(False, policy)

    assert breaker.state == "given_up"
    assert waited <= policy.cap * policy.probes * (1 + 1e-9)


@given(_POLICIES)
def test_it_takes_more_than_the_share_of_a_window_to_open(policy: BreakerPolicy) -> None:
    assert policy.failures > policy.share * policy.window >= policy.failures - 1
    assert policy.failures <= policy.window
