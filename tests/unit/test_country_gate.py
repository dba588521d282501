"""People of some countries are given out only where the run names the country."""

import pytest

from app.pipeline.country_gate import country_of, laws, open_laws, withheld
from app.records.company import Company
from app.records.criteria import country_code


@pytest.mark.parametrize(
    ("company", "asked", "country", "how"),
    [
        (Company("x", "x.com", country="Deutschland"), "", "DE", "by its address"),
        (Company("x", "x.de", country="US"), "", "US", "by its address"),
        (Company("x", "x.de", state="TX"), "", "US", "by its address"),
        (Company("x", "x.com", phone="+493055500142"), "", "DE", "by its phone number"),
        (Company("x", "x.de", phone="+15125550101"), "", "US", "by its phone number"),
        (Company("x", "x.com", phone="030 55500142"), "DE", "DE", "by the criteria"),
        (Company("x", "buero.x.at"), "US", "AT", "by its domain"),
        (Company("x", "x.io"), "", "", ""),
        (Company("x", "x.com", phone="+800 1234 5678"), "", "001", "by its phone number"),
    ],
)
def test_the_country_is_the_first_that_is_known(
    company: Company, asked: str, country: str, how: str
) -> None:
    assert country_of(company, asked) == (country, how)


def test_people_are_withheld_with_the_reason_unless_the_country_is_named() -> None:
    company = Company("x", "x.de")

    assert withheld(company, "", ()) == (
        "people in DE (by its domain) are withheld unless --allow-country DE is given:"
        " Gesetz gegen den unlauteren Wettbewerb, s. 7(2) no. 2 asks for prior consent,"
        " of firms too"
    )
    assert withheld(company, "", ("AT", "DE")) == ""
    assert withheld(Company("x", "x.example", country="US"), "", ()) == ""
    assert withheld(Company("x", "x.example"), "", ()) == ""


def test_every_listed_country_is_one_and_says_what_law_asks_what_and_where_that_is_said() -> None:
    assert [country_code(code) for code in (*laws(), *open_laws())] == [*laws(), *open_laws()]
    assert not laws().keys() & open_laws().keys()
    for law in (*laws().values(), *open_laws().values()):
        assert any(char.isdigit() for char in law.name), "which section?"
        assert law.asks
        assert law.source.startswith("http")
