"""The bundled sample is what its labels say, complete, and names nobody real."""

import csv
import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from app.sample import build_places

SAMPLE = Path(__file__).parents[2] / "app" / "sample"
WEB = SAMPLE / "web"
SIDECAR = ".sluice-replay.json"

VENDOR_DOMAINS = {
    "managebuilding.com": "Buildium",
    "appfolio.com": "AppFolio",
    "securecafe.com": "Yardi",
    "rentvine.com": "Rentvine",
    "propertyware.com": "Propertyware",
    "rentmanager.com": "Rent Manager",
    "doorloop.com": "DoorLoop",
    "tenantcloud.com": "TenantCloud",
    "residentportal.com": "Entrata",
    "prospectportal.com": "Entrata",
    "realpage.com": "RealPage",
    "myresman.com": "ResMan",
    "guestybookings.com": "Guesty",
    "holidayfuture.com": "Hostaway",
    "hostaway.com": "Hostaway",
    "ownerrez.com": "OwnerRez",
    "streamlinevrs.com": "Streamline",
    "escapia.com": "Escapia",
    "lodgify.com": "Lodgify",
    "hospitable.com": "Hospitable",
}
SOCIAL_DOMAINS = {"linkedin.com", "facebook.com", "instagram.com"}
BUILDER_DOMAINS = {"wix.com", "wixstatic.com", "squarespace-cdn.com", "typekit.net", "jsdelivr.net"}
STANDARD_DOMAINS = {"schema.org", "opengraphprotocol.org", "sitemaps.org", "overturemaps.org"}
KNOWN_DOMAINS = {*VENDOR_DOMAINS, *SOCIAL_DOMAINS, *BUILDER_DOMAINS, *STANDARD_DOMAINS}

HOST = re.compile(r"(?:https?:)?//([a-z0-9.-]+)", re.IGNORECASE)
BARE_HOST = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|us|biz|info|example)\b", re.IGNORECASE
)
EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(
    r"(?<![\w/-])\+?(?:1[ .-]*)?\(?\d{3}\)?[ ./‑-]*\d{3}[ ./‑-]*\d{2}[ ]?\d{2}(?![\w-])"
)

LINK = re.compile(r"""(?:href|src|url)=["']?\s*([^"'\s>]+)""", re.IGNORECASE)
PAGES = {".html", ".htm"}

Label = dict[str, Any]


@cache
def labels() -> tuple[Label, ...]:
    return tuple(json.loads((SAMPLE / "labels.json").read_text(encoding="utf-8"))["sites"])


def read_labels() -> tuple[Label, ...]:
    """Sites of which a crawler may read pages."""
    return tuple(site for site in labels() if site["reach"] == "ok")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def source(path: Path) -> str:
    """The file as text, as its meta charset says."""
    body = path.read_bytes()
    return body.decode("windows-1252" if b"charset=windows-1252" in body[:400] else "utf-8")


@cache
def seen(path: Path) -> str:
    """Source, and what a reader sees: entities resolved, tags away, spaces folded; case folded."""
    text = source(path)
    plain = html.unescape(re.sub(r"<[^>]*>", " ", text))
    both = f"{text}\n{html.unescape(text)}\n{plain}".replace("\u2011", "-")
    return re.sub(r"\s+", " ", both).casefold()


@cache
def site_files(host: str) -> tuple[Path, ...]:
    return tuple(sorted(path for path in (WEB / host).rglob("*") if path.is_file()))


@cache
def site_text(host: str) -> str:
    return "\n".join(seen(path) for path in site_files(host))


def page_text(site: Label, page: str) -> str:
    return seen(WEB / site["host"] / page)


def linked_file(page: Path, link: str) -> Path | None:
    """The file that a link on this page leads to, looked up as static hosts do."""
    root = WEB / page.relative_to(WEB).parts[0]
    base = f"https://{root.name}/{page.relative_to(root).as_posix()}"
    target = urlsplit(urljoin(base, html.unescape(link)))
    if target.netloc.removeprefix("www.") != root.name.removeprefix("www."):
        return None
    path = root / target.path.lstrip("/")
    tried = (path, path.with_name(f"{path.name}.html"), path / "index.html")
    return next((file for file in tried if file.suffix in PAGES and file.is_file()), None)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def decode_cfemail(code: str) -> str:
    key, *rest = bytes.fromhex(code)
    return bytes(byte ^ key for byte in rest).decode()


def decoded(written: dict[str, str]) -> str:
    """The address that a hidden form stands for, worked out from the form alone."""
    form, how = written["as"], written["how"]
    if how.startswith("Cloudflare"):
        return decode_cfemail(form)
    if how.startswith("reversed"):
        return form[::-1]
    spelled = re.sub(r"\s*(?:[\[(](?:at|ät)[\])]|\bAT\b)\s*", "@", html.unescape(form))
    return re.sub(r"\s*(?:[\[(]dot[\])]|\bDOT\b)\s*", ".", spelled)


