"""A mark: one value, found or labelled, and whether it is right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.records.evidence import Evidence
from bench.evaluate.compare import HASHED
from bench.evaluate.labels import Truth, page_key
from bench.evaluate.research import Findings

Verdict = Literal["right", "wrong", "missed", "open"]

OTHER_PERSON, ORGANISATION, TRAP = "another person's", "the organisation's", "a trap"
WRONG_PERSON: Final = frozenset((OTHER_PERSON, ORGANISATION, TRAP))
OTHER_PAGE, IN_DOUBT, OUT_OF_REACH = "page without labels", "in doubt", "out of reach"
UNLABELLED, INFERRED = "not labelled", "inferred; no page prints one"
READ, NOT_READ = "its page was read", "its page was not read"


@dataclass(frozen=True, slots=True)
class Value:
    """What was found: where, by which rule, how sure (None: no evidence was kept)."""

    text: str
    page: str = ""
    rule: str = "no evidence"
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """`found` is empty for missed values, `label` for values that no label stands for. `why` says
    what kind of error it is, or why nothing can be said."""

    site: str
    field: str
    verdict: Verdict
    found: str = ""
    label: str = ""
    page: str = ""
    rule: str = ""
    confidence: float | None = None
    why: str = ""


def value_of(evidence: Evidence) -> Value:
    """A value with the place of its evidence."""
    page = page_key(evidence.source_url)
    return Value(evidence.value, page, evidence.rule, evidence.confidence)


@dataclass(frozen=True, slots=True)
class Marker:
    """Gives the marks of one site."""

    truth: Truth
    findings: Findings

    def right(self, field: str, value: Value, label: str) -> Mark:
        return self._mark(field, "right", value, label)

    def wrong(self, field: str, value: Value, label: str = "", why: str = "") -> Mark:
        """Wrong, unless a doubt names the value."""
        if self.truth.names_doubt(value.text):
            return self.open(field, value, IN_DOUBT)
        return self._mark(field, "wrong", value, label, why)

    def open(self, field: str, value: Value, why: str) -> Mark:
        return self._mark(field, "open", value, "", why)

    def unlabelled(self, field: str, value: Value) -> Mark:
        """Found, and no label speaks of it: wrong where the labels cover the page."""
        if not self.truth.speaks_of(value.page):
            return self.open(field, value, OTHER_PAGE)
        return self.wrong(field, value, why=UNLABELLED)

    def missed(self, field: str, label: str, page: str = "", why: str = "") -> Mark:
        """Labelled and not found; open where nobody could find it, or where a doubt allows it."""
        shown = label.startswith(HASHED) or self.findings.shows(
            self.truth.written.get(label, label)
        )
        reached = page in self.findings.read if page else shown
        unlinked = page in self.truth.unlinked if page else bool(self.truth.unlinked)
        if unlinked and not reached:
            return Mark(self.truth.site, field, "open", label=label, page=page, why=OUT_OF_REACH)
        if self.truth.doubts_field(field):
            return Mark(self.truth.site, field, "open", label=label, page=page, why=IN_DOUBT)
        why = why or (READ if reached else NOT_READ)
        return Mark(self.truth.site, field, "missed", label=label, page=page, why=why)

    def traps(self, field: str, traps: tuple[str, ...], sprung: set[str]) -> Iterator[Mark]:
        """One mark per trap: wrong when it was reported."""
        for trap in traps:
            verdict: Verdict = "wrong" if trap in sprung else "right"
            yield Mark(self.truth.site, field, verdict, trap, why=TRAP)

    def _mark(self, field: str, verdict: Verdict, value: Value, label: str, why: str = "") -> Mark:
        return Mark(
            self.truth.site,
            field,
            verdict,
            value.text,
            label,
            value.page,
            value.rule,
            value.confidence,
            why,
        )
