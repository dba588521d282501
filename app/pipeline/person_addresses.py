"""Which e-mail address is whose: published ones first, then, labelled so, inferred ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.pipeline.mailbox_names import Fit, is_free_domain, is_role_mailbox, mailbox_fit
from app.pipeline.person_groups import Person
from app.records.evidence import Evidence
from app.records.person_name import PersonName, folded_name

NAMED_FULL, NAMED_PART = 0.8, 0.7
LEAST_EXAMPLES = 2
CLEAR_SHARE = 0.75
INFERRED_FIRST, INFERRED_MORE, INFERRED_MOST = 0.5, 0.05, 0.7


@dataclass(frozen=True, slots=True)
class Addresses:
    """By person key: the evidence for the address, best first; and who has none because two people
    could have it."""

    chosen: Mapping[str, tuple[Evidence, ...]]
    conflicting: frozenset[str]


def published(people: Sequence[Person], company: Sequence[Evidence], domain: str) -> Addresses:
    """The address that the site publishes for each person. `company`: the site's addresses, without
    a person: one whose local part names exactly one of the people is that person's."""
    held = {person.key: person.of("email") for person in people}
    conflicting = _settle_conflicts(people, held)
    taken = {one.value.lower() for facts in held.values() for one in facts}
    domains = {domain, *(address.rpartition("@")[2] for address in taken)}
    for value, facts in _by_value(company).items():
        if value in taken or is_role_mailbox(value):
            continue
        if (key := _named(value, people, domains)) and not held[key]:
            fit = mailbox_fit(value, next(one.name for one in people if one.key == key))
            sure = NAMED_FULL if fit is Fit.FULL else NAMED_PART
            held[key] = [
                replace(
                    one,
                    subject=key,
                    confidence=min(sure, one.confidence),
                    rule="email.names_person",
                )
                for one in facts
            ]
    chosen = {key: _best_address(facts, domain) for key, facts in held.items() if facts}
    return Addresses(chosen, frozenset(conflicting))


