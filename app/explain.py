"""All that a run knows about one company: values with evidence, absences, score, delivery."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from app.crawl.domains import registrable
from app.db.pool import Database
from app.db.queries import query
from app.errors import InputError, UnknownName
from app.pipeline.causes import phrase
from app.pipeline.same_company import RULES
from app.records.run import Run

COMPANY_FIELDS = (
    *("company_name", "domain", "website", "street", "city", "state", "postcode", "country"),
    *("phone", "category", "pms_detected", "units_estimate", "company_type", "description"),
    *("icp_fit", "icp_tier", "icp_confidence", "disqualifiers", "discovery_source"),
)
PERSON_FIELDS = (
    *("full_name", "title", "email", "phone", "linkedin_url", "department", "seniority"),
    *("quality_score", "personalization_notes"),
)
_NAMES = 2_000
"""So many names are searched for one that is near what was typed."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A company or a person: `values` are {field, value, evidence}, `absences` {field, kind,
    detail, stage}; evidence is {value, source_url, quote, method, confidence, rule, seen_at,
    stage}, the surest first. Facts that have no column follow the columns."""

    row: Json
    values: tuple[Json, ...]
    absences: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One company of a run. `why` says in a sentence why it is delivered or not. `merged`: rows of
    sources that are this company, {name, source, source_ref, confidence, found_at, same, other}:
    what speaks for it and against, each {rule, why}."""

    company: Subject
    people: tuple[Subject, ...]
    delivered: bool
    why: str
    merged: tuple[Json, ...] = ()

    def summary(self) -> Json:
        """As JSON holds it."""
        row = self.company.row
        return {
            "company": row["domain"] or row["name"],
            "status": row["status"],
            "cause": row["cause"],
            "reason": row["reason"],
            "stage": row["current_stage"],
            "delivered": self.delivered,
            "why": self.why,
            "suppression_checked_at": row["suppression_checked_at"],
            "merged": self.merged,
            "verdict": row["verdict"],
            "reasons": row["reasons"],
            "values": self.company.values,
            "absences": self.company.absences,
            "icp": {
                "fit": row["icp_fit"],
                "tier": row["icp_tier"],
                "confidence": row["icp_confidence"],
                "disqualifiers": row["disqualifiers"],
                "rules": row["icp_rules"],
            },
            "people": [self._person(person) for person in self.people],
        }

    def delivers(self, person: Subject) -> bool:
        """Whether a person goes into the contacts file."""
        return bool(person.row["exported"])

    def _person(self, person: Subject) -> Json:
        return {
            "full_name": person.row["full_name"],
            "delivered": self.delivers(person),
            "suppression_checked_at": person.row["suppression_checked_at"],
            "quality_parts": person.row["quality_parts"],
            "email_status": person.row["email_status"],
            "email_verdict": person.row["email_verdict"],
            "verdict": person.row["verdict"],
            "reasons": person.row["reasons"],
            "values": person.values,
            "absences": person.absences,
        }


async def load_explanation(database: Database, run: Run, wanted: str) -> Explanation:
    """What `run` knows about a company, by domain, address or name. Raises InputError."""
    text = wanted.strip().lower()
    names = {text, registrable(text)} - {""}
    found = await database.fetchrow(query("explain.company"), run.id, sorted(names))
    if found is None:
        listed = await database.fetch(query("explain.names"), run.id, _NAMES)
        raise _unknown(run, text, [row["name"] for row in listed])
    row = found["company"]
    facts = [dict(each) for each in await database.fetch(query("explain.evidence"), row["id"])]
    gaps = [dict(each) for each in await database.fetch(query("explain.absences"), row["id"])]
    people = [
        each["person"] | {name: each[name] for name in ("exported", "suppression_checked_at")}
        for each in await database.fetch(query("explain.people"), row["id"])
    ]
    merged = await database.fetch(query("explain.duplicates"), row["id"])
    row |= {"company_name": row["name"], "suppression_checked_at": found["suppression_checked_at"]}
    delivered, why = _delivery(run, found)
    return Explanation(
        _subject(row, COMPANY_FIELDS, "", facts, gaps),
        tuple(_subject(each, PERSON_FIELDS, each["key"], facts, gaps) for each in people),
        delivered,
        why,
        tuple(_merged(each) for each in merged),
    )


def _merged(row: Mapping[str, Any]) -> Json:
    """A row that was found to be the company, with the rules that spoke for it and against."""
    told = {name: row[name] for name in ("name", "source", "source_ref", "confidence")}
    told["found_at"] = row["found_at"].isoformat()
    rules = [RULES[rule] for rule in row["reasons"] if rule in RULES]
    told["same"] = [{"rule": rule.id, "why": rule.text} for rule in rules if rule.weight > 0]
    told["other"] = [{"rule": rule.id, "why": rule.text} for rule in rules if rule.weight < 0]
    return told


def _unknown(run: Run, wanted: str, names: list[str]) -> InputError:
    if get_close_matches(wanted, names, n=1, cutoff=0.6):
        return UnknownName("company", wanted, names)
    shown = ", ".join(names[:5]) or "none yet"
    more = ", ..." if len(names) > 5 else ""
    return InputError(f"run {run.short_id} has no company {wanted!r}; it has: {shown}{more}")


def _delivery(run: Run, found: Mapping[str, Any]) -> tuple[bool, str]:
    row = found["company"]
    if found["row"] is not None:
        return True, f"delivered: row {found['row']} of the companies file"
    if row["status"] == "open":
        return False, f"not finished: its last stage so far is {row['current_stage']}"
    if row["status"] != "ready":
        return False, f"not delivered: a company {phrase(row['cause'])}: {row['reason']}"
    if found["ready_before"] >= run.request.target_quantity:
        asked = run.request.target_quantity
        return False, f"not delivered: a spare; {asked} asked for, as many were found before it"
    if found["exported"]:
        return False, "not delivered: it is ready, and the newest export leaves it out"
    return False, "not delivered yet: it is ready for the export"


def _subject(
    row: Json, fields: Iterable[str], key: str, facts: Iterable[Json], gaps: Iterable[Json]
) -> Subject:
    """The values of a row that are not empty, each with the evidence that agrees with it first."""
    own: dict[str, list[Json]] = {}
    for fact in facts:
        if fact["subject"] == key:
            kept = {name: fact[name] for name in fact if name not in ("subject", "field")}
            kept["seen_at"] = fact["seen_at"].isoformat()
            own.setdefault(fact["field"], []).append(kept)
    values = [
        {
            "field": field,
            "value": row[field],
            "evidence": sorted(own.get(field, []), key=lambda one: one["value"] != str(row[field])),
        }
        for field in fields
        if row[field] not in ("", None, [])
    ]
    values += [
        {"field": field, "value": fact["value"], "evidence": [fact]}
        for field in sorted(own.keys() - set(fields))
        for fact in own[field]
    ]
    absences = [
        {name: gap[name] for name in gap if name != "subject"}
        for gap in gaps
        if gap["subject"] == key
        and (gap["kind"] == "withheld" or row.get(gap["field"]) in ("", None, []))
    ]
    return Subject(row, tuple(values), tuple(absences))
