"""The people of the bundled sample, against its labels."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import app.sample
from app.crawl.document import Document
from app.extractors import Site
from app.extractors.emails import EXTRACTOR as EMAILS
from app.extractors.people import EXTRACTOR as PEOPLE
from app.pipeline.contact_records import build_contacts
from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Evidence
from app.records.page import Page
from app.records.person_name import person_key
from app.records.reading import Reading

SAMPLE = Path(app.sample.__file__).parent
NOW = datetime(2026, 1, 2, tzinfo=UTC)
FORBIDDEN = {("oxbowresidential.example", "team.html")}
"""Pages that robots.txt keeps from being read."""


def sites() -> Iterator[dict[str, Any]]:
    """The labelled sites that can be read."""
    for site in json.loads((SAMPLE / "labels.json").read_text())["sites"]:
        if site["reach"] == "ok" and (SAMPLE / "web" / site["host"]).is_dir():
            yield site


def contacts(site: dict[str, Any]) -> dict[str, Contact]:
    """The contacts of a site, all its pages read, by key."""
    root = SAMPLE / "web" / site["host"]
    company = Company(site["expected"]["company_name"], domain=site["host"].removeprefix("www."))
    facts: list[Evidence] = []
    for file in sorted(root.rglob("*.htm*")):
        path = file.relative_to(root).as_posix()
        if (site["host"], path) in FORBIDDEN:
            continue
        page = Page(f"https://{site['host']}/{path}", 200, "text/html", "", file.read_bytes(), NOW)
        for extract in (PEOPLE, EMAILS):
            facts += extract(Document(page), Site(company.domain, company.name))
    return {
        one.key: one for one in build_contacts(facts, company, now=NOW, reading=Reading(pages=1))[0]
    }


def test_the_people_of_the_sample_are_found_and_nobody_else() -> None:
    wanted: set[tuple[str, str]] = set()
    found: set[tuple[str, str]] = set()

    for site in sites():
        wanted |= {(site["host"], person_key(one["name"])) for one in site["expected"]["people"]}
        found |= {(site["host"], key) for key in contacts(site)}

    assert len(wanted) > 50
    assert len(found & wanted) >= 0.97 * len(found), sorted(found - wanted)
    assert len(found & wanted) >= 0.95 * len(wanted), sorted(wanted - found)


def test_titles_and_addresses_of_the_sample_are_right_and_no_address_is_another_s() -> None:
    titles: list[bool] = []
    wrong: list[str] = []
    missed: list[str] = []

    for site in sites():
        held = contacts(site)
        for person in site["expected"]["people"]:
            one = held.get(person_key(person["name"]))
            if one is None:
                continue
            titles.append(one.title.casefold() == person["title"].casefold())
            published = one.email if one.email_status == "published" else ""
            if published and published != person.get("email", "").lower():
                wrong.append(f"{one.full_name}: {published}")
            if not published and person.get("email"):
                missed.append(f"{one.full_name}: {person['email']}")

    assert wrong == []
    assert len(missed) <= 2, missed
    assert sum(titles) >= 0.95 * len(titles)
