import time

import pytest

from app.extractors import Site
from app.extractors.software import EXTRACTOR
from app.records.evidence import Evidence
from tests.plugins.pages import a_document, facts, values

PORTAL = "https://maplegate.appfolio.com/connect/users/sign_in"


def named(html: str, path: str = "/") -> list[Evidence]:
    """The facts that name a vendor."""
    fields = ("pms_detected", "software")
    return [fact for fact in facts(EXTRACTOR, html, path) if fact.field in fields]


def only(html: str, path: str = "/") -> Evidence:
    (fact,) = named(html, path)
    return fact


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="{PORTAL}">Tenants</a>',
        f'<form action="{PORTAL}"></form>',
        f'<iframe src="{PORTAL}"></iframe>',
        f'<iframe data-src="{PORTAL}"></iframe>',
        f'<script src="{PORTAL}"></script>',
        f'<img src="{PORTAL}">',
        f'<link rel="preconnect" href="{PORTAL}">',
    ],
)
def test_a_link_to_a_customers_address_is_strong_evidence(html: str) -> None:
    fact = only(html)

    assert (fact.field, fact.value, fact.method) == ("pms_detected", "AppFolio", "link")
    assert fact.quote == PORTAL
    assert fact.rule == "software.appfolio.link"
    assert fact.confidence == 0.95


@pytest.mark.parametrize(
    "html",
    [
        "<script>Appfolio.Listing({hostUrl: 'maplegate.appfolio.com'})</script>",
        '<script>var u = "https:\\/\\/maplegate.appfolio.com\\/listings";</script>',
        "<script>/* https://maplegate.appfolio.com/listing.js */</script>",
        "<button onclick=\"window.open('https://maplegate.appfolio.com/connect')\">Pay</button>",
        '<div data-url="https://maplegate.appfolio.com/listings"></div>',
    ],
)
def test_an_address_in_a_script_or_attribute_is_evidence(html: str) -> None:
    fact = only(html)

    assert (fact.value, fact.rule) == ("AppFolio", "software.appfolio.embed")
    assert "maplegate.appfolio.com" in fact.quote


def test_an_address_that_is_printed_is_evidence() -> None:
    fact = only("<p>Pay at maplegate.appfolio.com/connect, any time.</p>")

    assert (fact.value, fact.method) == ("AppFolio", "text")
    assert fact.quote == "maplegate.appfolio.com/connect"


@pytest.mark.parametrize(
    "html",
    [
        f"<!-- {PORTAL} -->",
        "<!-- APPFOLIO EMBED PLACEHOLDER -->",
        f'<!-- <a href="{PORTAL}">Tenants</a> -->',
        '<a href="https://www.appfolio.com/blog/rent">An article</a>',
        '<a href="https://www.appfolio.com/">Home</a>',
        '<a href="https://help.appfolio.com/s/login">Help</a>',
        '<a href="https://appfolio.com.attacker.example/connect">x</a>',
        '<a href="https://notappfolio.com/connect">x</a>',
        '<a href="https://maplegate.example/?next=appfolio">x</a>',
        '<a href="https://apply.linkedin.example/jobs">x</a>',
        "<p>Meet David Tung, an avid reader who keeps track of everything.</p>",
        "<p>Streamline Your Rental Business</p>",
        "<p>Unlike AppFolio, we answer the phone.</p>",
        "<p>Write to support@appfolio.com.</p>",
        "<h3>Do you use Buildium or AppFolio?</h3><p>No, we moved from AppFolio.</p>",
    ],
)
def test_what_does_not_show_use_is_no_evidence(html: str) -> None:
    assert facts(EXTRACTOR, html) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Online payments powered by Buildium.",
        "Pay rent through our Buildium resident portal.",
        "Buildium owner portal",
        "We use Buildium.",
        "He utilizes Building Engines, AvidXchange and Buildium to manage.",
        "Log in to Buildium to see your statements.",
        "POWERED BY BUILDIUM",
        "Our clients use our Buildium portal to see their statements.",
        "Our property management software, Buildium, shows every invoice.",
        "Maplegate offers Buildium as a safe platform to pay: a smooth payment experience.",
        "Ask about our online portal program (Buildium).",
        "That is why we’ve partnered with Buildium.",
        "Termine online über Buildium",
        "Prendre rendez-vous sur Buildium",
        "Prenoti con Buildium",
    ],
)
def test_words_of_use_are_fair_evidence(text: str) -> None:
    found = [fact for fact in facts(EXTRACTOR, f"<p>{text}</p>") if fact.value == "Buildium"]

    assert [(fact.confidence, fact.rule) for fact in found] == [(0.7, "software.buildium.in_use")]
    assert found[0].quote == text


