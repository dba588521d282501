"""E-mail addresses that a page hides from harvesters and shows to people: the ways back.

Each reader yields (address as a person would read it, the words or markup that hold it). Nothing
is executed: scripts are read for string constants only. What comes out may still be no address.
"""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

MAX_FOUND = 100
MAX_SCRIPT = 200_000

Hidden = tuple[str, str]

_AT_WORDS: Final = "at|ät|arroba|arobase|chez|chiocciola|klammeraffe|kukac|apenstaartje|a"
_DOT_WORDS: Final = "dot|punkt|punto|point|ponto|punt|piste"
_OPEN, _CLOSE = r"[\[({<*|_«]", r"[\])}>*|_»]"
_DOT = (
    rf"(?:\s*{_OPEN}+\s*(?i:{_DOT_WORDS}|\.)\s*{_CLOSE}+\s*"
    r"|\s+(?i:dot|punkt|punto|point|ponto)\s+|\.)"
)
_WRAPPED_AT = re.compile(rf"{_OPEN}+\s*(?i:{_AT_WORDS}|@|＠)\s*{_CLOSE}+")
_LOOSE_AT = re.compile(r"＠|@(?=\s)")
_BARE_AT = re.compile(r" (?:at|AT|arroba|arobase|ät) ")
_BARE_DOT = re.compile(r"\s(?i:dot|punkt|punto|point|ponto)\s")
_LOCAL_BEFORE = re.compile(rf"(?<![\w.@+\-])([\w+][\w.+\-]*(?:{_DOT}[\w\-]{{1,40}}){{0,2}})\s*$")
_HOST_AFTER = re.compile(rf"\s*([\w\-]{{1,60}}(?:{_DOT}[\w\-]{{2,60}}){{1,4}})(?![\w@])")
_LABEL_BEFORE = re.compile(r"\be-?mail\W{1,3}$", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"\b(?:us|you|me|him|her|them|it|that|is|are|look|available|found|be|the|website|site|online|visit|here)$",
    re.IGNORECASE,
)

_ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_LITERAL = r"""(?:"(?:[^"\\\n]|\\.){0,300}"|'(?:[^'\\\n]|\\.){0,300}')"""
_SUM = re.compile(
    rf"(?:{_LITERAL}|\b[A-Za-z_$][\w$]{{0,40}}\b)(?:\s*\+\s*(?:{_LITERAL}|\b[A-Za-z_$][\w$]{{0,40}}\b)){{1,20}}"
)
_ASSIGNED = re.compile(rf"\b([A-Za-z_$][\w$]{{0,40}})\s*=\s*({_LITERAL})")
_TERM = re.compile(rf"{_LITERAL}|[A-Za-z_$][\w$]*")
_CHAR_CODES = re.compile(r"fromCharCode\(\s*((?:\d{1,3}\s*,\s*){4,120}\d{1,3})\s*\)")
_ESCAPED = re.compile(r"""(?:unescape|decodeURIComponent|decodeURI)\(\s*["']([^"']{4,600})["']""")
_BASE64 = re.compile(r"""atob\(\s*["']([A-Za-z0-9+/=]{8,400})["']""")
_SHIFTED = re.compile(r"""linkTo_UnCryptMailto\(\s*(?:["']|%27)([^"'%)]{6,200})""")
_CODE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})")


def spelled_out(text: str, domain: str) -> Iterator[Hidden]:
    """An address with words or spaced signs for @ and the dots, in several languages:
    "name [at] host [dot] example".

    Bare words ("name at host dot example") count only with both words bare, or for an address of
    the firm's own domain after the word e-mail: "visit us at host.example" is none.
    """
    for match in list(_WRAPPED_AT.finditer(text))[:MAX_FOUND]:
        yield from _around(text, match)
    for match in list(_LOOSE_AT.finditer(text))[:MAX_FOUND]:
        for found in _around(text, match):
            if match[0] == "＠" or _stands_alone(text, match.start(), found[1]):
                yield found
    if not _BARE_DOT.search(text) and not (domain and f" at {domain}" in text.lower()):
        return
    for match in list(_BARE_AT.finditer(text))[: 5 * MAX_FOUND]:
        for plain, whole in _around(text, match):
            local, _, host = plain.partition("@")
            begin = match.start() - whole.index(match[0])
            label = _LABEL_BEFORE.search(text[max(0, begin - 12) : begin])
            meant = _BARE_DOT.search(whole) or (host.lower() == domain and label)
            if meant and not _NOT_A_NAME.search(local):
                yield plain, whole


def _around(text: str, at: re.Match[str]) -> Iterator[Hidden]:
    """The address whose @ stands for this match, if a name and a host are beside it."""
    before = text[max(0, at.start() - 90) : at.start()]
    local, host = _LOCAL_BEFORE.search(before), _HOST_AFTER.match(text, at.end())
    if local and host:
        parts = (re.sub(_DOT, ".", part) for part in (local[1], host[1]))
        yield "@".join(parts).replace(" ", ""), f"{local[0]}{at[0]}{host[0]}"


