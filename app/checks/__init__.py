"""Checks: a record -> verdicts with reasons. A check is one file here that exports `CHECK`.

A check yields a `Finding` for each thing that it has to say, and nothing when all is well. It looks
at the facts that it is given and at nothing else: what has to be looked up stands in the facts.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from app.records.company import Company
from app.records.contact import Contact
from app.records.criteria import Criteria
from app.records.verdict import Judgement, Reason, Verdict, worst

MailAnswer = Literal["accepts", "refuses", "not_checked"]
"""Whether a domain takes mail; not_checked when nobody could be asked."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What is known of a company.

    `pages`: how many were read. `home`: the visible text of the home page. `names_itself`: the site
    states a name. `earlier`: companies of the run that were found before it and have its name,
    phone or domain in common.
    """

    company: Company
    criteria: Criteria
    pages: int = 0
    home: str = ""
    names_itself: bool = False
    earlier: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is known of a person. `seen_at`: when a page last showed them. `same_address`: who of
    the company, before them, has it too. `takes_mail` asks for a
    domain; it never raises. `replayed`: the pages are stored ones, chosen by the person."""

    contact: Contact
    company: Company
    now: datetime
    takes_mail: Callable[[str], Awaitable[MailAnswer]]
    seen_at: datetime | None = None
    same_address: tuple[str, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has to say: `cause` is a stable word (app.pipeline.causes), `reason` a sentence.

    "valid" is a remark, kept with the record, that objects to nothing.
    """

    verdict: Verdict
    cause: str
    reason: str


Facts = TypeVar("Facts", CompanyFacts, ContactFacts)


@dataclass(frozen=True, slots=True)
class Check(Generic[Facts]):
    """What a file exports as CHECK: which facts it looks at, and how."""

    looks_at: type[Facts]
    find: Callable[[Facts], Iterable[Finding] | AsyncIterator[Finding]]


@dataclass(frozen=True, slots=True)
class Checks:
    """All checks by name."""

    by_name: Mapping[str, Check[Any]]

    async def judge(self, facts: CompanyFacts | ContactFacts, subject: str = "") -> Judgement:
        """Every check that looks at such facts, in the order of their names."""
        reasons: list[Reason] = []
        for name, check in self.by_name.items():
            if type(facts) is check.looks_at:
                found = check.find(facts)
                if isinstance(found, AsyncIterator):
                    found = [each async for each in found]
                reasons += [Reason(name, each.verdict, each.cause, each.reason) for each in found]
        return Judgement(worst(reasons), tuple(reasons), subject)
