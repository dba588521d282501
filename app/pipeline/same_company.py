"""Which rows are one company at one place: pairwise decisions with reasons, and groups.

Branches of a chain and departments of a bigger place are companies of their own here: the same
brand at another address is another place. Nothing is looked up; the order of rows does not matter.
The rules, their weights and where these come from: app/pipeline/_same_company/rules.py.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from app.pipeline._same_company.blocks import BLOCK, blocking_keys, candidate_pairs
from app.pipeline._same_company.joining import joined
from app.pipeline._same_company.phones import phone_key
from app.pipeline._same_company.rules import DISAGREEING, RULES, START, Rule
from app.pipeline._same_company.traits import Place, Traits, met_rules, read_place
from app.records.company import Company

__all__ = [
    "DISAGREEING",
    "RULES",
    "Group",
    "Match",
    "Merge",
    "Place",
    "Register",
    "Row",
    "Rule",
    "decide",
    "group",
    "loudest",
    "place_of",
    "read_row",
]

MOST_OF_A_KEY = BLOCK
"""So many companies of one key are remembered, the first ones, and compared with a row."""
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


@dataclass(frozen=True, slots=True)
class Row:
    """A place, read once for all that it is compared with. `keys`: two rows without a common one
    are never compared; 64-bit numbers. Two keys may have one number; then two rows too many are."""

    place: Place
    traits: Traits
    keys: tuple[int, ...]


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


def read_row(place: Place, keys: tuple[int, ...] | None = None) -> Row:
    """A row with its blocking keys, or those by which it is known."""
    traits = read_place(place)
    return Row(place, traits, _numbers(place, traits) if keys is None else keys)


class Register:
    """Companies, one after the other, and which of those before it a row is.

    What is found depends on the companies that were added before and on nothing else: neither on
    what follows, nor on where a batch ended. A key knows the first BLOCK companies that have it.
    `ref` is whatever the caller calls a company by.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[int, Row]] = []
        self._by_key: dict[int, list[int]] = defaultdict(list)
        self._replaced: set[int] = set()

    def add(self, ref: int, row: Row) -> tuple[int, ...]:
        """Add a company; the keys that had room for it."""
        roomy = tuple(key for key in row.keys if len(self._by_key[key]) < BLOCK)
        for key in roomy:
            self._by_key[key].append(len(self._entries))
        self._entries.append((ref, row))
        return roomy

    def replace(self, ref: int) -> None:
        """Another row stands for this company now: it is compared no more, and keeps its room."""
        self._replaced.add(ref)

    def find(self, row: Row) -> tuple[int, Place, Match] | None:
        """The company that a row is, as it was added. The surest of the BLOCK that have the most
        keys in common with it; of equally sure ones the first."""
        shared = Counter(entry for key in row.keys for entry in self._by_key.get(key, ()))
        nearest = sorted(shared, key=lambda entry: (-shared[entry], entry))
        open_ones = [one for one in nearest if self._entries[one][0] not in self._replaced]
        if not open_ones:
            return None
        traits = self._with_shared_phone(row.traits)
        found: tuple[int, Place, Match] | None = None
        for entry in open_ones[:BLOCK]:
            ref, other = self._entries[entry]
            match = _compared(other, row.place, traits)
            if match.same and (not found or match.confidence > found[2].confidence):
                found = ref, other.place, match
        return found

    def _with_shared_phone(self, row: Traits) -> Traits:
        """A phone that more than SHARED names state, this row's among them, says little."""
        entries = self._by_key.get(_number(f"phone {phone_key(row.phone)}"), ())
        names = {self._entries[entry][1].traits.name.squeezed for entry in entries}
        is_shared = bool(row.phone) and len(names | {row.name.squeezed}) > SHARED
        return replace(row, shared_phone=True) if is_shared else row


def loudest(match: Match) -> str:
    """The rule that speaks loudest for two rows being one."""
    return max(match.reasons, key=lambda rule: RULES[rule].weight, default="")


def _compared(known: Row, place: Place, traits: Traits) -> Match:
    if known.place == place:
        return _match(("row.same",))
    one, two = (known.traits, traits)
    if _content(place) < _content(known.place):
        one, two = two, one
    reasons = met_rules(one, two)
    if place.domain and place.domain == known.place.domain:
        reasons = ("row.domain", *reasons)
    return _match(reasons)


def _numbers(place: Place, traits: Traits) -> tuple[int, ...]:
    keys = {*blocking_keys(traits), *([f"domain {place.domain}"] if place.domain else ())}
    return tuple(sorted(map(_number, keys)))


def _number(key: str) -> int:
    digest = blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _match(reasons: tuple[str, ...]) -> Match:
    score = round(START + sum(RULES[reason].weight for reason in reasons), 6)
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
