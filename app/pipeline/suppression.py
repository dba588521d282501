"""Who is to be left alone: one spelling for each address, domain and number, and its keyed digest.

Case, "+tags", internationalised domains and the punctuation of numbers make no difference. A domain
stands for everything below it and for every e-mail address there.
"""

import hmac
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers

from app.errors import InputError
from app.records.company import Company
from app.records.criteria import bare_host

Kind = Literal["email", "domain", "phone"]
KINDS: Final = ("email", "domain", "phone")

_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}")
_NUMBER = re.compile(r"\+?[\d\s().\-/]{6,}\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one entry of the list stands for, in its one spelling."""

    kind: Kind
    value: str

    def digest(self, key: bytes) -> bytes:
        """HMAC-SHA256: 32 bytes that tell nothing without the key."""
        return hmac.digest(key, f"{self.kind}:{self.value}".encode(), "sha256")


def mark_of(text: str, region: str = "US") -> Mark:
    """The mark of an e-mail address, domain or phone number that a person typed.

    `region`: of numbers without a country code. Raises InputError for anything else.
    """
    bare = text.strip().removeprefix("mailto:")
    if _NUMBER.fullmatch(bare) and (number := _e164(bare, region)):
        return Mark("phone", number)
    if (local := bare.rpartition("@")[0]) and (mark := _email(bare)):
        return mark
    if not local:
        try:
            return Mark("domain", bare_host(bare))
        except ValueError:
            pass
    raise InputError(f"{text.strip()!r} is no e-mail address, domain or phone number")


def covering(mark: Mark) -> tuple[Mark, ...]:
    """The mark, and the domains above it, each of which suppresses it too."""
    if mark.kind == "phone":
        return (mark,)
    above = _domains(mark.value.rpartition("@")[2])
    return tuple(dict.fromkeys((mark, *above)))


def marks_of_person(
    email: str, phone: str = "", region: str = "US", kinds: Collection[str] = KINDS
) -> Iterator[Mark]:
    """Each of these on the list suppresses the person. `kinds`: those that the list holds."""
    if mark := _email(email):
        yield from covering(mark)
    if "phone" in kinds:
        yield from _phone(phone, region)


def marks_of_company(company: Company, kinds: Collection[str] = KINDS) -> Iterator[Mark]:
    """Each of these on the list suppresses the company. `kinds`: those that the list holds."""
    for host in sorted({company.domain, company.website}):
        try:
            yield from _domains(bare_host(host))
        except ValueError:
            continue
    if "phone" in kinds:
        yield from _phone(company.phone, company.country)


def _email(address: str) -> Mark | None:
    local, _, host = address.strip().rpartition("@")
    local = local.partition("+")[0].lower()
    try:
        return Mark("email", f"{local}@{bare_host(host)}") if _LOCAL.fullmatch(local) else None
    except ValueError:
        return None


def _domains(host: str) -> Iterator[Mark]:
    """The host, and every domain above it but the last label."""
    labels = host.split(".")
    for first in range(len(labels) - 1):
        yield Mark("domain", ".".join(labels[first:]))


def _phone(number: str, region: str) -> Iterator[Mark]:
    if number and (plain := _e164(number, region or "US")):
        yield Mark("phone", plain)


def _e164(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
