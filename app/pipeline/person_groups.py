"""Mentions of people -> people: one person on three pages, under three spellings, is one person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.pipeline.nicknames import same_given
from app.records.evidence import Evidence
from app.records.person_name import PersonName, folded_name, parse_person_name


@dataclass(frozen=True, slots=True)
class Person:
    """All evidence about one person, in the order given. `key` is that of the name chosen."""

    key: str
    name: PersonName
    full_name: str
    evidence: tuple[Evidence, ...]

    def of(self, field: str) -> list[Evidence]:
        """The evidence for a field."""
        return [one for one in self.evidence if one.field == field]

    @property
    def pages(self) -> int:
        """On how many pages the person is named."""
        return len({one.source_url for one in self.of("full_name")})


def group_people(evidence: Iterable[Evidence]) -> list[Person]:
    """The people that the evidence is about (facts with a subject), by key.

    Merged are: equal keys; a name that is a shorter form of exactly one other ("Jordi Mon" and
    "Jordi Mon Companys", "Charles King" and "Charles King Jr."); a nickname or initial with the
    same family name and no other address ("Bob" and "Robert"); two letters changed about in the
    given name. Anything that could be two people stays apart.
    """
    by_key: dict[str, list[Evidence]] = {}
    for one in evidence:
        if one.subject:
            by_key.setdefault(one.subject, []).append(one)
    mentions = [person for key in sorted(by_key) if (person := _person(by_key[key]))]
    for alike in (_is_shorter_form, _is_other_given, _is_slip):
        mentions = _merged(mentions, alike)
    return sorted(mentions, key=lambda person: person.key)


def _person(facts: Sequence[Evidence]) -> Person | None:
    """The person that these facts are about, named as most fully and most surely written."""
    names = [one for one in facts if one.field == "full_name" and parse_person_name(one.value)]
    if not names:
        return None
    key = max(sorted({one.subject for one in names}), key=lambda key: _weight(key, names))
    best = max(
        (one for one in names if one.subject == key),
        key=lambda one: (len(one.value.split()), one.confidence, one.value),
    )
    parsed = parse_person_name(best.value)
    assert parsed is not None
    return Person(best.subject, parsed, best.value, tuple(facts))


def _weight(key: str, names: Sequence[Evidence]) -> tuple[int, float, int, int]:
    """How well one spelling is attested: pages, confidence; then fewer words, written out."""
    own = [one for one in names if one.subject == key]
    pages = len({one.source_url for one in own})
    return pages, max(one.confidence for one in own), -key.count("-"), len(key)


def _merged(people: Sequence[Person], alike: Callable[[Person, Person], bool]) -> list[Person]:
    """People of whom one is surely the other, joined. Who is like two others stays alone."""
    targets: dict[str, str] = {}
    for one in people:
        others = [other for other in people if other is not one and alike(one, other)]
        if len(others) == 1 and not _conflict(one, others[0]):
            targets[one.key] = others[0].key
    joined: dict[str, list[Evidence]] = {}
    for one in people:
        joined.setdefault(_root(one.key, targets), []).extend(one.evidence)
    return [person for key in sorted(joined) if (person := _person(joined[key]))]


def _root(key: str, targets: Mapping[str, str]) -> str:
    seen = [key]
    while seen[-1] in targets and targets[seen[-1]] not in seen:
        seen.append(targets[seen[-1]])
    return min(seen) if seen[-1] in targets else seen[-1]


def _conflict(one: Person, other: Person) -> bool:
    """Whether they have addresses of their own, and not the same ones."""
    for field in ("email", "linkedin_url"):
        mine = {fact.value.lower() for fact in one.of(field)}
        theirs = {fact.value.lower() for fact in other.of(field)}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _words(person: Person) -> list[str]:
    return person.key.split("-")


def _is_shorter_form(one: Person, other: Person) -> bool:
    """The same given name, and every further word of one is a word of the other, who has more."""
    mine, theirs = _words(one), _words(other)
    return len(mine) < len(theirs) and mine[0] == theirs[0] and set(mine) < set(theirs)


def _is_other_given(one: Person, other: Person) -> bool:
    """The same family name, and the given name a nickname or initial of the other's."""
    if folded_name(one.name.family) != folded_name(other.name.family):
        return False
    if one.name.generation != other.name.generation:
        return False
    mine, theirs = folded_name(one.name.given), folded_name(other.name.given)
    shorter = len(mine) < len(theirs) or (len(mine) == len(theirs) and mine < theirs)
    return mine != theirs and shorter and same_given(one.name.given, other.name.given)


def _is_slip(one: Person, other: Person) -> bool:
    """ "Ashely" for "Ashley": the same letters of the given name, the same family name."""
    if folded_name(one.name.family) != folded_name(other.name.family):
        return False
    mine, theirs = folded_name(one.name.given), folded_name(other.name.given)
    rarer = (one.pages, one.key) < (other.pages, other.key)
    return len(mine) > 4 and mine != theirs and sorted(mine) == sorted(theirs) and rarer
