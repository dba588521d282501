"""Amounts of money as people type them."""

from decimal import Decimal

import pytest

from app.errors import InputError
from app.records.budget import Budget, parse_budget, parse_money


@pytest.mark.parametrize("given", ["5.00", " 5 ", "0", "0.000001", "999999999999.999999"])
def test_an_amount_is_an_exact_decimal(given: str) -> None:
    assert parse_money(given, "budget") == Decimal(given.strip())


@pytest.mark.parametrize(
    "given", ["", "five", "-1", "nan", "inf", "-0.01", "1e12", "0.0000001", "5,00", "$5", "1e-9"]
)
def test_what_is_no_amount_is_refused_by_name(given: str) -> None:
    with pytest.raises(InputError, match=r"budget .* is no amount: give a number such as 5\.00"):
        parse_money(given, "budget")


def test_limits_survive_json_and_a_zero_is_a_limit() -> None:
    limits = parse_budget("0", "0.1", ["export=2.50"])

    assert limits == Budget(Decimal(0), Decimal("0.1"), {"export": Decimal("2.50")})
    assert Budget.unpack(limits.pack()) == limits
    assert Budget.unpack({}) == Budget()


def test_a_stage_without_an_amount_is_refused() -> None:
    with pytest.raises(InputError, match="'export' is not STAGE=AMOUNT"):
        parse_budget(None, None, ["export"])
