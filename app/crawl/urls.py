"""Addresses found on pages: resolved, cleaned, or dropped."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_URL = 2_000

_SPACES = re.compile(r"[\t\n\r]")
_FROM_ROOT = re.compile(r"/(?:[\w%+=&?#~-]++[/.]?)*+")
_SAFE_PATH = "/%:@!$&'()*+,;=-._~"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_PORTS = {"http": 80, "https": 443}


def absolute(base: str, reference: str) -> str:
    """`reference` as seen from the page at `base`: http(s), host in lower case and ASCII, no
    fragment, no user name; "" for anything else."""
    try:
        return clean(_joined(base, _SPACES.sub("", reference).strip()))
    except ValueError:
        return ""


def _joined(base: str, reference: str) -> str:
    """What urljoin gives, which is slow; most links of a page are plain paths from the root."""
    if _FROM_ROOT.fullmatch(reference):
        parts = urlsplit(base)
        return f"{parts.scheme}://{parts.netloc}{reference}"
    return urljoin(base, reference)


def clean(url: str) -> str:
    """The address in its plain form, or "" where it is no http(s) address that we could fetch."""
    if len(url) > MAX_URL:
        return ""
    try:
        parts = urlsplit(_SPACES.sub("", url).strip())
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = quote(parts.path.replace("\\", "/"), safe=_SAFE_PATH, errors="replace") or "/"
    return urlunsplit(
        (parts.scheme, netloc, path, quote(parts.query, safe=_SAFE_QUERY, errors="replace"), "")
    )


def ascii_host(host: str) -> str:
    """A host name in lower case, internationalised labels in punycode; "" when it is none."""
    host = host.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if ":" in host:
        host = f"[{host}]"
    return host if len(host) <= 255 and _HOST.fullmatch(host) else ""
