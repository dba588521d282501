"""Websites: whose identity one is, and how two of them compare."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from app.pipeline._same_company.words import words
from app.pipeline.mailbox_names import is_free_domain

ALIKE = 86.0
"""rapidfuzz ratio (0 to 100) from which the first labels of two domains are alike."""
NAME_ALIKE = 80.0
"""The same for a name and a domain."""
_MAX = 500


@dataclass(frozen=True, slots=True)
class Web:
    """`identity`: the domain, or the host where a site is let to many; "" for sites on which many
    have a page. `page`: host and path below the site's front page; "" for that and for pages that
    every site has."""

    identity: str
    page: str


UNKNOWN = Web("", "")


def read_web(domain: str, website: str) -> Web:
    """What is known of a website. `domain` is registrable; the query is left out."""
    lexicon = words()
    domain = domain.strip().lower()
    host, path = _split(website)
    if not domain:
        domain = host
    identity = domain
    if domain in lexicon.tenant_domains:
        identity = host if host != domain else ""
    elif domain in lexicon.shared_domains or is_free_domain(domain):
        identity = ""
    steps = [step for step in path.split("/") if step]
    own = [step for step in steps if step not in lexicon.common_pages]
    return Web(identity, f"{host}/{'/'.join(steps)}" if own and host else "")


def compare_webs(a: Web, b: Web) -> str:
    """The id of the rule that two websites meet; "" where nothing can be compared."""
    if a.page and a.page == b.page:
        return "web.page"
    if not a.identity or not b.identity:
        return ""
    if a.identity == b.identity:
        return "web.other_page" if a.page and b.page else "web.domain"
    one, other = a.identity.partition(".")[0], b.identity.partition(".")[0]
    if one == other or (len(one) > 5 < len(other) and fuzz.ratio(one, other) >= ALIKE):
        return "web.like"
    return "web.other"


def spells_domain(squeezed: str, web: Web) -> bool:
    """Whether a name without its spaces is, nearly, the first label of a domain."""
    label = web.identity.partition(".")[0].replace("-", "")
    return len(label) > 4 and fuzz.ratio(squeezed, label) >= NAME_ALIKE


def _split(website: str) -> tuple[str, str]:
    try:
        parts = urlsplit(website[:_MAX].strip().lower())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return host.removeprefix("www."), parts.path