def _by_value(company: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for one in company:
        if one.field == "email" and not one.subject:
            found.setdefault(one.value.lower(), []).append(one)
    return dict(sorted(found.items()))


def _settle_conflicts(people: Sequence[Person], held: dict[str, list[Evidence]]) -> set[str]:
    """An address of two people goes to the one it names, else to nobody."""
    owners: dict[str, set[str]] = {}
    for key, facts in held.items():
        for one in facts:
            owners.setdefault(one.value.lower(), set()).add(key)
    names = {person.key: person.name for person in people}
    conflicting: set[str] = set()
    for value, keys in owners.items():
        fits = {key: mailbox_fit(value, name) for key, name in names.items()}
        best = max(fits.values())
        fitting = {key for key, fit in fits.items() if fit is best}
        right = (
            fitting if best >= Fit.PART and len(fitting) == 1 else keys if len(keys) == 1 else set()
        )
        if best is Fit.FULL and len(keys) == 1 and not keys <= fitting:
            right = set()
        for key in keys - right:
            held[key] = [one for one in held[key] if one.value.lower() != value]
            conflicting.add(key)
    return {key for key in conflicting if not held[key]}


def _named(value: str, people: Sequence[Person], domains: set[str]) -> str:
    """The key of the one person that the local part names; part of a name counts on the company's
    own domain only."""
    fits = {person.key: mailbox_fit(value, person.name) for person in people}
    best = max(fits.values(), default=Fit.NONE)
    fitting = [key for key, fit in fits.items() if fit is best]
    host = value.rpartition("@")[2]
    own = host in domains and not is_free_domain(host)
    if len(fitting) != 1 or not (best is Fit.FULL or (best is Fit.PART and own)):
        return ""
    return fitting[0]


def _best_address(facts: Sequence[Evidence], domain: str) -> tuple[Evidence, ...]:
    """All evidence for the best address: own domain first, then confidence, then how often seen."""
    seen = Counter(one.value.lower() for one in facts)
    best = min(
        facts,
        key=lambda one: (
            not one.value.lower().endswith(f"@{domain}"),
            -one.confidence,
            -seen[one.value.lower()],
            one.value,
        ),
    )
    same = [one for one in facts if one.value.lower() == best.value.lower()]
    return tuple(sorted(same, key=lambda one: (-one.confidence, one.source_url)))


def inferred(
    people: Sequence[Person],
    addresses: Addresses,
    taken: set[str],
    now: datetime,
) -> dict[str, Evidence]:
    """Addresses made by the pattern of two or more published ones of the same domain.

    Only where the pattern is clear (all examples, or three quarters of four and more), the domain
    is no free-mail host and that of three quarters of those with an address elsewhere, and the
    address is nobody else's. Nobody gets one whose printed address is in doubt. `taken`: every
    address that is known.
    """
    known = addresses.chosen
    examples: dict[str, list[tuple[PersonName, str]]] = {}
    for person in people:
        for one in known.get(person.key, ())[:1]:
            host = one.value.rpartition("@")[2].lower()
            if not is_free_domain(host):
                examples.setdefault(host, []).append((person.name, one.value.lower()))
    if not examples:
        return {}
    host, shown = max(sorted(examples.items()), key=lambda item: len(item[1]))
    clear = len(shown) >= CLEAR_SHARE * sum(map(len, examples.values()))
    found = _pattern(shown) if clear else None
    if found is None:
        return {}
    pattern, agreeing = found
    made: dict[str, str] = {}
    for person in people:
        has = known.get(person.key) or person.key in addresses.conflicting
        if not has and (local := _local(pattern, person.name)):
            made[person.key] = f"{local}@{host}"
    often = Counter(made.values())
    sure = min(INFERRED_MOST, INFERRED_FIRST + INFERRED_MORE * (len(agreeing) - LEAST_EXAMPLES))
    return {
        key: _inferred_fact(key, value, pattern, agreeing, sure, known, now)
        for key, value in made.items()
        if value not in taken and often[value] == 1
    }


def _inferred_fact(
    key: str,
    value: str,
    pattern: str,
    agreeing: list[str],
    sure: float,
    known: Mapping[str, tuple[Evidence, ...]],
    now: datetime,
) -> Evidence:
    source = next(
        facts[0].source_url for facts in known.values() if facts[0].value.lower() in agreeing
    )
    quote = f"pattern {pattern}, as in {', '.join(agreeing[:4])}"
    return Evidence(
        "email",
        value,
        source,
        quote,
        "inferred",
        round(sure, 2),
        f"email.inferred.{pattern}",
        now,
        key,
    )


def _pattern(shown: Sequence[tuple[PersonName, str]]) -> tuple[str, list[str]] | None:
    """The pattern that the examples follow, with those that do."""
    if len(shown) < LEAST_EXAMPLES:
        return None
    support: dict[str, list[str]] = {}
    for name, value in shown:
        for pattern in _PATTERNS:
            if _local(pattern, name) == value.partition("@")[0]:
                support.setdefault(pattern, []).append(value)
    if not support:
        return None
    ranked = sorted(support.items(), key=lambda item: (-len(item[1]), _PATTERNS.index(item[0])))
    pattern, agreeing = ranked[0]
    if len(ranked) > 1 and len(ranked[1][1]) == len(agreeing):
        return None
    if len(agreeing) < LEAST_EXAMPLES or len(agreeing) < CLEAR_SHARE * len(shown):
        return None
    return pattern, sorted(agreeing)


_PATTERNS = (
    "first",
    "last",
    "first.last",
    "firstlast",
    "flast",
    "f.last",
    "firstl",
    "first.l",
    "first_last",
    "first-last",
    "last.first",
    "lastf",
    "lastfirst",
    "fl",
)


def _local(pattern: str, name: PersonName) -> str:
    """The local part by a pattern, or "" where the name does not say which word to take."""
    given, family = folded_name(name.given), folded_name(name.family)
    if " " in given or len(given) < 2 or not given.isascii() or not family.isascii():
        return ""
    if (" " in family or len(name.surnames) > 1) and pattern != "first":
        return ""
    parts = {"first": given, "last": family, "f": given[0], "l": family[0]}
    if pattern in ("first", "last"):
        return parts[pattern]
    for separator in (".", "_", "-"):
        if separator in pattern:
            return separator.join(parts[part] for part in pattern.split(separator))
    joined = {
        "firstlast": given + family,
        "flast": given[0] + family,
        "firstl": given + family[0],
        "lastf": family + given[0],
        "lastfirst": family + given,
        "fl": given[0] + family[0],
    }
    return joined[pattern]
