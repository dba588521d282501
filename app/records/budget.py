"""What a run may spend on paid calls. Amounts are exact decimals, in the money of the providers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from app.errors import InputError

PLACES = 6
MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of the whole run, of single stages, and of any one company; None is no limit."""

    run: Decimal | None = None
    company: Decimal | None = None
    stages: Mapping[str, Decimal] = field(default_factory=dict)

    def pack(self) -> dict[str, Any]:
        """The limits as JSON holds them: decimals as text."""
        return {
            "run": None if self.run is None else str(self.run),
            "company": None if self.company is None else str(self.company),
            "stages": {stage: str(amount) for stage, amount in self.stages.items()},
        }

    @classmethod
    def unpack(cls, stored: Mapping[str, Any]) -> "Budget":
        """From JSON; {} is no limit at all."""
        stages = {stage: Decimal(amount) for stage, amount in stored.get("stages", {}).items()}
        run, company = (stored.get(name) for name in ("run", "company"))
        return cls(run and Decimal(run), company and Decimal(company), stages)


def parse_money(given: str, what: str) -> Decimal:
    """An amount from what a person typed. Raises InputError."""
    try:
        amount = Decimal(given.strip())
    except InvalidOperation:
        amount = Decimal("nan")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= amount < MOST or exponent < -PLACES:
        raise InputError(
            f"{what} {given!r} is no amount: give a number such as 5.00, at most {PLACES} decimals"
        )
    return amount + 0


def parse_budget(run: str | None, company: str | None, stages: Iterable[str]) -> Budget:
    """Limits from what a person typed; `stages` are STAGE=AMOUNT. Raises InputError."""
    limits = {}
    for given in stages:
        stage, equals, amount = given.partition("=")
        if not stage or not equals:
            raise InputError(f"budget of a stage {given!r} is not STAGE=AMOUNT")
        limits[stage.strip()] = parse_money(amount, f"budget of stage {stage}")
    return Budget(
        None if run is None else parse_money(run, "budget"),
        None if company is None else parse_money(company, "budget of a company"),
        limits,
    )
