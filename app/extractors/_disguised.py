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
_AT = (
    rf"(?:\s*{_OPEN}+\s*(?:{_AT_WORDS}|@|＠)\s*{_CLOSE}+\s*|\s+(?:at|AT|arroba|arobase|ät)\s+|\s*＠\s*"
    r"|\s*@\s+)"
)
_DOT = (
    rf"(?:\s*{_OPEN}+\s*(?:{_DOT_WORDS}|\.)\s*{_CLOSE}+\s*"
    r"|\s+(?:dot|DOT|punkt|punto|point|ponto)\s+|\.)"
)
_SPELLED = re.compile(
    rf"(?<![\w.@])([\w+](?:[\w.+\-]{{0,62}}?[\w])?(?:{_DOT}[\w\-]{{1,40}}?){{0,2}}?){_AT}"
    rf"([\w\-]{{1,60}}(?:{_DOT}[\w\-]{{2,60}}){{1,4}})(?![\w@])",
    re.IGNORECASE,
)
_HINT = re.compile(
    rf"{_OPEN}\s*(?:{_AT_WORDS}|@)\s*{_CLOSE}|\bdot\b|\bpunkt\b|\bpunto\b|\bpoint\b|＠|@\s",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(
    r"\be-?mail\W{1,3}([\w.+\-]{1,40}) at ([\w\-]+(?:\.[\w\-]+)+)\b", re.IGNORECASE
)
_BARE_AT = re.compile(r"\s(?:at|AT|arroba|arobase|ät)\s")
_BARE_WORD_DOT = re.compile(_DOT.replace(r"|\.)", ")"), re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"(?:us|you|me|him|her|them|it|that|is|are|look|available|found|be|the|website|site|online|visit|here)$",
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
    """ "name [at] host [dot] example" in several spellings and languages.

    Bare words ("name at host dot example") count only with both words bare, or for an address of
    the firm's own domain after the word e-mail: "visit us at host.example" is none.
    """
    for match in _AFTER_LABEL.finditer(text):
        if match[2].lower() == domain:
            yield f"{match[1]}@{match[2]}", match[0]
    if not _HINT.search(text):
        return
    for match in _SPELLED.finditer(text):
        whole, local, host = match[0], match[1], match[2]
        between = whole[len(local) : len(whole) - len(host)]
        if not _is_meant(text, match, between):
            continue
        plain = "@".join(re.sub(_DOT, ".", part, flags=re.IGNORECASE) for part in (local, host))
        yield plain.replace(" ", ""), whole


def _is_meant(text: str, match: re.Match[str], between: str) -> bool:
    """A bare word or a lone @ with a space is an address only in the right company."""
    local, host = match[1], match[2]
    if _BARE_AT.fullmatch(between):
        return bool(_BARE_WORD_DOT.search(host)) and not _NOT_A_NAME.search(local)
    if between.strip() == "@":
        before = text[max(0, match.start() - 2) : match.start()].strip(" ")
        return before in ("", "\n", ":") or before[-1:] in ("\n", ":")
    return True


def cloudflare(tree: LexborHTMLParser) -> Iterator[Hidden]:
    """data-cfemail and /cdn-cgi/l/email-protection#: the first byte is the key of an XOR."""
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
    if "data-" not in html:
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
        plain = codecs.decode(node.attributes.get("data-enc-email") or "", "rot13")
        plain = plain.replace("[at]", "@")
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
