"""Values as text in a cell that a spreadsheet shows and never runs."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

_MOMENTS = frozenset({"created_at", "suppression_checked_at"})
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\"'`\u2018-\u201f\u200b-\u200f\u2060\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)
_NUMBER = re.compile(r"[+-]?\d[\d ]*(?:[.,]\d+)?")
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n"} | {127: None}


def cell(column: str, value: object) -> str:
    """The text of a value.

    None is empty; booleans are true and false; moments ISO 8601 in UTC; lists are joined with
    "; ". Line ends become LF, other control characters but TAB are dropped.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return guarded(_moment(value) if column in _MOMENTS else _text(value))
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, int | float | datetime):
        return _plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return guarded("; ".join(_text(_plain(each)) for each in value if each is not None))
    if isinstance(value, Mapping):
        return guarded(_text(json.dumps(dict(value), ensure_ascii=False, default=str)))
    return guarded(_text(_plain(value)))


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it as a formula.

    That is what begins with = + - @, their full-width forms, TAB, CR or LF, also behind spaces and
    quotes (OWASP, "CSV injection"). Plain numbers stay as they are, signed ones and phone numbers
    in digits and spaces too ("+1 512 555 0100"): they hold nothing to run.
    """
    if text[:1].isalnum():
        return text
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(text: str) -> str:
    """A moment that came through JSON."""
    try:
        return _plain(datetime.fromisoformat(text))
    except ValueError:
        return _text(text)


def _text(text: str) -> str:
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
