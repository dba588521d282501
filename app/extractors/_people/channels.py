"""E-mail addresses, phone numbers and LinkedIn profiles on a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from app.extractors._people.outline import Line, Outline
from app.extractors._reach.disguised import spelled_out
from app.extractors._reach.others import is_of_another
from app.extractors.emails import address
from app.extractors.phones import e164

MAX_CHANNELS = 400

Kind = Literal["email", "phone", "linkedin_url"]

_MAILBOX = re.compile(r"(?<![\w.+\-@])\w[\w.+\-'’]{0,63}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")
_TURNED = re.compile(r"(?<![\w.\-@])[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,3}@[\w.+\-]{1,64}")
_PHONE = re.compile(r"(?<![\w#$€£.,/-])[+(]?\d[\d ().\-‐-―/\xa0]{6,20}\d(?![\w%])")
_FAX = re.compile(r"\b(?:fax|telefax|facsimile|télécopie|f)\W{0,3}$", re.IGNORECASE)
_LICENCE = re.compile(r"(?:lic\w*|dre|nmls|mls|no|id|#)\W{0,4}$", re.IGNORECASE)
PROFILE = re.compile(r"^/(?:in|pub)/([^/?#]{2,100})|^/profile/view")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach somebody: where it stands, and the words that show it. `line` is the index of
    the line that it stands in or before, `lead` what the line says right before a number, `stop`
    where a link ends."""

    kind: Kind
    value: str
    pos: int
    line: int
    quote: str
    linked: bool
    lead: str = ""
    stop: int = 0


def find_channels(outline: Outline, region: str, domain: str) -> list[Channel]:
    """The channels of a page in order, at most MAX_CHANNELS; `region` for national numbers."""
    found = [*_linked(outline, region), *_printed(outline, region, domain)]
    return sorted(found, key=lambda channel: (channel.pos, not channel.linked))[:MAX_CHANNELS]


def _linked(outline: Outline, region: str) -> Iterator[Channel]:
    at = [line.pos for line in outline.lines]
    index = 0
    for link in outline.links:
        while index < len(at) and at[index] < link.pos:
            index += 1
        if found := _read_link(link.target, region):
            kind, value = found
            quote = link.target[:200]
            shown = quote if kind != "email" or value in quote.lower() else f"{quote} ({value})"
            stop = outline.elements[link.element].stop
            yield Channel(kind, value, link.pos, index, shown, True, stop=stop)


def _read_link(target: str, region: str) -> tuple[Kind, str] | None:
    """What a link reaches: an address, a number, a profile, or none of them."""
    scheme, _, rest = target.partition(":")
    kind: Kind
    if "email-protection#" in target:
        kind, value = "email", address(_decoded(target.partition("#")[2]))
    elif scheme.lower() == "mailto":
        kind, value = "email", address(unquote(rest.partition("?")[0]).split(",")[0])
    elif scheme.lower() in ("tel", "callto", "sms"):
        kind, value = "phone", e164(unquote(rest), region)
    elif "linkedin." in target.lower():
        kind, value = "linkedin_url", profile_url(target)
    else:
        return None
    return (kind, value) if value else None


def _decoded(code: str) -> str:
    """Cloudflare's encoding: the first byte is the key of an XOR."""
    try:
        key, *letters = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(letter ^ key for letter in letters).decode("utf-8", "replace").partition("?")[0]


def profile_url(href: str) -> str:
    """The address of a person's LinkedIn profile without tracking; "" for company pages and shares.

    >>> profile_url("http://es.linkedin.com/pub/jane-doe/1/2/3?trk=x")
    'http://es.linkedin.com/pub/jane-doe/1/2/3'
    """
    href = f"https://{href.removeprefix('//')}" if "://" not in href else href
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        return ""
    if not PROFILE.match(parts.path):
        return ""
    if parts.path.startswith("/profile/view"):
        number = re.search(r"(?:^|&)id=([\w-]+)", parts.query)
        return f"{parts.scheme}://{host}/profile/view?id={number[1]}" if number else ""
    return f"{parts.scheme}://{host}{parts.path.strip()}"


def _printed(outline: Outline, region: str, domain: str) -> Iterator[Channel]:
    for index, line in enumerate(outline.lines):
        text = line.text if len(line.pieces) == 1 else " ".join(piece.text for piece in line.pieces)
        if "@" in text:
            for found in _MAILBOX.finditer(text):
                if value := address(found[0]):
                    yield Channel("email", value, line.pos, index, text[:200], False)
            for found in _TURNED.finditer(text):
                if not address(found[0]) and (value := address(found[0][::-1])):
                    yield Channel("email", value, line.pos, index, f"{text[:120]} ({value})", False)
        if len(text) < 400:
            for raw, quote in spelled_out(text, domain):
                if value := address(raw):
                    yield Channel("email", value, line.pos, index, quote[:200], False)
        if sum(map(str.isdigit, text[:400])) >= 7:
            yield from _numbers(outline, index, text, region, domain)


def _numbers(
    outline: Outline, index: int, text: str, region: str, domain: str
) -> Iterator[Channel]:
    above = outline.lines[index - 1].text if index else ""
    for found in list(_PHONE.finditer(text))[:6]:
        before = text[max(0, found.start() - 16) : found.start()] or above[-16:]
        if _FAX.search(before) or _LICENCE.search(before):
            continue
        if is_of_another(text[max(0, found.start() - 160) : found.start()], domain):
            continue
        if value := e164(found[0], region):
            pos = _place(outline.lines[index], found[0])
            lead = text[max(0, found.start() - 80) : found.start()]
            yield Channel("phone", value, pos, index, text[:200], False, lead)


def _place(line: Line, words_shown: str) -> int:
    """The position of the piece of a line that shows these words."""
    shown = next((piece for piece in line.pieces if words_shown in piece.text), line.pieces[0])
    return shown.pos
