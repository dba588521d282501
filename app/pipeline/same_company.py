"""Which rows are one company at one place: pairwise decisions with reasons, and groups.

Branches of a chain and departments of a bigger place are companies of their own here: the same
brand at another address is another place. Nothing is looked up; the order of rows does not matter.
The rules, their weights and where these come from: app/pipeline/_same_company/rules.py.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.pipeline._same_company.blocks import BLOCK, blocking_keys, candidate_pairs
from app.pipeline._same_company.joining import joined
from app.pipeline._same_company.phones import phone_key
from app.pipeline._same_company.rules import RULES, START, Rule
from app.pipeline._same_company.traits import Place, Traits, met_rules, read_place
from app.records.company import Company

__all__ = [
    "RULES",
    "Group",
    "Match",
    "Merge",
    "Place",
    "Rule",
    "decide",
    "group",
    "match_earlier",
    "match_keys",
    "place_of",
]

SHARED = 5
"""A phone or a domain that more different names than this state is a call centre's, or a site on
which many firms have a page: nobody's identity."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whether two rows are one company. `confidence`: how sure that answer is, 0.5 to 1.
    `reasons`: ids of all rules that the rows meet, for it and against, in the order of RULES."""

    same: bool
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two rows, by their place in what was given, that brought their groups together."""

    one: int
    two: int
    match: Match


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are one company, by their place in what was given; `merges` is one fewer."""

    members: tuple[int, ...]
    merges: tuple[Merge, ...]


def place_of(company: Company) -> Place:
    """The columns of a company that tell which one it is."""
    return Place(
        company.name,
        company.domain,
        company.website,
        company.phone,
        company.street,
        company.city,
        company.state,
        company.postcode,
        company.country,
    )


def decide(a: Place, b: Place) -> Match:
    """Whether two rows are one company at one place. decide(a, b) == decide(b, a)."""
    if a == b:
        return _match(("row.same",))
    first, second = sorted((a, b), key=_content)
    return _match(met_rules(read_place(first), read_place(second)))


def group(rows: Iterable[Place]) -> list[Group]:
    """Every row in exactly one group, groups in the order of their first rows.

    Only rows with a blocking key in common are compared. No group holds two rows that were compared
    and found to be two; where that leaves a choice, the surest pair is joined first.
    """
    positions: dict[Place, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        positions[row].append(position)
    places = sorted(positions, key=_content)
    traits = _without_shared([read_place(place) for place in places])
    same: dict[tuple[int, int], Match] = {}
    apart: list[tuple[int, int]] = []
    for one, two in candidate_pairs(traits):
        match = _match(met_rules(traits[one], traits[two]))
        if match.same:
            same[one, two] = match
        else:
            apart.append((one, two))
    linked = {row for pair in same for row in pair}
    parted = [(one, two) for one, two in apart if one in linked and two in linked]
    roots, used = joined(len(places), {pair: m.confidence for pair, m in same.items()}, parted)
    where = [positions[place] for place in places]
    return _groups(where, roots, {pair: same[pair] for pair in used})


def match_keys(place: Place) -> tuple[str, ...]:
    """The blocking keys of a row: two rows without a common one are never compared."""
    return tuple(sorted(blocking_keys(read_place(place))))


def match_earlier(known: Sequence[Place], rows: Sequence[Place]) -> list[Merge | None]:
    """For each of `rows`, in their order: which of `known`, or of the rows before it, it is.

    `one` and `two` of a merge count through `known` and then `rows`. The surest match is taken, of
    equally sure ones the first. A row that is another one is not compared with those that follow.
    At most 16 are compared with each: those with the most blocking keys in common.
    """
    places = [*known, *rows]
    traits = _without_shared([read_place(place) for place in places])
    by_key: dict[str, list[int]] = defaultdict(list)
    found: list[Merge | None] = []
    for two, row in enumerate(traits):
        merge = _surest(places, traits, by_key, two) if two >= len(known) else None
        found.append(merge)
        for key in blocking_keys(row) if merge is None else ():
            by_key[key].append(two)
    return found[len(known) :]


def _surest(
    places: Sequence[Place], traits: Sequence[Traits], by_key: Mapping[str, list[int]], two: int
) -> Merge | None:
    shared = Counter(one for key in blocking_keys(traits[two]) for one in by_key.get(key, ()))
    nearest = sorted(shared, key=lambda one: (-shared[one], one))[:BLOCK]
    merges = [Merge(one, two, _compared(places, traits, one, two)) for one in nearest]
    same = [merge for merge in merges if merge.match.same]
    return min(same, key=lambda merge: (-merge.match.confidence, merge.one), default=None)


def _compared(places: Sequence[Place], traits: Sequence[Traits], one: int, two: int) -> Match:
    if places[one] == places[two]:
        return _match(("row.same",))
    first, second = sorted((one, two), key=lambda each: _content(places[each]))
    return _match(met_rules(traits[first], traits[second]))


def _match(reasons: tuple[str, ...]) -> Match:
    score = START + sum(RULES[reason].weight for reason in reasons)
    return Match(score > 0, round(1 / (1 + math.exp(-abs(score))), 4), reasons)


def _content(place: Place) -> tuple[str, ...]:
    return (
        *(place.name, place.domain, place.website, place.phone, place.street, place.city),
        *(place.state, place.postcode, place.country, str(place.latitude), str(place.longitude)),
    )


def _without_shared(rows: list[Traits]) -> list[Traits]:
    """The rows, without what many different names have in common."""
    phones: dict[str, set[str]] = defaultdict(set)
    domains: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.phone:
            phones[phone_key(row.phone)].add(row.name.squeezed)
        if row.web.identity:
            domains[row.web.identity].add(row.name.squeezed)
    shared_phones = {phone for phone, names in phones.items() if len(names) > SHARED}
    shared_domains = {domain for domain, names in domains.items() if len(names) > SHARED}
    found = []
    for row in rows:
        if phone_key(row.phone) in shared_phones:
            row = replace(row, shared_phone=True)
        if row.web.identity in shared_domains:
            row = replace(row, web=replace(row.web, identity=""))
        found.append(row)
    return found


def _groups(
    where: Sequence[Sequence[int]],
    roots: Sequence[int],
    used: dict[tuple[int, int], Match],
) -> list[Group]:
    """`where`: the positions of each distinct row; equal rows are one by definition."""
    rows: dict[int, list[int]] = defaultdict(list)
    merges: dict[int, list[Merge]] = defaultdict(list)
    equal = _match(("row.same",))
    for one, positions in enumerate(where):
        rows[roots[one]] += positions
        merges[roots[one]] += [Merge(positions[0], other, equal) for other in positions[1:]]
    for (one, two), match in used.items():
        first, second = sorted((where[one][0], where[two][0]))
        merges[roots[one]].append(Merge(first, second, match))
    found = [
        Group(tuple(sorted(rows[root])), tuple(sorted(merges[root], key=_place_in_list)))
        for root in rows
    ]
    return sorted(found, key=lambda each: each.members)


def _place_in_list(merge: Merge) -> tuple[int, int]:
    return merge.one, merge.two
