"""Redirects followed by hand: each hop is checked as the first address is."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from app.crawl.answer import Answer
from app.crawl.document import Document
from app.crawl.urls import absolute, clean
from app.errors import BadResponse, Refused
from app.records.page import Page

REFRESH_SECONDS = 5.0
NEVER_FETCHED = ("linkedin.com", "lnkd.in")

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_REFRESH_HINT = re.compile(rb"http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
_REFRESH = re.compile(
    r"\s*(\d{1,6}(?:\.\d*)?)\s*[;,\s]\s*url\s*=\s*[\"']?\s*([^\"']+)", re.IGNORECASE
)


def fetchable(url: str) -> str:
    """The address in its plain form. Raises Refused ("forbidden_scheme", "never_fetched")."""
    plain = clean(url)
    if not plain:
        raise Refused("forbidden_scheme", f"{url[:200]!r} is no http(s) address")
    host = urlsplit(plain).hostname or ""
    if any(host == name or host.endswith("." + name) for name in NEVER_FETCHED):
        raise Refused("never_fetched", f"{host} is never fetched")
    return plain


async def follow(url: str, get: Callable[[str], Awaitable[Answer]], limit: int) -> Answer:
    """The last answer of a chain of at most `limit` redirects that starts at `url`.

    A meta refresh within REFRESH_SECONDS is a redirect too. Raises what `get` raises, Refused for
    a target that may not be fetched, and BadResponse ("redirect_loop", "too_many_redirects",
    "bad_redirect").
    """
    url = fetchable(url)
    seen = {url}
    for _ in range(limit + 1):
        answer = await get(url)
        target = _location(answer) or _refresh(answer, seen)
        if not target:
            return answer
        if target in seen:
            raise BadResponse("redirect_loop", f"{url} leads back to itself")
        seen.add(target)
        url = target
    raise BadResponse("too_many_redirects", f"more than {limit} redirects, the last to {url}")


def _location(answer: Answer) -> str:
    """Where a 3xx answer points; "" when the answer is no redirect."""
    if answer.status not in _REDIRECTS:
        return ""
    if not answer.location or _CONTROLS.search(answer.location):
        raise BadResponse("bad_redirect", f"{answer.url} redirects to no address")
    target = absolute(answer.url, answer.location)
    return fetchable(target or answer.location)


def _refresh(answer: Answer, seen: set[str]) -> str:
    """Where a meta refresh points; "" for none, for a slow one, and for one back to where we were:
    such a page is shown as it is."""
    if answer.status != 200 or not _REFRESH_HINT.search(answer.body):
        return ""
    document = Document(_as_page(answer))
    for node in document.tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(node.attributes.get("content") or "")
        if found and float(found[1]) <= REFRESH_SECONDS and not _in_noscript(node):
            target = absolute(document.base, found[2])
            return fetchable(target) if target and target not in seen else ""
    return ""


def _in_noscript(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "noscript":
        parent = parent.parent
    return parent is not None


def _as_page(answer: Answer) -> Page:
    kind, charset = answer.content_type, answer.charset
    return Page(answer.url, answer.status, kind, charset, answer.body, answer.fetched_at)