def _stands_alone(text: str, at: int, whole: str) -> bool:
    """Whether a name before a lone @ begins its line or follows a colon."""
    begin = text.rfind(whole.split("@")[0], 0, at)
    return text[max(0, begin - 2) : begin].strip(" ") in ("", "\n", ":") or text[begin - 1] == "\n"


def cloudflare(tree: LexborHTMLParser, html: str) -> Iterator[Hidden]:
    """data-cfemail and /cdn-cgi/l/email-protection#: the first byte is the key of an XOR."""
    if "cfemail" not in html and "email-protection#" not in html:
        return
    for node in tree.css("[data-cfemail], a[href*='email-protection#']")[:MAX_FOUND]:
        code = node.attributes.get("data-cfemail") or ""
        code = code or (node.attributes.get("href") or "").rpartition("#")[2]
        try:
            key, *letters = bytes.fromhex(code)
        except ValueError:
            continue
        plain = bytes(letter ^ key for letter in letters).decode("utf-8", "replace")
        yield plain.partition("?")[0], f'data-cfemail="{code[:160]}" ({plain})'


def reversed_text(tree: LexborHTMLParser, html: str) -> Iterator[Hidden]:
    """Text printed backwards and turned round by CSS or <bdo dir="rtl">."""
    if "bidi-override" not in html and "<bdo" not in html and "rtl" not in html:
        return
    selector = (
        "bdo[dir=rtl], [style*='bidi-override'], [style*='rtl'], [class*='rev'], [class*='rtl']"
    )
    for node in tree.css(selector)[:MAX_FOUND]:
        shown = "".join(node.text().split())
        if "@" in shown and len(shown) < 200:
            for found in _ADDRESS.findall(shown[::-1]):
                yield found, f"{shown} ({found})"


def attributes(tree: LexborHTMLParser, html: str) -> Iterator[Hidden]:
    """An address kept in pieces in data- attributes, or whole in rot13."""
    if "data-domain" not in html and "data-enc-email" not in html:
        return
    for node in tree.css(
        "[data-user][data-domain], [data-name][data-domain], [data-local][data-domain]"
    ):
        held = node.attributes
        local = held.get("data-user") or held.get("data-name") or held.get("data-local") or ""
        host = ".".join(filter(None, (held.get("data-domain"), held.get("data-tld"))))
        if local and host:
            yield f"{local}@{host}", f"data-domain of {local}@{host}"
    for node in tree.css("[data-enc-email]")[:MAX_FOUND]:
        code = (node.attributes.get("data-enc-email") or "").replace("[at]", "@")
        plain = codecs.decode(code, "rot13")
        yield plain, f"data-enc-email ({plain})"


def scripted(tree: LexborHTMLParser, html: str) -> Iterator[Hidden]:
    """Addresses that inline scripts and javascript: links put together from constants."""
    codes = [
        text
        for node in tree.css("script:not([src])")
        if "ld+json" not in (node.attributes.get("type") or "")
        and ("@" in (text := node.text()) or "fromCharCode" in text or "scape(" in text
             or "atob(" in text or "\\x40" in text or "\\u0040" in text)
    ]  # fmt: skip
    if "javascript:" in html:
        links = tree.css("a[href^='javascript:'], a[onclick]")[:MAX_FOUND]
        codes += [unquote(node.attributes.get("href") or "") for node in links]
        codes += [node.attributes.get("onclick") or "" for node in links]
    for code in codes[:MAX_FOUND]:
        if len(code) <= MAX_SCRIPT:
            for text in _constants(code):
                for found in _ADDRESS.findall(text):
                    yield found, f"script: {text[:200]}"


def _constants(code: str) -> Iterator[str]:
    code = _CODE.sub(lambda m: chr(int(m[1] or m[2], 16)), code)
    names = {name: literal[1:-1] for name, literal in _ASSIGNED.findall(code)[:200]}
    for match in list(_SUM.finditer(code))[:200]:
        terms = _TERM.findall(match[0])
        parts = [term[1:-1] if term[0] in "\"'" else names.get(term, "\0") for term in terms]
        yield "".join(parts).replace("&#64;", "@")
    for match in _CHAR_CODES.finditer(code):
        yield "".join(chr(int(number)) for number in match[1].split(",") if int(number) < 256)
    for match in _ESCAPED.finditer(code):
        yield unquote(match[1])
    for match in _BASE64.finditer(code):
        try:
            yield base64.b64decode(match[1]).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            continue
    for match in _SHIFTED.finditer(code):
        yield from _shifted(match[1])


def _shifted(text: str) -> Iterator[str]:
    """TYPO3's linkTo_UnCryptMailto: a Caesar shift; "mailto:" tells by how much."""
    shift = ord(text[0]) - ord("m")
    plain = "".join(
        chr((ord(c) - low - shift) % (high - low + 1) + low) if low else c
        for c in text
        for low, high in [
            next(((ord(a), ord(z)) for a, z in ("az", "@Z", "+:") if a <= c <= z), (0, 0))
        ]
    )
    if plain.startswith("mailto:"):
        yield plain
