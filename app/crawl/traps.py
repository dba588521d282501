"""Addresses that are not worth a request, or that lead into a maze."""

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_SEGMENTS = 8
MAX_LENGTH = 400
MAX_PARAMETERS = 2

_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|csv|zip|rar|7z|t?gz|tar|exe|dmg|apk|msi|iso|"
    r"jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|heic|psd|eps|"
    r"mp3|mp4|m4[av]|mov|avi|wmv|webm|ogg|wav|flac|"
    r"css|js|mjs|json|xml|rss|atom|txt|ics|vcf|kml|gpx|woff2?|ttf|eot|otf|map)$",
    re.IGNORECASE,
)
_SEGMENTS = frozenset(
    "wp-admin wp-login.php wp-json wp-content wp-includes xmlrpc.php feed rss trackback cdn-cgi "
    "cart basket checkout wishlist compare login log-in signin sign-in logout signup sign-up "
    "register account my-account lost-password password-reset admin administrator cgi-bin "
    "print printpage calendar".split()
)
_MAZES = re.compile(
    r"/page/\d+|/(?:19|20)\d\d/\d{1,2}(?:/|$)|/\d{4}-\d{2}(?:-\d{2})?(?:/|$)|/(?:tag|author)/",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    r"add[-_]to[-_]cart|replytocom|share|print|format|feed|sort\w*|order(?:by)?|dir|filter\w*|"
    r"facet\w*|view|page|paged|pg|p|offset|start|limit|per_?page|month|year|day|date|week|ical|"
    r"outlook-ical|tribe[-_]\w*|eventdisplay|etn_action|action|download|attachment_id|"
    r"redirect(?:_to)?|return(?:_?url)?|next|login|q|s|search|lang|hl|currency|amp|preview|"
    r"elementor\S*|fl_builder|et_fb|rest_route",
    re.IGNORECASE,
)


def is_trap(url: str) -> bool:
    """True for files, logins, carts, feeds, calendars, pagination, sorted or filtered lists,
    sessions' mazes and endless paths. Whole addresses only, as app.crawl.urls makes them."""
    parts = urlsplit(url)
    segments = [part for part in unquote(parts.path).lower().split("/") if part]
    return (
        len(url) > MAX_LENGTH
        or len(segments) > MAX_SEGMENTS
        or bool(_FILES.search(parts.path) or _MAZES.search(parts.path))
        or not _SEGMENTS.isdisjoint(segments)
        or _repeats(segments)
        or _is_list(parts.query)
    )


def _repeats(segments: list[str]) -> bool:
    """/a/b/a/b/: relative links that never end."""
    return len(segments) > 2 and Counter(segments).most_common(1)[0][1] > 2


def _is_list(query: str) -> bool:
    """A query that picks a part or an order of something, or that permutes many parameters."""
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    return len(names) > MAX_PARAMETERS or any(map(_PARAMETERS.fullmatch, names))