def labelled_emails(site: Label) -> set[str]:
    expected = site["expected"]
    return {
        *expected["emails"],
        *expected.get("emails_ok", []),
        *(person["email"] for person in expected["people"] if "email" in person),
        *(text for text in expected["not_contacts"] if "@" in text),
    }


def labelled_phones(site: Label) -> set[str]:
    expected = site["expected"]
    return {
        *expected["phones"],
        *expected.get("phones_ok", []),
        *expected.get("fax", []),
        *(person["phone"] for person in expected["people"] if "phone" in person),
        *(text for text in expected["not_contacts"] if text.startswith("+")),
    }


def test_every_host_is_reserved_or_a_named_vendor() -> None:
    files = [path for path in SAMPLE.rglob("*") if path.suffix not in {".parquet", ".pyc"}]
    texts = [source(path) for path in files if path.is_file()]

    hosts = {host for text in texts for host in HOST.findall(text) if "." in host}
    hosts |= {host for text in texts for host in BARE_HOST.findall(text)}
    hosts |= {email.split("@")[1] for text in texts for email in EMAIL.findall(text)}
    hosts |= {folder.name for folder in WEB.iterdir()}

    foreign = {host.lower() for host in hosts if not host.lower().endswith(".example")}
    assert len(hosts) > 100
    assert {host for host in foreign if ".".join(host.split(".")[-2:]) not in KNOWN_DOMAINS} == (
        set()
    )


def test_every_phone_number_is_fictional() -> None:
    numbers = [row["phone"] for name in ("companies.csv", "other_places.csv") for row in rows(name)]
    numbers += [number for site in labels() for number in labelled_phones(site)]
    numbers += [found for site in WEB.iterdir() for found in PHONE.findall(site_text(site.name))]

    wrong = {number for number in numbers if number and digits(number)[-7:-2] != "55501"}

    assert len(numbers) > 100
    assert wrong == set()


def test_there_are_enough_companies_of_each_kind() -> None:
    companies = rows("companies.csv")

    kinds = [row["category"] for row in companies]

    assert len(read_labels()) >= 24
    assert len({build_places.host_of(row["website"]) for row in companies}) >= 26
    assert kinds.count("property_management") >= 20
    assert kinds.count("vacation_rental_management") >= 2
    assert {"hoa_management", "real_estate_brokerage", "law_firm", "dental_clinic"} <= {*kinds}


def test_a_list_narrowed_to_buildium_in_austin_has_six_with_people() -> None:
    austin = [
        site["host"]
        for site in read_labels()
        if (site["expected"]["city"], site["expected"]["state"]) == ("Austin", "TX")
        and site["expected"]["category"] == "property_management"
        and site["expected"]["people"]
        and any(
            (software["vendor"], software["certainty"]) == ("Buildium", "certain")
            for software in site["expected"]["software"]
        )
    ]

    assert len(austin) >= 6


def test_the_list_has_the_quirks_of_a_real_one() -> None:
    companies = rows("companies.csv")

    hosts = [build_places.host_of(row["website"]) for row in companies if row["website"]]

    assert any(not row["website"] for row in companies)
    assert len(hosts) == len(set(hosts)) + 1
    assert any(row["website"].endswith(".example/") for row in companies)
    assert any("//" not in row["website"] for row in companies if row["website"])
    assert any("," in row["company"] and '"' in row["company"] for row in companies)
    assert any(not row["company"].isascii() for row in companies)


