"""How much a crawl may take. Durations are seconds, sizes are bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one request, one host and one site."""

    page_bytes: int = 2_000_000
    """Of one page, after its content-encoding is undone; what is longer is cut and flagged."""
    robots_bytes: int = 512 * 1024
    """Of one robots.txt (RFC 9309, 2.5, asks for at least 500 KiB)."""

    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    """Longest silence of a server that has been connected to."""
    request_seconds: float = 30.0
    """The whole of one request, however busy the server looks."""

    redirects: int = 5
    tries: int = 3
    """Of one request, where a moment later may bring an answer."""
    retry_wait: float = 10.0
    """Longest Retry-After that is waited for on the spot; longer ones are left to the caller."""

    spacing: float = 1.0
    """Between the starts of two requests to one host."""
    spacing_cap: float = 10.0
    """Longest crawl-delay that a robots.txt may ask for."""

    visits: int = 2
    """Crawls of one site at once, in one process: less than a tenth of what it does at once."""
    pages: int = 12
    depth: int = 3
    """Links followed from the home page."""
    site_seconds: float = 300.0
    """The whole of one site; what is there by then is kept."""
