"""app/sources/portal_index.py: whose portal it is, and the lines of an index."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InputError
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.sources._portal_file import hosts_in
from app.sources._portal_match import CONFIDENCE, Matcher, own_domain
from app.sources._portal_names import MAX_FORMS, compact, core_of, full_forms, reading

DOMAINS = ("managebuilding.com", "appfolio.com")


def place(name: str, domain: str = "", city: str = "Austin", state: str = "TX") -> Found:
    website = f"https://{domain}/" if domain else ""
    return Found(Company(name, domain=domain, website=website, city=city, state=state))


def matched(slug: str, *places: Found) -> tuple[str, str]:
    """(rule, domain) of the firm that a portal belongs to; ("", "") for nobody."""
    matcher = Matcher([slug])
    for each in places:
        matcher.offer(each)
    match = matcher.matches().get(slug)
    return (match.rule, own_domain(match.place.company)) if match else ("", "")


@pytest.mark.parametrize(
    ("slug", "name", "rule"),
    [
        ("maplegatepropertymanagement", "Maple Gate Property Management", "name"),
        ("maplegatepm", "Maple Gate Property Management, LLC", "name"),
        ("maple-gate-pm", "The Maple Gate Property Management", "name"),
        ("stellarpropertygrp", "Stellar Property Group", "name"),
        ("sterlingmgmt", "Sterling Property Management, Inc.", "name"),
        ("anchorrlty", "Anchor Realty", "name"),
        ("larkre", "Lark Real Estate", "name"),
        ("redwoodrpm", "Redwood Residential Property Management", "name"),
        ("easylivingspacesllc", "Easy Living Spaces", "name"),
        ("quinoarentals", "Quiñoa Rentals GmbH", "name"),
        ("maplegateaustin", "Maple Gate Property Management", "name_city"),
        ("maplegaterealtyaustin", "Maple Gate Realty", "name_city"),
        ("sandpiperholdings", "Sand Piper Holding", "close"),
        ("bookmaplegaterentals", "Maple Gate Rentals", "name"),
        ("maplegate", "Maple Gate Property Management", "core"),
        ("sandhill", "Sandhill PM", "core"),
        ("premier", "Premier, LLC", "core"),
        ("unrelated", "Maple Gate Property Management", ""),
        ("pm", "Maple Gate Property Management", ""),
        ("oak", "Oak Realty", ""),
        ("propertymanagement", "The Property Management Group", ""),
        ("group", "Property Group", ""),
    ],
)
def test_a_portals_name_is_the_firms_in_one_of_its_spellings(
    slug: str, name: str, rule: str
) -> None:
    assert matched(slug, place(name, "x.example"))[0] == rule


def test_the_label_of_the_firms_own_domain_is_the_strongest_sign() -> None:
    firms = [place("Something Else", "oakpm.example"), place("Oakpm Rentals", "other.example")]

    assert matched("oak-pm", *firms) == ("domain", "oakpm.example")
    assert matched("oak-pm", *reversed(firms)) == ("domain", "oakpm.example")


@pytest.mark.parametrize(
    "other",
    [
        place("Maple Gate Rentals", "b.example", "Reno", "NV"),
        place("Maple Gate Rentals", "", "Reno", "NV"),
        place("Maple Gate Homes", "b.example"),
    ],
)
def test_a_name_that_two_firms_share_is_nobodys(other: Found) -> None:
    firm = place("Maple Gate Rentals", "a.example")

    assert matched("maplegate", firm) == ("core", "a.example")
    assert matched("maplegate", firm, other) == ("", "")
    assert matched("maplegate", other, firm) == ("", "")


def test_the_city_in_a_portals_name_tells_two_firms_apart() -> None:
    firms = [
        place("Maple Gate Rentals", "a.example", "Austin", "TX"),
        place("Maple Gate Rentals", "b.example", "Reno", "NV"),
    ]

    assert matched("maplegatereno", *firms) == ("name_city", "b.example")


def test_rows_of_one_firm_are_no_rivals_and_the_one_with_a_website_counts() -> None:
    rows = [
        place("Maple Gate Rentals"),
        place("Maple Gate Rentals", "a.example"),
        place("Maple Gate Rentals Reno", "a.example", "Reno", "NV"),
    ]

    assert matched("maplegaterentals", *rows) == ("name", "a.example")
    assert matched("maplegaterentals", *rows[::-1]) == ("name", "a.example")


def test_without_a_website_of_its_own_a_firm_is_no_match() -> None:
    assert matched("maplegate", place("Maple Gate Rentals")) == ("", "")
    assert matched("maplegate", place("Maple Gate Rentals", "appfolio.com")) == ("", "")


def test_no_match_is_sure() -> None:
    assert all(0 < confidence < 0.7 for confidence in CONFIDENCE.values())


def test_the_words_of_a_portals_name_are_told_apart() -> None:
    assert reading("maple-gatepm") == "maple gate pm"
    assert reading("coastalrealtyservices") == "coastal realty services"
    assert core_of("Maple Gate Property Management, LLC") == "maplegate"


_NAME = st.text(max_size=40) | st.lists(
    st.sampled_from("the oak & maple property management real estate group llc é 1".split())
).map(" ".join)


@given(_NAME)
def test_any_name_has_a_bounded_number_of_spellings(name: str) -> None:
    forms = full_forms(name)

    assert len(forms) <= MAX_FORMS
    assert len(set(forms)) == len(forms)
    assert all(form and compact(form) == form for form in forms)
    assert not forms or set(core_of(name)) <= set(compact(name))


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?", fullmatch=True))
def test_reading_a_portals_name_loses_no_letter(slug: str) -> None:
    assert reading(slug).replace(" ", "") == slug.replace("-", "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(min_size=1, max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_in_one_line(
    tmp_path: Path, content: bytes, packed: bool
) -> None:
    path = tmp_path / "index"
    path.write_bytes(gzip.compress(content) if packed else content)

    try:
        hosts, message = hosts_in(path, DOMAINS), ""
    except InputError as error:
        hosts, message = {}, str(error)

    assert message.isprintable()
    assert all(host.endswith(DOMAINS) for host in hosts)


_HOSTS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,5})?", fullmatch=True)
_DAYS = st.dates().map(str)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(_HOSTS, st.sampled_from(DOMAINS), _DAYS), max_size=20))
def test_captures_are_read_back_with_their_latest_day(
    tmp_path: Path, captures: list[tuple[str, str, str]]
) -> None:
    lines = [
        f"{','.join(reversed(domain.split('.')))},{slug})/ {day.replace('-', '')}120000 {{}}"
        for slug, domain, day in captures
    ]
    path = tmp_path / "index.cdxj"
    path.write_text("\n".join([*lines, "example,x)/ 20260101000000 {}"]))

    latest: dict[str, str] = {}
    for slug, domain, day in captures:
        host = f"{slug}.{domain}"
        latest[host] = max(day, latest.get(host, ""))
    assert hosts_in(path, DOMAINS) == latest
