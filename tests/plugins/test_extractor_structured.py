import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors import Site
from app.extractors.structured import EXTRACTOR
from tests.plugins.pages import facts, values

FIRM = {
    "@context": "https://schema.org",
    "@type": "RealEstateAgent",
    "name": "Maplegate Property Management",
    "legalName": "Maplegate PM, LLC",
    "url": "https://www.maplegate.example/",
    "telephone": "(512) 555-0142",
    "faxNumber": "512-555-0143",
    "email": "mailto:Info@Maplegate.example",
    "foundingDate": "1998-04-01",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "12 Harbor St, Suite 3",
        "addressLocality": "Austin",
        "addressRegion": "Texas",
        "postalCode": "78701",
        "addressCountry": {"@type": "Country", "name": "United States"},
    },
    "sameAs": [
        "https://www.facebook.com/maplegate",
        "http://linkedin.com/company/Maplegate/?trk=x",
    ],
}


def page(*items: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items
    )


def test_a_firm_in_json_ld_gives_every_field() -> None:
    found = facts(EXTRACTOR, page(FIRM))

    assert {fact.field: fact.value for fact in found} == {
        "company_name": "Maplegate Property Management",
        "legal_name": "Maplegate PM, LLC",
        "street": "12 Harbor St, Suite 3",
        "city": "Austin",
        "state": "TX",
        "postcode": "78701",
        "country": "US",
        "phone": "+15125550142",
        "fax": "+15125550143",
        "email": "info@maplegate.example",
        "founded": "1998",
        "linkedin_url": "https://www.linkedin.com/company/Maplegate",
    }
    assert {fact.method for fact in found} == {"structured"}
    assert all(fact.quote for fact in found)


def test_the_parts_of_an_address_share_their_quote() -> None:
    found = facts(EXTRACTOR, page(FIRM))

    quotes = {fact.quote for fact in found if fact.rule == "structured.address"}

    assert quotes == {"12 Harbor St, Suite 3, Austin, Texas 78701, United States"}


@pytest.mark.parametrize(
    "item",
    [
        {"@type": "Person", "name": "Jane Roe", "telephone": "512-555-0142"},
        {"@type": "VacationRental", "name": "Cabin 7", "telephone": "512-555-0142"},
        {"@type": "Product", "name": "Lamp"},
        {"@type": "JobPosting", "title": "Clerk"},
        {"@type": "Organization", "name": "Studio", "url": "https://studio.example/"},
        {"@type": "Review", "author": {"@type": "Organization", "name": "Studio"}},
        {"@type": "Organization"},
    ],
)
def test_what_is_not_the_firm_is_passed_over(item: object) -> None:
    assert facts(EXTRACTOR, page(item)) == ()


@pytest.mark.parametrize(
    "item",
    [
        {"@type": "WebSite", "publisher": {"@type": "Organization", "name": "Maplegate"}},
        {"@graph": [{"@type": ["Organization", "LocalBusiness"], "name": "Maplegate"}]},
        {"@type": "https://schema.org/LocalBusiness", "name": "Maplegate | Homes in Austin"},
        {"@type": "Organization", "name": ["Maplegate"], "url": "https://maplegate.example"},
    ],
)
def test_the_firm_is_found_in_other_shapes(item: object) -> None:
    assert values(facts(EXTRACTOR, page(item)), "company_name") == ["Maplegate"]


@pytest.mark.parametrize(
    "name", ["Company Name", "Your Business Name", "Mon site WordPress", "Firmenname"]
)
def test_what_a_template_calls_the_firm_is_no_name(name: str) -> None:
    found = facts(EXTRACTOR, page({"@type": "Plumber", "name": name}))

    assert values(found, "company_name") == []


