"""Verdicts: what checks say about a record, each reason with the check that gave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["valid", "invalid", "review"]

_WORST: tuple[Verdict, ...] = ("invalid", "review", "valid")


@dataclass(frozen=True, slots=True)
class Reason:
    """What one check found. `verdict` "valid" is a remark: worth knowing, no objection."""

    check: str
    verdict: Verdict
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a record, which is the worst of its reasons; no reason is no objection.

    `subject` is empty for the company and the key of a person otherwise. `email_verdict` (people
    only): valid, invalid, not_checked, or empty without an address.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    subject: str = ""
    email_verdict: str = ""

    @property
    def objections(self) -> tuple[Reason, ...]:
        """The reasons that made the verdict."""
        return tuple(each for each in self.reasons if each.verdict == self.verdict != "valid")

    @property
    def cause(self) -> str:
        """The stable word of the first objection, or empty."""
        return next((each.cause for each in self.objections), "")

    def sentence(self) -> str:
        """The objections as one line."""
        return "; ".join(each.reason for each in self.objections)


def worst(reasons: Iterable[Reason]) -> Verdict:
    """The worst verdict among the reasons: invalid before review before valid."""
    return min((each.verdict for each in reasons), key=_WORST.index, default="valid")
