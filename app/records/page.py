"""A fetched page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a site: `url` after redirects, body as bytes (content-encoding undone, cut at
    the cap). `charset` is what the header said, or empty."""

    url: str
    status: int
    content_type: str
    charset: str
    body: bytes
    fetched_at: datetime
    truncated: bool = False