@pytest.mark.parametrize(
    "text",
    [
        "Buildium",
        "Experience with Buildium or similar software is preferred.",
        "The founder once met the people of Buildium.",
        "Our client, an owner of 2,000 homes, utilizes Buildium for its books.",
        "We read contracts with software vendors too, among them Buildium agreements.",
        "The client's software is Buildium.",
        "Buildium as a platform, and experience with its ledgers, is what we look for.",
        "Many firms use Buildium.",
        "The landlord utilizes Buildium to bill its tenants.",
    ],
)
def test_a_name_alone_is_weak_evidence(text: str) -> None:
    assert only(f"<p>{text}</p>").confidence == 0.4


def test_on_an_article_a_name_is_a_mention_at_most_but_a_link_still_counts() -> None:
    html = f'<p>Many firms are powered by Buildium.</p><a href="{PORTAL}">Tenants</a>'

    by_vendor = {fact.value: fact.confidence for fact in named(html, "/blog/tools/")}

    assert by_vendor == {"AppFolio": 0.95, "Buildium": 0.4}


@pytest.mark.parametrize(
    "path", ["/careers/", "/case-studies/acme/", "/practice-areas/", "/our-clients/"]
)
def test_on_pages_about_clients_a_name_is_a_mention_at_most(path: str) -> None:
    assert only("<p>Powered by Buildium, it grew fast.</p>", path).confidence == 0.4


def test_on_an_article_a_login_that_all_customers_share_says_nothing() -> None:
    html = '<a href="https://www.buildium.com/login">Buildium</a>'

    assert [fact.confidence for fact in named(html, "/blog/tools/")] == [0.4]
    assert [fact.confidence for fact in named(html)] == [0.95, 0.4]


def test_who_changed_uses_what_it_changed_to() -> None:
    found = named("<p>Last year we switched from AppFolio to Rentvine.</p>")

    assert [(fact.value, fact.confidence) for fact in found] == [("Rentvine", 0.7)]


def test_a_picture_may_say_what_the_site_is_powered_by() -> None:
    assert only('<img src="b.png" alt="Powered by AppFolio">').confidence == 0.7
    assert only('<img src="a.png" alt="AppFolio logo">').confidence == 0.4


def test_two_vendors_are_both_given() -> None:
    html = f'<a href="{PORTAL}">Old</a><a href="https://maplegate.managebuilding.com/">New</a>'

    assert values(facts(EXTRACTOR, html), "pms_detected") == ["AppFolio", "Buildium"]


def test_software_beside_property_management_has_its_own_field() -> None:
    html = '<script src="https://app.tenantturner.com/widget.js"></script>'

    fact = only(html)

    assert (fact.field, fact.value) == ("software", "Tenant Turner")


@pytest.mark.parametrize(
    ("url", "category"),
    [
        (PORTAL, ["property_management"]),
        ("https://maplegate.holidayfuture.com/listings", ["vacation_rental_management"]),
        ("https://app.tenantturner.com/widget.js", []),
        ("https://app.mews.com/distributor/1", []),
    ],
)
def test_a_customers_link_implies_what_the_firm_manages(url: str, category: list[str]) -> None:
    found = facts(EXTRACTOR, f'<a href="{url}">Sign in</a>')

    assert values(found, "category") == category


def test_a_site_that_a_vendor_hosts_is_evidence_itself() -> None:
    document = a_document("<p>Welcome</p>", host="maplegate.lodgify.com")

    fact, *_ = EXTRACTOR(document, Site("maplegate.lodgify.com"))

    assert (fact.value, fact.quote) == ("Lodgify", "https://maplegate.lodgify.com/")


def test_software_that_is_said_to_be_used_implies_it_too() -> None:
    said = facts(EXTRACTOR, "<p>Pay rent online through AppFolio.</p>")

    assert values(said, "category") == ["property_management"]
    assert values(facts(EXTRACTOR, "<p>AppFolio is a vendor.</p>"), "category") == []


def test_a_vendors_own_site_is_no_customer_of_itself() -> None:
    html = f'<a href="{PORTAL}">Sign in</a><p>Powered by AppFolio</p>'

    assert facts(EXTRACTOR, html, site=Site("appfolio.com")) == ()


@pytest.mark.parametrize(
    "bait",
    [
        "a.b" * 60_000,
        "powered by " * 30_000,
        "AppFolio " * 30_000,
        "'a.b/" * 40_000,
        "<!--" * 40_000,
    ],
)
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    begin = time.process_time()

    facts(EXTRACTOR, f"<p>{bait}</p>")

    assert time.process_time() - begin < 3


def test_an_address_that_is_said_to_be_closed_is_no_software_in_use() -> None:
    html = "<p>Our old login tallpine.managebuilding.com is closed.</p>"
    assert not [fact for fact in facts(EXTRACTOR, html) if fact.confidence >= 0.5]
