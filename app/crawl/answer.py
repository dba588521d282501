"""One answer of a host, before redirects are followed, and what makes a page of it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from app.errors import BadResponse, Unreachable
from app.records.page import Page

RETRY_AFTER_CAP = 86_400.0

_TEMPORARY = frozenset((408, 421, 425, 429))
_REASONS = {401: "forbidden", 403: "forbidden", 451: "forbidden", 404: "not_found", 410: "gone"}
_READABLE = re.compile(
    r"text/(?!css|javascript|calendar|vcard|csv).+|application/(?:[\w.-]+\+)?xml"
)
_PACKED = frozenset(
    ("application/gzip", "application/x-gzip", "application/octet-stream", "binary/octet-stream")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said to one request. `content_type` and `charset` are in lower case; `location`
    is as sent; `retry_after` in seconds."""

    url: str
    status: int
    fetched_at: datetime
    content_type: str = ""
    charset: str = ""
    body: bytes = b""
    truncated: bool = False
    location: str = ""
    retry_after: float | None = None


def page_of(answer: Answer) -> Page:
    """The page in a final answer. Raises Unreachable and BadResponse by its status and body."""
    check_temporary(answer)
    if not 200 <= answer.status < 300:
        cause = _REASONS.get(answer.status, f"http_{answer.status}")
        raise BadResponse(cause, f"{answer.url} answered {answer.status}")
    if not answer.body.strip():
        raise BadResponse("empty", f"{answer.url} is empty")
    check_type(answer)
    return Page(
        url=answer.url,
        status=answer.status,
        content_type=answer.content_type,
        charset=answer.charset,
        body=answer.body,
        fetched_at=answer.fetched_at,
        truncated=answer.truncated,
    )


def check_temporary(answer: Answer) -> None:
    """Raises Unreachable where the status says that a later request may fare better."""
    if answer.status >= 500 or answer.status in _TEMPORARY:
        cause = "rate_limited" if answer.status == 429 else "server_error"
        message = f"{answer.url} answered {answer.status}"
        raise Unreachable(cause, message, retry_after=answer.retry_after)


def check_type(answer: Answer) -> None:
    """Raises BadResponse("not_html") unless this is HTML, XML, plain text or a packed sitemap."""
    if not is_readable(answer.content_type, answer.url) or _is_binary(answer):
        kind = answer.content_type or "unnamed bytes"
        raise BadResponse("not_html", f"{answer.url} is {kind[:80]}, no page")


def is_readable(content_type: str, url: str) -> bool:
    """True for types that pages and sitemaps come in; a missing type is judged by the body."""
    if content_type in _PACKED:
        return urlsplit(url).path.endswith(".gz")
    return not content_type or bool(_READABLE.fullmatch(content_type))


def retry_after_seconds(header: str, now: datetime) -> float | None:
    """A Retry-After header (RFC 9110, 10.2.3) in seconds from now, at most a day; None for
    nonsense."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), RETRY_AFTER_CAP)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((when - now).total_seconds(), 0.0), RETRY_AFTER_CAP)


def _is_binary(answer: Answer) -> bool:
    """A picture or an archive that is sent as a page."""
    head = answer.body[:512]
    if answer.content_type in _PACKED or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\0" in head or head.startswith((b"%PDF-", b"\x1f\x8b"))
