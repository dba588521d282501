"""How the extractors of companies state a fact: evidence with a quote from the page."""

import re
from urllib.parse import urlsplit

from app.crawl.document import Document
from app.records.evidence import Evidence, Method

MAX_QUOTE = 240
MAX_TEXT = 300_000

_ARTICLE = re.compile(
    r"/(?:blogs?|news|articles?|press|posts?|events?|category|categories|tags?|author|archives?"
    r"|magazine|insights|resources|noticias|actualites|nachrichten)(?:/|$|\.)|/(?:19|20)\d\d/",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"fair-?housing|/terms|terms-(?:of|and)|privacy|/legal(?:/|$|\.|-notice)|disclaimer|cookie|gdpr"
    r"|accessibility|/partners?(?:/|$|\.)|/vendors?(?:/|$|\.)|/links?(?:/|$|\.)|useful-|utilities"
    r"|testimonials?|/reviews?(?:/|$|\.)|referrals?|sponsors?"
    r"|(?:business|local|community|resource)-?(?:directory|links)",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"/(?:index|home|default|main|welcome)?(?:\.\w{3,5})?", re.IGNORECASE)
_ABOUT = re.compile(
    r"about|who-?we-?are|our-?(?:story|company|firm)|company|contact|location|office"
    r"|ueber|impressum|kontakt|nosotros|contacto|propos|qui-sommes|coordonnees",
    re.IGNORECASE,
)

_STAFF = re.compile(
    r"team|staff|people|agents?(?:/|$|\.)|attorneys|brokers|leadership|professionals|/bios?|"
    r"equipo|equipe",
    re.IGNORECASE,
)


def fact(
    document: Document,
    field: str,
    value: str,
    quote: str,
    method: Method,
    confidence: float,
    rule: str,
) -> Evidence:
    """Evidence about the company itself, seen on this page when it was fetched."""
    return Evidence(
        field=field,
        value=value,
        source_url=document.url,
        quote=quote,
        method=method,
        confidence=round(confidence, 3),
        rule=rule,
        seen_at=document.page.fetched_at,
    )


def quote_around(text: str, start: int, end: int) -> str:
    """The line of `text` that holds [start, end), cut to MAX_QUOTE characters around it.

    A match that runs over several lines is quoted with them, on one line.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    room = max(MAX_QUOTE - (end - start), 0)
    first = max(first, start - room // 2)
    last = min(last, end + room - (start - first))
    return " ".join(text[first:last].split())


def readable(document: Document) -> str:
    """The page's visible text, cut at MAX_TEXT characters: real pages stay far below."""
    return document.text[:MAX_TEXT]


def path_of(document: Document) -> str:
    """The path of the page's address."""
    return urlsplit(document.url).path or "/"


def is_article(document: Document) -> bool:
    """A blog post, a news item or a list of them: it speaks of others as much as of the firm."""
    return bool(_ARTICLE.search(path_of(document)))


def is_aside(document: Document) -> bool:
    """A page on which other organisations are named: articles, legal texts, lists of links."""
    return is_article(document) or bool(_ASIDE.search(path_of(document)))


def in_frame(text: str, start: int) -> bool:
    """Whether this place in the page's text is within its first 10 or last 15 lines: header or
    footer, which a site repeats on every page and which speak of the firm."""
    return text.count("\n", 0, start) < 10 or text.count("\n", start) < 15


def framing_lines(text: str) -> list[str]:
    """The lines of header and footer."""
    lines = text.split("\n")
    return lines if len(lines) <= 25 else [*lines[:10], *lines[-15:]]


def is_entry(document: Document) -> bool:
    """The site's first page."""
    return bool(_ENTRY.fullmatch(path_of(document)))


def is_about(document: Document) -> bool:
    """A page about the firm or how to reach it."""
    return not is_article(document) and bool(_ABOUT.search(path_of(document)))


def is_staff(document: Document) -> bool:
    """A page about the firm's people, by its address."""
    return bool(_STAFF.search(path_of(document)))


BUILT_BY = re.compile(
    r"(?:web\s?-?(?:site|design|development)?|site|designed|developed|created|built|hosted|maintained"
    r"|powered|made|crafted|marketing|realis[ée]|gestaltung|umsetzung|dise[ñn]o)\W{0,3}"
    r"(?:&|and|und|et|y)?\W{0,3}(?:design\w*|develop\w*|built|hosted|maintained|site|web)?\W{0,3}"
    r"(?:by|with|from|par|von|por)\b|webmaster",
    re.IGNORECASE,
)
_LINKEDIN = re.compile(
    r"https?://(?:[a-z]{2,3}\.)?linkedin\.com/(company|school|showcase)/([^/?#\s]{2,120})",
    re.IGNORECASE,
)


def built_by(text: str) -> bool:
    """Whether these words name the agency that built the site ("Website by ...")."""
    return bool(BUILT_BY.search(text))


def linkedin_company(url: str) -> str:
    """The address of a LinkedIn page of an organisation in one form; "" for any other address."""
    found = _LINKEDIN.match(url.strip())
    return f"https://www.linkedin.com/{found[1].lower()}/{found[2]}" if found else ""
