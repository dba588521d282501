"""Portals: hosts that a vendor gives to its customers one by one ("maple.managebuilding.com").

The vendors and their hosts are those of app/fingerprints; a pattern with a path, or one host for
all customers, cannot be listed this way.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.fingerprints import PMS_KINDS, Fingerprint, load

_SHARED = re.compile(
    r"(?:\w*app|apps|apis?|cdn\d*|assets?|static|images?|imgs?|media|files?|uploads?|docs|auth|oauth|"
    r"sso|id|accounts?|login|signin|signup|register|secure|portals?|my|owners?|tenants?|residents?|"
    r"guests?|pay|payments?|admin|dev|test|testing|staging|stage|sandbox|qa|uat|beta|preview|prod|"
    r"web\d*|ww+\d*|ns\d*|mx\d*|smtp|ftp|m|mobile|widgets?|booking|book|search|track|analytics|"
    r"twa|data|graphql|gateway|proxy|service|services|system|hotels|apartments|rentals|homes)"
)
"""Hosts of a vendor that serve all its customers."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_LEAST_SLUG = 3


@dataclass(frozen=True, slots=True)
class Portal:
    """One customer's host at a vendor; `slug` is what the customer is called there."""

    host: str
    slug: str
    vendor: Fingerprint


class Portals:
    """The portals of some vendors. `domains`: what a host must end in, sorted, none of them below
    another."""

    def __init__(self, vendors: Iterable[Fingerprint]) -> None:
        self._by_domain: dict[str, Fingerprint] = {}
        for vendor in vendors:
            for portal in vendor.portals:
                if portal.below and not portal.path:
                    self._by_domain.setdefault(portal.host, vendor)
        self.domains = tuple(sorted(name for name in self._by_domain if not self._is_below(name)))

    def of_host(self, host: str) -> Portal | None:
        """The customer whose host this is; None for the vendor's own and shared hosts.

        One label between the vendor's domain and its shared labels is the customer's name:
        "maple" of owners.maple.twa.rentmanager.com.
        """
        bare = host.removeprefix("www.")
        labels = bare.split(".")
        cuts = (cut for cut in range(len(labels)) if ".".join(labels[cut:]) in self._by_domain)
        cut = next(cuts, 0)
        names = [label for label in labels[:cut] if not _SHARED.fullmatch(label)]
        if len(names) != 1 or not _is_slug(names[0]):
            return None
        vendor = self._by_domain[".".join(labels[cut:])]
        if load().of_url(f"https://{bare}/") is not vendor:  # blog., help., support. and the like
            return None
        return Portal(bare, names[0], vendor)

    def of_hosts(self, seen: Mapping[str, str]) -> dict[str, tuple[Portal, str]]:
        """Host -> (its portal, when it was seen last), from host -> when."""
        found: dict[str, tuple[Portal, str]] = {}
        for host, when in seen.items():
            portal = self.of_host(host)
            if portal and when >= found.get(portal.host, (portal, ""))[1]:
                found[portal.host] = (portal, when)
        return found

    def _is_below(self, domain: str) -> bool:
        parents = domain.split(".")
        return any(".".join(parents[start:]) in self._by_domain for start in range(1, len(parents)))


def _is_slug(label: str) -> bool:
    return len(label) >= _LEAST_SLUG and not label.isdigit() and bool(_LABEL.fullmatch(label))


def portals_for(pms: str) -> Portals:
    """The portals of the vendor that criteria name; of every vendor for ""."""
    vendors = (each for each in load().vendors if each.kind in PMS_KINDS)
    return Portals(each for each in vendors if not pms or each.vendor == pms)