def test_every_website_of_the_list_has_a_folder_and_a_label() -> None:
    folders = {folder.name.removeprefix("www.") for folder in WEB.iterdir()}
    no_host = {
        build_places.host_of(site["website"]) for site in labels() if site["reach"] == "no_host"
    }
    listed = {build_places.host_of(row["website"]) for row in rows("companies.csv")} - {""}

    labelled = {build_places.host_of(site["website"]) for site in labels()}

    assert listed - folders == no_host
    assert labelled == listed
    for site in labels():
        hosts = {host.removeprefix("www.") for host in site.get("hosts", [site["host"]])}
        assert build_places.host_of(site["website"]) in hosts
        assert all((WEB / site["host"] / page).is_file() for page in site.get("blocked_pages", []))


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_pages_are_reached_from_the_home_page_or_the_sitemap(site: Label) -> None:
    home = WEB / site["host"] / "index.html"
    reached, frontier = {home}, [home]

    while frontier:
        page = frontier.pop()
        found = {linked_file(page, link) for link in LINK.findall(source(page))}
        new = {path for path in found if path and path not in reached}
        reached |= new
        frontier += new
    sitemap = WEB / site["host"] / "sitemap.xml"
    if sitemap.is_file():
        locations = re.findall(r"<loc>([^<]+)</loc>", source(sitemap))
        reached |= {path for link in locations if (path := linked_file(home, link))}

    assert {WEB / site["host"] / page for page in site["pages"]} <= reached


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_facts_of_the_company_stand_on_its_site(site: Label) -> None:
    expected = site["expected"]
    text = site_text(site["host"])
    fields = ("company_name", "legal_name", "city", "postal_code", "street", "company_linkedin")
    facts = [expected.get(field) for field in fields] + expected.get("aliases", [])

    missing = [fact for fact in facts if fact and fact.casefold() not in text]
    unseen = [number for number in labelled_phones(site) if digits(number)[1:] not in digits(text)]

    assert missing == []
    assert unseen == []


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_people_stand_on_their_page(site: Label) -> None:
    hidden = site["expected"].get("written", {})
    for person in site["expected"]["people"]:
        text = page_text(site, person["page"])
        linkedin_text = page_text(site, person.get("linkedin_page", person["page"]))
        email_text = page_text(site, person.get("email_page", person["page"]))
        email = person.get("email", "")

        assert person["name"].casefold() in text
        assert person.get("title", "").casefold() in text
        assert person.get("linkedin", "").casefold() in linkedin_text
        assert hidden.get(email, {"as": email})["as"].casefold() in email_text
        if "phone" in person:
            numbers = {digits(number)[-10:] for number in PHONE.findall(text)}
            assert digits(person["phone"])[1:] in numbers


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_addresses_stand_on_the_site_as_the_label_says(site: Label) -> None:
    hidden = site["expected"].get("written", {})
    text = site_text(site["host"])

    for email in labelled_emails(site):
        assert hidden.get(email, {"as": email})["as"].casefold() in text
    for email, written in hidden.items():
        assert decoded(written) == email


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_no_address_and_no_number_of_a_site_is_left_out_of_its_labels(site: Label) -> None:
    text = site_text(site["host"])

    emails = set(EMAIL.findall(text))
    emails |= {decode_cfemail(code) for code in re.findall(r'data-cfemail="([0-9a-f]+)', text)}
    emails |= {decode_cfemail(code) for code in re.findall(r"email-protection#([0-9a-f]+)", text)}
    emails |= {turned[::-1] for turned in re.findall(r'direction:rtl">([^<]+)<', text)}
    numbers = {digits(number)[-10:] for number in PHONE.findall(text)}

    assert emails <= labelled_emails(site)
    assert numbers == {digits(number)[-10:] for number in labelled_phones(site)}


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_units_are_the_words_of_the_page(site: Label) -> None:
    units = site["expected"]["units"]
    if units is None:
        return
    text = page_text(site, units["page"])

    assert units["text"].casefold() in text
    assert re.search(rf"\b{units['value']}\b", text.replace(",", ""))


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_labelled_software_and_traps_stand_on_the_site(site: Label) -> None:
    expected = site["expected"]
    text = site_text(site["host"])

    for software in expected["software"]:
        assert software["evidence"].casefold() in page_text(site, software["page"])
    for other in expected["software_not"]:
        assert other["vendor"].casefold() in page_text(site, other["page"])
    for trap in expected["not_contacts"]:
        assert trap.casefold() in text or digits(trap)[-10:] in digits(text)


@pytest.mark.parametrize("site", read_labels(), ids=lambda site: site["slug"])
def test_a_vendor_linked_from_a_site_is_labelled(site: Label) -> None:
    expected = site["expected"]
    named = {software["vendor"] for software in (*expected["software"], *expected["software_not"])}
    text = site_text(site["host"])

    linked = {vendor for domain, vendor in VENDOR_DOMAINS.items() if domain in text}

    assert linked <= named


def test_sidecars_map_paths_to_a_status_and_a_location() -> None:
    sidecars = list(WEB.glob(f"*/{SIDECAR}"))

    assert len(sidecars) >= 3
    for sidecar in sidecars:
        for path, answer in json.loads(sidecar.read_text(encoding="utf-8")).items():
            assert path.startswith("/")
            assert answer.keys() <= {"status", "location"}
            assert ("location" in answer) == (answer["status"] in {301, 302, 307, 308})


def test_the_sample_stays_small() -> None:
    sizes = [path.stat().st_size for path in WEB.rglob("*") if path.is_file()]

    assert sum(sizes) < 1_500_000
    assert max(sizes) < 16_000
    assert (SAMPLE / "places.parquet").stat().st_size < 50_000


def test_places_hold_every_company_once_and_others_that_do_not_match() -> None:
    places = build_places.places()

    names = [place["names"]["primary"] for place in places]
    elsewhere = {row["name"] for row in rows("other_places.csv")}

    assert len(names) == len(set(names))
    assert {row["company"] for row in rows("companies.csv")} - set(names) == {"Bluestem Yard PM"}
    assert 10 <= len(elsewhere) <= 15
    assert elsewhere <= set(names)


def test_the_places_file_agrees_with_the_lists() -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra 'geo' is not installed")

    relation = duckdb.sql(f"SELECT * FROM '{SAMPLE / 'places.parquet'}'")
    stored = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    assert relation.columns == list(build_places.COLUMNS)
    assert stored == build_places.places()
