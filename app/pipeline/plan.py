"""The plan of a run: what its sources hold, what comes of it, how long it takes and what it costs.

    companies   asked for / share that passes; never more than the sources hold
    delivered   companies x share, at most what was asked for
    pages       companies x pages of a site
    seconds     companies / how many are read at once x pages x (spacing + a page); stored pages are
                read one by one
    cost        companies x what a company cost in earlier runs

Each is given low, likely and high: few companies pass and sites are short; as usual; all pass and
sites are long. Pure: the same knowledge gives the same plan.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

SHARES = (0.4, 0.7, 1.0)
"""Share of companies that pass, low to high, until earlier runs of this database say better."""
LEAST_EARLIER = 30
"""So many companies of earlier runs are enough to go by their share, give or take SPREAD."""
SPREAD = 0.2
PAGES = (2, 5)
"""Pages of a site, low and likely; high is the setting max_pages."""
PAGE_SECONDS, STORED_PAGE_SECONDS = 0.5, 0.01


@dataclass(frozen=True, slots=True)
class Supply:
    """What a source holds that matches. `count` None: it cannot say without being read. `exact`
    False: at least so many. `error`: why it does not answer. `own`: the person's own list."""

    source: str
    count: int | None = None
    exact: bool = False
    error: str = ""
    own: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the request. `tried` companies of earlier runs, `passed` of them;
    `company_cost`: what one cost on average. `same`: earlier runs that asked for the same, in
    words. `at_once`: companies read at one time. `spacing`: seconds between pages of a site."""

    tried: int = 0
    passed: int = 0
    company_cost: float = 0.0
    same: tuple[str, ...] = ()
    at_once: int = 32
    spacing: float = 1.0
    max_pages: int = 12
    stored_pages: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """One of the three outlooks. `seconds` for the research, `cost` in the providers' money."""

    share: float
    companies: int
    delivered: int
    pages: int
    seconds: float
    cost: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`quantity`: companies to aim at; below what was asked where that cannot be reached.
    `batch`: companies of the first batch, `batches` likely ones. `warnings`: what a person should
    know before it starts."""

    asked: int
    quantity: int
    supplies: tuple[Supply, ...]
    batch: int
    batches: int
    low: Estimate
    likely: Estimate
    high: Estimate
    warnings: tuple[str, ...] = ()

    @property
    def available(self) -> int | None:
        """Companies that all sources hold together; None when one of them cannot say."""
        counts = [each.count for each in self.supplies if not each.error]
        known = [count for count in counts if count is not None]
        return sum(known) if counts and len(known) == len(counts) else None

    @property
    def exact(self) -> bool:
        """Whether there are not more than that."""
        return all(each.exact for each in self.supplies if not each.error)


Mend = Literal["drop_source", "lower_quantity", ""]


@dataclass(frozen=True, slots=True)
class Deficiency:
    """What is wrong with a plan, in words, and how it can be mended, if it can: `drop_source`
    (`subject`: which) or `lower_quantity` (`subject`: to what)."""

    reason: str
    mend: Mend = ""
    subject: str = ""


def make_plan(asked: int, supplies: Sequence[Supply], known: Known, batch: int) -> Plan:
    """The plan for a run that asks for so many companies; `batch`: the size of the first batch."""
    nothing = Estimate(0, 0, 0, 0, 0, 0)
    plan = Plan(asked, asked, tuple(supplies), batch, 1, nothing, nothing, nothing)
    return _estimated(plan, known)


def mended(plan: Plan, deficiencies: Iterable[Deficiency], known: Known) -> Plan:
    """The plan without what is named, as far as it can be mended; else the same plan."""
    supplies, quantity, warnings = list(plan.supplies), plan.quantity, list(plan.warnings)
    for each in deficiencies:
        kept = [one for one in supplies if one.source != each.subject]
        if each.mend == "drop_source" and kept and len(kept) < len(supplies):
            supplies = kept
        elif each.mend == "lower_quantity" and int(each.subject) < quantity:
            quantity = int(each.subject)
        else:
            continue
        warnings.append(each.reason)
    if (tuple(supplies), quantity) == (plan.supplies, plan.quantity):
        return plan
    changed = replace(
        plan, supplies=tuple(supplies), quantity=quantity, warnings=tuple(dict.fromkeys(warnings))
    )
    return _estimated(changed, known)


def _estimated(plan: Plan, known: Known) -> Plan:
    shares = SHARES
    if known.tried >= LEAST_EARLIER:
        seen = known.passed / known.tried
        shares = (max(seen - SPREAD, 0.05), max(seen, 0.05), min(seen + SPREAD, 1.0))
    pages = (*PAGES, max(known.max_pages, PAGES[1]))
    low, likely, high = (
        _estimate(plan, known, share, count) for share, count in zip(shares, pages, strict=True)
    )
    batches = max(math.ceil(likely.companies / plan.batch), 1)
    return replace(plan, low=low, likely=likely, high=high, batches=batches)


def _estimate(plan: Plan, known: Known, share: float, pages: int) -> Estimate:
    companies = math.ceil(plan.quantity / share)
    if plan.available is not None and plan.exact:
        companies = min(companies, plan.available)
    rounds, page = math.ceil(companies / known.at_once), PAGE_SECONDS + known.spacing
    if known.stored_pages:
        rounds, page = companies, STORED_PAGE_SECONDS
    return Estimate(
        round(share, 2),
        companies,
        min(plan.quantity, round(companies * share)),
        companies * pages,
        round(rounds * pages * page, 1),
        round(companies * known.company_cost, 4),
    )