@pytest.mark.parametrize(
    ("head", "line", "doubtful"),
    [
        ("Roe Kline & Quill", "Roe Kline & Quill", True),
        ("Roe & Kline Law", "Roe & Kline Law", False),
        ("Roe Kline & Quill", "Sitevendor", False),
    ],
)
def test_a_name_that_head_and_copyright_have_left_behind_is_doubtful(
    head: str, line: str, doubtful: bool
) -> None:
    told = f'<meta property="og:site_name" content="{head}"><p>Copyright 2025 {line}</p>'

    found = facts(EXTRACTOR, page({"@type": "LegalService", "name": "Roe & Kline"}) + told)

    (name,) = [one for one in found if one.field == "company_name"]
    assert (name.confidence < 0.7) == doubtful


def test_contact_points_give_phones_and_addresses() -> None:
    item = {
        "@type": "Organization",
        "name": "Maplegate",
        "contactPoint": [
            {"@type": "ContactPoint", "telephone": "+1 512 555 0144"},
            {"@type": "ContactPoint", "email": "rent@maplegate.example"},
        ],
    }

    found = facts(EXTRACTOR, page(item))

    assert values(found, "phone") == ["+15125550144"]
    assert values(found, "email") == ["rent@maplegate.example"]


def test_an_address_in_one_line_is_taken_apart() -> None:
    item = {"@type": "Dentist", "name": "Dr Roe", "address": "12 Harbor St, Austin, TX 78701"}

    found = facts(EXTRACTOR, page(item))

    assert [values(found, part) for part in ("street", "city", "state", "postcode")] == [
        ["12 Harbor St"],
        ["Austin"],
        ["TX"],
        ["78701"],
    ]


def test_a_firm_in_microdata_is_read_without_what_nests_in_it() -> None:
    html = """
      <div itemscope itemtype="https://schema.org/LocalBusiness">
        <h1 itemprop="name">Maplegate</h1>
        <a itemprop="telephone" href="tel:512-555-0142">Call</a>
        <div itemprop="employee" itemscope itemtype="https://schema.org/Person">
          <b itemprop="name">Jane Roe</b><i itemprop="email">jane@maplegate.example</i></div>
        <p itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
          <span itemprop="streetAddress">12 Harbor St</span>
          <span itemprop="addressLocality">Austin</span>,
          <span itemprop="addressRegion">TX</span> <span itemprop="postalCode">78701</span></p>
      </div>"""

    found = facts(EXTRACTOR, html)

    assert {fact.field: fact.value for fact in found} == {
        "company_name": "Maplegate",
        "street": "12 Harbor St",
        "city": "Austin",
        "state": "TX",
        "postcode": "78701",
        "country": "US",
        "phone": "+15125550142",
    }


def test_the_first_firm_of_a_page_is_surer_than_its_branches() -> None:
    branch = {**FIRM, "name": "Maplegate North", "telephone": "512-555-0177"}

    phones = [fact for fact in facts(EXTRACTOR, page(FIRM, branch)) if fact.field == "phone"]

    assert phones[0].confidence > phones[1].confidence


def test_a_person_with_credentials_and_a_trade_are_doubtful_names_of_a_firm() -> None:
    names = ("Ann C. Roe, GNP-C, MSN", "Property Management Austin TX", "Roe Skin Care")
    sure = [
        fact.confidence
        for name in names
        for fact in facts(EXTRACTOR, page({"@type": "Physician", "name": name}))
        if fact.field == "company_name"
    ]

    assert max(sure[:2]) < 0.7 < sure[2]


def test_a_number_without_country_code_is_read_by_the_sites_country() -> None:
    item = {"@type": "Organization", "name": "Maplegate", "telephone": "020 7946 0018"}

    found = facts(EXTRACTOR, page(item), site=Site("maplegate.example", country="GB"))

    assert values(found, "phone") == ["+442079460018"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "name", "address", "telephone", "url", "sameAs", "publisher"]
            ),
            inner | st.just("Organization"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gives_facts_with_values_and_quotes(item: object) -> None:
    for fact in facts(EXTRACTOR, page(item)):
        assert fact.value
        assert fact.quote
