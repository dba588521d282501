"""Whose site an address belongs to, and when two addresses are one page."""

import re
from functools import cache, lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tldextract import TLDExtract

from app.crawl.urls import ascii_host, clean

_TRACKING = re.compile(
    r"utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|dclid|yclid|mc_[ce]id|_ga|_gl|_hs\w+|hsctatracking|"
    r"ref|referrer|source|phpsessid|jsessionid|aspsessionid\w*|sid|sessionid|session_id|cfid|cftoken|"
    r"osclid|zenid",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")


def registrable(url_or_host: str) -> str:
    """The domain that somebody registered: "firm.co.uk" of "https://www.firm.co.uk/team".

    By the Public Suffix List that tldextract carries, its private part included, so that
    "firm.vercel.app" is a site of its own. Addresses and unknown suffixes: the last two labels of a
    name, an IP address whole. "" for what is no host.
    """
    host = url_or_host
    if "/" in host or ":" in host:
        try:
            host = urlsplit(host if "//" in host else f"//{host}").hostname or ""
        except ValueError:
            return ""
    return _registrable(ascii_host(host).strip("[]").rstrip("."))


def same_site(a: str, b: str) -> bool:
    """True when both addresses (or hosts) belong to one registrable domain."""
    return registrable(a) == registrable(b) != ""


def normalise(url: str) -> str:
    """One key for the addresses of one page: scheme, www., port, index files, a trailing slash,
    letter case of the host, order of the query, tracking and session parameters are left out.
    "" for what is no http(s) address. The key is for comparing, not for fetching."""
    plain = clean(url)
    if not plain:
        return ""
    parts = urlsplit(plain)
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    path = _SLASHES.sub("/", _PATH_SESSION.sub("", unquote(parts.path)))
    path = _INDEX.sub("/", path).rstrip("/")
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    )
    return f"{host}{path or '/'}{'?' if query else ''}{urlencode(query)}"


@cache
def _suffixes() -> TLDExtract:
    """The list from the installed package; nothing is downloaded, nothing is written."""
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    if ":" in host or host.replace(".", "").isdigit():
        return host
    found = _suffixes().extract_str(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else host
    return ".".join(host.split(".")[-2:])
