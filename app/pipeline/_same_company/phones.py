"""Phone numbers: one key for the ways to write one, and how two of them compare."""

import re
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

MIN_DIGITS = 7
KEY_DIGITS = 8
"""Numbers of unequal length are one when their ends are: trunk prefixes and calling codes are often
left over, written twice or half missing."""

_JUNK = re.compile(r"\D+")
_EXTENSION = re.compile(r"(?:ext?|x|#)\W*\d+\W*$", re.IGNORECASE)
_CENTRAL = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
)


def read_phone(text: str, country: str) -> str:
    """The national digits of a number, without trunk zeros; "" where they are too few."""
    text = _EXTENSION.sub("", text.strip())
    digits = _JUNK.sub("", text)
    if not text.startswith(("+", "00")):
        digits = digits.lstrip("0")
        code = _calling_code(country)
        if code and len(digits) > 10 and digits.startswith(code):
            digits = digits[len(code) :]
    else:
        digits = _national(digits.removeprefix("00"))
    digits = digits.lstrip("0")
    return digits if len(digits) >= MIN_DIGITS else ""


def phone_key(national: str) -> str:
    """What one number in several spellings has in common."""
    return national[-KEY_DIGITS:]


def compare_phones(a: str, b: str, country: str) -> str:
    """The id of the rule that two national numbers meet; "" where one is not known."""
    if not a or not b:
        return ""
    if a == b or (len(a) != len(b) and phone_key(a) == phone_key(b)):
        return "phone.same_central" if is_central(a, country) else "phone.same"
    return "phone.other"


@lru_cache(maxsize=4096)
def is_central(national: str, country: str) -> bool:
    """Whether a number is free of charge, or one for a whole country: a call centre's."""
    try:
        number = phonenumbers.parse(national, country or "US")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _CENTRAL


def _national(digits: str) -> str:
    for length in (1, 2, 3):
        if int(digits[:length] or 0) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return digits[length:]
    return digits


@cache
def _calling_code(country: str) -> str:
    code = phonenumbers.country_code_for_region(country) if country else 0
    return str(code) if code else ""
