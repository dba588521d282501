"""app/records/criteria.py"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError, UnknownName
from app.records.criteria import (
    Criteria,
    build_criteria,
    category_fits,
    category_name,
    category_spellings,
    folded,
    parse_criteria,
    state_code,
    state_names,
)

VENDORS = ["Buildium", "AppFolio", "Rent Manager"]


def test_no_keys_mean_everything() -> None:
    assert parse_criteria("{}") == Criteria()


def test_every_key_is_read() -> None:
    text = """{"category": "property_management", "pms": "Buildium", "state": "TX",
        "city": "Austin", "country": "US", "units_min": 50, "units_max": 900,
        "keywords": ["single family", "HOA"], "exclude_domains": ["example.com"],
        "titles": ["owner", "CEO"]}"""

    criteria = parse_criteria(text, VENDORS)

    assert criteria == Criteria(
        category="property_management",
        pms="Buildium",
        state="TX",
        city="Austin",
        country="US",
        units_min=50,
        units_max=900,
        keywords=("single family", "HOA"),
        exclude_domains=("example.com",),
        titles=("owner", "CEO"),
    )


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("state", "Texas", "TX"),
        ("state", " new  york ", "NY"),
        ("state", "US-TX", "TX"),
        ("state", "québec", "QC"),
        ("state", "Bayern", "Bayern"),
        ("country", "USA", "US"),
        ("country", "united states", "US"),
        ("country", "Österreich", "AT"),
        ("category", "property managers", "property_management"),
        ("category", "Property Management Companies", "property_management"),
        ("category", "Dental Labs", "dental_labs"),
        ("city", "  San   Marcos ", "San Marcos"),
        ("city", None, ""),
        ("pms", "rentmanager", "Rent Manager"),
        ("keywords", "HOA", ("HOA",)),
        ("keywords", ["HOA", " HOA ", ""], ("HOA",)),
        ("titles", "owner", ("owner",)),
        ("exclude_domains", "https://WWW.Example.com/about?x=1", ("example.com",)),
        ("exclude_domains", ["info@shop.example.com", "*.example.org"],
         ("shop.example.com", "example.org")),
        ("exclude_domains", "www.example", ("www.example",)),
        ("exclude_domains", "münchen.example", ("xn--mnchen-3ya.example",)),
    ],
)  # fmt: skip
def test_values_are_brought_into_one_spelling(key: str, typed: object, stored: object) -> None:
    criteria = parse_criteria(json.dumps({key: typed}), VENDORS)

    assert getattr(criteria, key) == stored


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n  'city': 1}", "not JSON at line 2, column 3"),
        ("", "not JSON at line 1, column 1"),
        ('{"city": "Austin"', "not JSON at line 1, column 18"),
        ("[]", "must be a JSON object such as {}, not a list"),
        ("7", "not a number"),
        ('{"city": "a", "city": "b"}', "'city' is given twice"),
        ('{"units_min": NaN}', "NaN is no JSON value"),
        ('{"units_max": -Infinity}', "-Infinity is no JSON value"),
        ('{"units_min": "5"}', "units_min: must be a whole number, not a text"),
        ('{"units_min": true}', "units_min: must be a whole number, not true or false"),
        ('{"units_min": 1.5}', "units_min: must be a whole number, not a number with a fraction"),
        ('{"units_min": -1}', "units_min: must be 0 or more"),
        ('{"units_min": %s}' % ("9" * 5000), "a number has too many digits"),
        ('{"units_min": 9, "units_max": 3}', "units_min 9 is above units_max 3"),
        ('{"city": ["Austin"]}', "city: must be a text, not a list"),
        ('{"city": {"a": 1}}', "city: must be a text, not an object"),
        ('{"keywords": ["a", 1]}', "keywords, entry 2: must be a text, not a number"),
        ('{"keywords": {"a": 1}}', "keywords: must be a list of texts"),
        ('{"city": "a\\u0000b"}', "city: holds a control character"),
        ('{"titles": ["a\\ud800"]}', "titles: holds a control character"),
        ('{"category": "***"}', "category: '***' has no letter and no digit"),
        ('{"keywords": ["?"]}', "keywords: '?' has no letter and no digit"),
        ('{"exclude_domains": ["com"]}', "exclude_domains: 'com' is no domain"),
        ('{"exclude_domains": ["two words.example"]}', "is no domain"),
        ('{"city": "%s"}' % ("x" * 201), "city: must be at most 200 characters"),
        ("[" * 100_000, "nested too deeply"),
        ('{"city": "%s"}' % ("x" * 1_000_000), "longer than 1 MB"),
        ('{"country": "Qqqqq"}', "unknown country 'Qqqqq': write its two-letter code"),
        ('{"country": "US", "state": "Ontario"}', "unknown state 'Ontario'"),
    ],
)
def test_bad_criteria_are_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_criteria(text)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ('{"catgory": "x"}', "unknown criterion 'catgory': did you mean 'category'?"),
        ('{"pms": "BUILDUM"}', "did you mean 'buildium'?"),
        ('{"state": "Texs"}', "did you mean 'texas'?"),
        ('{"country": "Germny"}', "did you mean 'germany'?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(text: str, near: str) -> None:
    with pytest.raises(UnknownName, match=near.replace("?", r"\?")):
        parse_criteria(text, VENDORS)


def test_without_a_vendor_list_any_software_can_be_asked_for() -> None:
    assert parse_criteria('{"pms": "Homegrown 3000"}').pms == "Homegrown 3000"


def test_a_byte_order_mark_before_the_json_is_ignored() -> None:
    assert parse_criteria('\ufeff{"city": "Austin"}').city == "Austin"


def test_a_category_finds_the_spellings_of_other_vocabularies() -> None:
    assert {"lawyer", "lawyers", "law_firm"} <= set(category_spellings(category_name("Attorneys")))
    assert "property_management" in category_spellings(category_name("real estate"))


@pytest.mark.parametrize(
    ("has", "asked", "fits"),
    [
        ("property_management", "property_management", True),
        ("hotels", "hotel", True),
        ("pizza_restaurant", "restaurant", True),
        ("property_management", "real_estate", True),
        ("real_estate", "property_management", None),
        ("", "property_management", None),
        ("law_firm", "property_management", False),
        ("accounting_firm", category_name("Tax advisers"), True),
        ("medical_clinic", category_name("medical practices"), True),
        ("counseling", category_name("Psychologists"), True),
        ("real_estate_law", "real_estate", False),
    ],
)
def test_a_category_fits_the_same_or_a_broader_one(has: str, asked: str, fits: bool | None) -> None:
    assert category_fits(has, asked) is fits


def test_a_state_of_another_country_is_left_as_it_is() -> None:
    assert state_code("WA", "AU") == "WA"
    assert state_code("Wa", "US") == "WA"
    assert state_names("TX") == ("texas", "tx", "us tx")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_naming_a_category_twice_changes_nothing(text: str) -> None:
    assert category_name(category_name(text)) == category_name(text)


_TEXT = st.text(max_size=30) | st.sampled_from(["Texas", "US", "property managers", "a.example"])
_VALUES = st.dictionaries(
    st.sampled_from(sorted(Criteria.model_fields)),
    _TEXT | st.lists(_TEXT, max_size=4) | st.integers() | st.none() | st.booleans() | st.floats(),
)


def _outcome(make: Callable[[], Criteria]) -> tuple[Criteria | None, str]:
    try:
        return make(), ""
    except InputError as error:
        return None, str(error)


@given(_VALUES)
def test_what_is_accepted_survives_json_and_what_is_not_is_refused_in_one_line(
    values: dict[str, Any],
) -> None:
    criteria, message = _outcome(lambda: build_criteria(values))
    stored = json.loads(json.dumps(criteria.model_dump())) if criteria else None

    assert message.isprintable()
    assert stored is None or Criteria.model_validate(stored) == criteria


@given(st.text(max_size=200) | _VALUES.map(json.dumps))
def test_any_text_gives_criteria_or_one_line(text: str) -> None:
    criteria, message = _outcome(lambda: parse_criteria(text))

    assert "\n" not in message
    assert criteria is None or criteria == build_criteria(criteria.model_dump())
