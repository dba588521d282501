"""What a handler returns. One function (app.runner) turns an outcome into state."""

from dataclasses import dataclass, field
from typing import Any

from app.records.company import Company
from app.records.contact import Contact
from app.records.context import ContextItem
from app.records.evidence import Absence, Evidence
from app.records.page import Page
from app.records.reading import Reading
from app.records.verdict import Judgement


@dataclass(frozen=True, slots=True)
class Found:
    """A company that a source found, with the evidence that the source gives.

    `keys`: what later rows are compared with it by (app.pipeline.same_company.Row). `cause`
    and `reason`: why it is out at once; empty where it is not.
    """

    company: Company
    evidence: tuple[Evidence, ...] = ()
    keys: tuple[int, ...] = ()
    cause: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that is a company of the run already.

    `kept`: the id of that company where it is stored, -n for the n-th of `Records.found`. `rule` is
    the one of `reasons` that spoke loudest, `score` how sure it is, 0.5 to 1.
    """

    kept: int
    row: Found
    rule: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Replaced:
    """A company (`company`, as `Duplicate.kept`) that another row stands for from now on."""

    kept: int
    company: int
    rule: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Records:
    """What an item learned; written with the settlement, or not at all.

    `found`: new companies of the run (stages that work on the run), with rows that are none
    (`duplicates`) and companies that such a row takes the place of (`replaced`). `context`, when
    not None, replaces what the run knew before it began.

    The rest is about the item's company: `company` replaces the stored row's values; `contacts`,
    `pages` and `reading` (how far the site was read) replace the stored ones when not None;
    evidence and absences replace those of the same stage. `judgements`: the verdicts on the
    company and on its people.
    """

    found: tuple[Found, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    context: tuple[ContextItem, ...] | None = None
    company: Company | None = None
    contacts: tuple[Contact, ...] | None = None
    pages: tuple[Page, ...] | None = None
    reading: Reading | None = None
    evidence: tuple[Evidence, ...] = ()
    absences: tuple[Absence, ...] = ()
    judgements: tuple[Judgement, ...] = ()


NOTHING = Records()


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done. `result` is a small JSON summary for the log; its "counts" (word -> number)
    are added up over the stage's items and shown as its statistics. The same below."""

    records: Records = NOTHING
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """This company is out: `cause` is a stable word ("no_website"), `reason` a sentence."""

    cause: str
    reason: str
    records: Records = NOTHING
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """A person must look: `cause` and `reason` say why."""

    cause: str
    reason: str
    records: Records = NOTHING
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now: again after `seconds`. Costs no attempt."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Fail:
    """It did not work: `temporary` failures are tried again until attempts run out."""

    cause: str
    reason: str
    temporary: bool = True
    retry_after: float | None = None
    records: Records = NOTHING


Outcome = Done | Skip | Review | Snooze | Fail
