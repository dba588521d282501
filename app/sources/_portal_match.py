"""Whose portal is it? The names of portals against places, by name, city and domain.

rule        what equals the portal's name                                        score  confidence
domain      the label of the firm's own domain (oak-pm.com is oakpm)               100   0.6
name_city   the whole name, or the name without words of trade, with the city       97   0.55
name        the whole name in one of its spellings                                  95   0.5
close       nearly the whole name: rapidfuzz ratio of 92 or more, times 0.9      83-90   0.4
core        the name without words of trade ("maple" of Maple Rentals LLC), or       85   0.35
            a name of one word

A portal goes to the firm with the best score. It goes to nobody where another firm comes within 5
points: one shared ordinary word is not one company. The same domain, or the same name in the same
city, is the same firm; of its rows the first one with a website counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from app.crawl.domains import registrable
from app.fingerprints import load
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import folded
from app.sources._portal_names import compact, core_of, full_forms, is_one_word

MARGIN = 5.0
CLOSE = 92.0
_CLOSE_WEIGHT = 0.9
_LEAST = MappingProxyType({"domain": 4, "name_city": 7, "name": 5, "close": 10, "core": 5})
"""Letters that a portal's name must have, so that the rule may apply."""
_SCORES = MappingProxyType({"domain": 100.0, "name_city": 97.0, "name": 95.0, "core": 85.0})
CONFIDENCE: Mapping[str, float] = MappingProxyType(
    {"domain": 0.6, "name_city": 0.55, "name": 0.5, "close": 0.4, "core": 0.35}
)
_PREFIX = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a portal may belong to, by `rule`."""

    rule: str
    score: float
    place: Found


class Matcher:
    """Takes places one by one; keeps the two best firms of each portal's name."""

    def __init__(self, slugs: Iterable[str]) -> None:
        self._names = {slug: _names_of(slug) for slug in sorted(slugs)}
        self._best: dict[str, list[Match]] = {}
        self._near: dict[str, list[str]] = {}
        self._wanted = dict.fromkeys(name for names in self._names.values() for name in names)
        for name in self._wanted:
            self._near.setdefault(name[:_PREFIX], []).append(name)

    def offer(self, place: Found) -> None:
        """Weigh a place against every portal's name."""
        best: dict[str, tuple[float, str]] = {}
        for name, rule, score in self._candidates(place.company):
            if name in self._wanted and len(name) >= _LEAST[rule]:
                best[name] = max(best.get(name, (0.0, "")), (score, rule))
        for name, (score, rule) in best.items():
            self._best[name] = _two_best([*self._best.get(name, []), Match(rule, score, place)])

    def matches(self) -> dict[str, Match]:
        """Portal's name -> its firm, without the ambiguous and those without an own website."""
        found = {
            slug: _two_best([match for name in names for match in self._best.get(name, [])])
            for slug, names in self._names.items()
        }
        return {
            slug: firms[0]
            for slug, firms in found.items()
            if firms
            and (len(firms) == 1 or firms[0].score - firms[1].score > MARGIN)
            and own_domain(firms[0].place.company)
        }

    def _candidates(self, company: Company) -> Iterator[tuple[str, str, float]]:
        """(a name that a portal of this firm may have, rule, score)."""
        label = own_domain(company).partition(".")[0]
        yield compact(label), "domain", _SCORES["domain"]
        forms, core, city = full_forms(company.name), core_of(company.name), compact(company.city)
        for form in forms if core else forms[:1]:
            if form != core or not is_one_word(company.name):
                yield form, "name", _SCORES["name"]
            if city:
                yield form + city, "name_city", _SCORES["name_city"]
        if core:
            yield core, "core", _SCORES["core"]
            if city and not core.endswith(city):
                yield core + city, "name_city", _SCORES["name_city"]
        for form in forms[:1]:
            near = self._near.get(form[:_PREFIX], ())
            for name, ratio, _ in process.extract(
                form, near, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=None, processor=None
            ):
                yield name, "close", ratio * _CLOSE_WEIGHT


def _names_of(slug: str) -> tuple[str, ...]:
    """A portal's name, also without the "book" that stands before it at some vendors."""
    name = compact(slug)
    rest = name.removeprefix("book")
    return (name, rest) if rest != name and len(rest) >= _LEAST["name"] else (name,)


def own_domain(company: Company) -> str:
    """The domain of the firm's own website; "" without one, and for a page at a vendor."""
    return "" if company.domain in _vendor_domains() else company.domain


@cache
def _vendor_domains() -> frozenset[str]:
    vendors = load().vendors
    hosts = [portal.host for vendor in vendors for portal in vendor.portals]
    return frozenset(registrable(host) for host in (*hosts, *(each.site for each in vendors)))


def _two_best(found: list[Match]) -> list[Match]:
    """The two best firms, each by its best row; the first offered wins a tie."""
    firms: list[Match] = []
    for match in sorted(found, key=lambda each: -each.score):
        same = next((i for i, each in enumerate(firms) if _is_same(each, match)), None)
        if same is None:
            firms.append(match)
        elif not own_domain(firms[same].place.company) and own_domain(match.place.company):
            firms[same] = Match(firms[same].rule, firms[same].score, match.place)
    return firms[:2]


def _is_same(one: Match, other: Match) -> bool:
    a, b = one.place.company, other.place.company
    if own_domain(a) and own_domain(b):
        return own_domain(a) == own_domain(b)
    return (folded(a.name), folded(a.city), a.state) == (folded(b.name), folded(b.city), b.state)
