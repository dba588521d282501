"""Fingerprints: how the software that a firm uses shows on its site. One TOML file per vendor.

Keys of a file (its name is the vendor's id in rules, "rent_manager"):

vendor            the name as the vendor writes it
kind              property_management, vacation_rental, association: what pms_detected may hold;
                  software beside it: leasing (showings, screening, deposits), accounting
                  (payments), operations (repairs, papers), sales (listings, customers), booking
                  (hotels, parks, tours), practice (doctors, lawyers: appointments, intake), hiring
site              the vendor's own domain; a link there says nothing, except to its login page,
                  or to a host below it that is none of the vendor's own pages
portals           addresses that only customers have: "host" or "host/path", where "*." stands for
                  one or more labels; a path matches from its beginning, segment by segment
names             names in text, in any case
names_in_context  names that are ordinary words: case counts, and only beside words such as
                  "powered by" or "owner portal"
examples, not_examples   links and text that must, and must not, be found; the tests read them

Under "*." and below a site the hosts of a vendor's own pages (www, blog, help, ...) never match.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import urlsplit

Kind = Literal[
    "property_management",
    "vacation_rental",
    "association",
    "leasing",
    "accounting",
    "operations",
    "sales",
    "booking",
    "practice",
    "hiring",
]
PMS_KINDS: Final[frozenset[str]] = frozenset(
    ("property_management", "vacation_rental", "association")
)

_WORD: Final = re.compile(r"\w+")
_OWN_PAGES: Final = re.compile(
    r"(?:www|blogs?|\w*help\w*|\w*support|docs?|documentation|kb|knowledge\w*|learn|university|academy|"
    r"training|info|go|get|try|lp|pages?|landing|marketing|email|mail|click|links?|news|press|pr|ir|"
    r"investors?|careers|jobs|community|forum|status|developers?|api-?docs|marketplace|partners?|"
    r"events?|webinars?|resources|content|store|shop|demo|sales|use|trust|security|legal|engineering|"
    r"guidebooks?|v\d+|refer\w*|affiliates?|friends|reviews?|badges?)"
)
_LOGIN: Final = re.compile(
    r"(?:(?:owner|tenant|resident|user|guest|manager|customer|client|account|auth|member)s?[-_]?)?"
    r"(?:log[-_]?[io]n|sign[-_]?in|log[-_]?on)(?:\.\w{2,5})?",
    re.IGNORECASE,
)
_MARKETING_PATH: Final = re.compile(
    r"(?:blog|help|support|features?|articles?|resources|docs|products?|learn|faq|news|solutions)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Portal:
    """One pattern of `portals`: `host` without "*.", whether labels before it are asked for, and
    the lower-case segments that the path begins with."""

    host: str
    below: bool
    path: tuple[str, ...]

    def matches(self, host: str, path: tuple[str, ...]) -> bool:
        """Whether an address (lower-case host, lower-case path segments) is this portal."""
        if path[: len(self.path)] != self.path:
            return False
        if not self.below:
            return host == self.host
        if not host.endswith("." + self.host):
            return False
        first = host.removesuffix("." + self.host).removeprefix("www.").split(".")[0]
        return not _OWN_PAGES.fullmatch(first)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One vendor. `folded_names` are the names with themselves in lower case; `examples` and
    `not_examples` hold "links" and "text"."""

    id: str
    vendor: str
    kind: Kind
    site: str
    portals: tuple[Portal, ...]
    folded_names: tuple[tuple[str, str], ...]
    names_in_context: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Fingerprints:
    """All vendors, with an index from host to vendor."""

    def __init__(self, vendors: tuple[Fingerprint, ...]) -> None:
        self.vendors = vendors
        self._by_host: dict[str, list[tuple[Portal, Fingerprint]]] = {}
        self._by_site = {vendor.site: vendor for vendor in vendors}
        self.sites = frozenset(self._by_site)
        self._hosts = self.sites | {portal.host for each in vendors for portal in each.portals}
        self._by_word: dict[str, set[str]] = {}
        for vendor in vendors:
            for name in (*(low for _, low in vendor.folded_names), *vendor.names_in_context):
                for word in _WORD.findall(name.lower())[:1]:
                    self._by_word.setdefault(word, set()).add(vendor.id)
            for portal in vendor.portals:
                self._by_host.setdefault(portal.host, []).append((portal, vendor))

    def named_in(self, low: str) -> list[Fingerprint]:
        """The vendors that a text in lower case may name: it has the first word of a name."""
        words = self._by_word.keys() & set(_WORD.findall(low))
        named = {vendor for word in words for vendor in self._by_word[word]}
        return [vendor for vendor in self.vendors if vendor.id in named]

    def of_url(self, url: str) -> Fingerprint | None:
        """The vendor whose customer an address belongs to, or None."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return None
        labels = host.split(".")
        above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        if self._hosts.isdisjoint(above):
            return None
        path = tuple(segment for segment in parts.path.lower().split("/") if segment)
        for name in above:
            for portal, vendor in self._by_host.get(name, ()):
                if portal.matches(host, path):
                    return vendor
        site = next((name for name in above if name in self._by_site), "")
        customers = not _OWN_PAGES.fullmatch(labels[0])
        if host.removeprefix("www.") == site:
            customers = _is_login(path)
        return self._by_site[site] if site and customers else None


@cache
def load() -> Fingerprints:
    """The shipped fingerprints, read once. Raises ValueError naming a file that is wrong."""
    found = [entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml")]
    return Fingerprints(
        tuple(
            read(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8"))
            for entry in sorted(found, key=lambda entry: entry.name)
        )
    )


def read(name: str, text: str) -> Fingerprint:
    """One file's text. Raises ValueError with the file's name and what is wrong in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
        return Fingerprint(
            id=name,
            vendor=raw["vendor"],
            kind=_kind(raw["kind"]),
            site=raw["site"],
            portals=tuple(_portal(entry) for entry in raw["portals"]),
            folded_names=tuple((name, name.lower()) for name in raw["names"]),
            names_in_context=tuple(raw.get("names_in_context", ())),
            examples=_cases(raw["examples"]),
            not_examples=_cases(raw["not_examples"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"fingerprint {name}.toml: {error}") from error


def _kind(name: str) -> Kind:
    for kind in get_args(Kind):
        if kind == name:
            return cast("Kind", kind)
    raise ValueError(f"kind is {name!r}; known: {', '.join(get_args(Kind))}")


def _portal(entry: str) -> Portal:
    host, _, path = entry.lower().partition("/")
    below = host.startswith("*.")
    return Portal(host.removeprefix("*."), below, tuple(filter(None, path.split("/"))))


def _cases(table: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(table[key]) for key in ("links", "text")}


def _is_login(path: tuple[str, ...]) -> bool:
    return any(_LOGIN.fullmatch(segment) for segment in path) and not any(
        _MARKETING_PATH.fullmatch(segment) for segment in path
    )
