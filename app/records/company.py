"""A company of a run."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Company:
    """One row per (run, domain). Empty string or None = not known.

    `ordinal` is the place in which the run discovered it (1, 2, ...): files keep this order.
    `domain` is the registrable domain, lower case ("example.com" of "https://www.example.com/x"),
    or the full host where many firms share one domain (app.crawl.domains). `icp_rules`: each rule
    that applied, as {rule, verdict, points, weight, confidence, why}.
    """

    name: str
    domain: str = ""
    website: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    category: str = ""
    pms_detected: str = ""
    units_estimate: int | None = None
    company_type: str = ""
    description: str = ""
    icp_fit: bool | None = None
    icp_tier: str = ""
    icp_confidence: float | None = None
    disqualifiers: tuple[str, ...] = ()
    icp_rules: tuple[dict[str, Any], ...] = ()
    discovery_source: str = ""
    source_ref: str = ""
    ordinal: int = 0
    id: int = 0
