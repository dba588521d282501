"""Bytes -> text, whatever the page says about itself."""

import codecs
import re

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READABLE = re.compile(
    r"utf-?8|utf-16|iso8859|latin|cp125\d|cp874|cp866|koi8|mac-|big5|gb|euc_|shift_jis|cp932|johab"
)
_SHIFTED = ("iso2022_jp", "hz")
_HEAD = 4096


def decode(body: bytes, header_charset: str = "") -> str:
    """The text of a page. Never raises.

    A byte-order mark wins (WHATWG Encoding, section 6). Bytes that are valid UTF-8 are read as
    UTF-8 even when a header or a meta tag says otherwise: other encodings produce valid multi-byte
    UTF-8 by accident almost never, and servers with a stale default charset are common. Then the
    header, then the meta tag. What is left is UTF-8 with a few broken bytes, or windows-1252.
    NUL characters are dropped.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], name)
    declared = _known(header_charset) or _declared(body[:_HEAD])
    if declared not in _SHIFTED and not declared.startswith("utf-16"):
        try:
            return _strict_utf8(body)
        except UnicodeDecodeError:
            pass
    return _read(body, declared) if declared not in ("", "utf-8") else _mostly_utf8(body)


def _strict_utf8(body: bytes) -> str:
    """A character that the cap has cut in two at the end is no error."""
    return codecs.getincrementaldecoder("utf-8")().decode(body, final=False).replace("\0", "")


def _mostly_utf8(body: bytes) -> str:
    text = _read(body, "utf-8")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return text if whole > broken else _read(body, "cp1252")


def _read(body: bytes, name: str) -> str:
    return body.decode(name, "replace").replace("\0", "")


def _declared(head: bytes) -> str:
    found = _XML.search(head) or _META.search(head)
    name = _known(found[1].decode("ascii")) if found else ""
    return "" if name.startswith("utf-16") else name  # readable ASCII bytes are no UTF-16


def _known(label: str) -> str:
    """The codec of a charset label; "" for unknown ones and for codecs that are no charset."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name if label.isascii() else ""
    except (LookupError, ValueError):
        return ""
    if name in ("ascii", "iso8859-1"):
        return "cp1252"  # as browsers read these labels
    return name if _READABLE.match(name) or name in _SHIFTED else ""
