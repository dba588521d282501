"""What a person looks for, validated and brought into one spelling."""

import json
import unicodedata
from collections.abc import Collection, Mapping
from typing import Annotated, Any, NoReturn, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ValidationInfo

from app.errors import InputError, UnknownName
from app.records._categories import category_fits, category_name, category_spellings
from app.records._places import (
    country_code,
    folded,
    known_country,
    known_state,
    state_code,
    state_country,
    state_names,
)

__all__ = [
    "Criteria",
    "bare_host",
    "build_criteria",
    "category_fits",
    "category_name",
    "category_spellings",
    "country_code",
    "folded",
    "parse_criteria",
    "state_code",
    "state_country",
    "state_names",
]

MAX_BYTES = 1_000_000
MAX_TEXT = 200
MAX_LIST = 10_000
MAX_UNITS = 10_000_000


def _clean(value: object) -> object:
    """Spaces collapsed; null is the same as absent; other types are left to pydantic to refuse."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise ValueError("holds a control character")
    return " ".join(value.split())


def _listed(value: object) -> object:
    """A single text is a list of one; empty and repeated entries are dropped."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple | str):
        raise ValueError("must be a list of texts")  # noqa: TRY004 - pydantic wraps ValueError
    cleaned = [_clean(entry) for entry in ([value] if isinstance(value, str) else value)]
    if all(isinstance(entry, str) for entry in cleaned):
        return [entry for entry in dict.fromkeys(cleaned) if entry]
    return cleaned


_Text = Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(_clean)]
_Texts = Annotated[
    tuple[Annotated[str, Field(max_length=MAX_TEXT)], ...],
    Field(max_length=MAX_LIST),
    BeforeValidator(_listed),
]
_Units = Annotated[int | None, Field(ge=0, le=MAX_UNITS, strict=True)]


class Criteria(BaseModel):
    """Which companies, and whom there. Every key is optional; {} is everything a source holds.

    `category` is snake_case in Sluice's word ("property_management"); `country` an ISO 3166-1
    alpha-2 code; `state` the two-letter code in the US and Canada, elsewhere as typed;
    `exclude_domains` bare host names, each with everything below it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: _Text = ""
    pms: _Text = ""
    country: _Text = ""
    state: _Text = ""
    city: _Text = ""
    units_min: _Units = None
    units_max: _Units = None
    keywords: _Texts = ()
    exclude_domains: _Texts = ()
    titles: _Texts = ()

    @field_validator("category")
    @classmethod
    def _one_category(cls, value: str) -> str:
        return category_name(_with_letters(value))

    @field_validator("country")
    @classmethod
    def _one_country(cls, value: str) -> str:
        return known_country(value) if value else ""

    @field_validator("state")
    @classmethod
    def _one_state(cls, value: str, info: ValidationInfo) -> str:
        return known_state(_with_letters(value), info.data.get("country", ""))

    @field_validator("city", "pms")
    @classmethod
    def _a_name(cls, value: str) -> str:
        return _with_letters(value)

    @field_validator("keywords", "titles")
    @classmethod
    def _words(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_with_letters(value) for value in values)

    @field_validator("exclude_domains")
    @classmethod
    def _hosts(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(bare_host(value) for value in values))

    @model_validator(mode="after")
    def _units_in_order(self) -> Self:
        low, high = self.units_min, self.units_max
        if low is not None and high is not None and low > high:
            raise ValueError(f"units_min {low} is above units_max {high}")
        return self


def _with_letters(value: str) -> str:
    if value and not folded(value):
        raise ValueError(f"{value!r} has no letter and no digit")
    return value


def bare_host(value: str) -> str:
    """The host of a domain, address or e-mail address, lower case, in ASCII, without "www.".

    Raises ValueError where there is none.
    """
    bare = value.lower().partition("://")[2] or value.lower()
    for end in "/?#":
        bare = bare.partition(end)[0]
    bare = bare.rpartition("@")[2].partition(":")[0].removeprefix("*.").strip(".")
    bare = bare.removeprefix("www.") if bare.count(".") > 1 else bare
    try:
        host = bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(labels) < 2 or not all(label.replace("-", "").isalnum() for label in labels):
        raise ValueError(f"{value!r} is no domain; write it as example.com")
    return host


def parse_criteria(text: str, vendors: Collection[str] | None = None) -> Criteria:
    """Criteria from JSON text, as typed on the command line or read from a file.

    `vendors` are the software names that can be detected; `pms` takes the spelling found there.
    Raises InputError in one line (malformed JSON: with line and column) and UnknownName.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise InputError("criteria: longer than 1 MB; keep long lists in a source file")
    try:
        values = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"criteria: not JSON at {place}: {error.msg}") from None
    except RecursionError:
        raise InputError("criteria: nested too deeply; write one flat JSON object") from None
    except ValueError:
        raise InputError("criteria: a number has too many digits") from None
    if not isinstance(values, dict):
        raise InputError(f"criteria: must be a JSON object such as {{}}, not {_kind(values)}")
    return build_criteria(values, vendors)


def build_criteria(values: Mapping[str, Any], vendors: Collection[str] | None = None) -> Criteria:
    """Criteria from plain values; as `parse_criteria`, for callers that have no JSON text."""
    for key in values:
        if key not in Criteria.model_fields:
            raise UnknownName("criterion", str(key)[:60], Criteria.model_fields)
    try:
        criteria = Criteria.model_validate(dict(values))
    except ValidationError as error:
        raise InputError(f"criteria: {_reason(error.errors(include_url=False)[0])}") from None
    if criteria.pms and vendors:
        return criteria.model_copy(update={"pms": _vendor(criteria.pms, vendors)})
    return criteria


def _vendor(name: str, vendors: Collection[str]) -> str:
    """The known vendor that is written like `name`, spaces and punctuation aside."""
    spelled = {folded(vendor).replace(" ", ""): vendor for vendor in sorted(vendors)}
    found = spelled.get(folded(name).replace(" ", ""))
    if not found:
        raise UnknownName("pms", name.casefold(), [vendor.casefold() for vendor in vendors])
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise InputError(f"criteria: {key[:60]!r} is given twice; keep one")
        values[key] = value
    return values


def _no_constant(name: str) -> NoReturn:
    raise InputError(f"criteria: {name} is no JSON value; write a number or leave the key out")


def _kind(value: object) -> str:
    names = {list: "a list", dict: "an object", str: "a text", bool: "true or false"}
    if isinstance(value, int) and not isinstance(value, bool):
        return "a number"
    return names.get(type(value), "null" if value is None else "a number with a fraction")


_REASONS = {
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "string_too_long": f"must be at most {MAX_TEXT} characters",
    "too_long": f"must be at most {MAX_LIST:,} entries",
    "greater_than_equal": "must be 0 or more",
    "less_than_equal": f"must be at most {MAX_UNITS:,}",
    "tuple_type": "must be a list of texts",
}


def _reason(error: ErrorDetails) -> str:
    """One line: the key, what is wrong, what was given where it is short."""
    reason = _REASONS.get(error["type"], error["msg"].removeprefix("Value error, "))
    key = ", entry ".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])
    given = f", not {_kind(error['input'])}" if error["type"] in ("string_type", "int_type") else ""
    return f"{key}: {reason}{given}" if key else reason
