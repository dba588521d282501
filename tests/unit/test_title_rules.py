import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.pipeline.title_rules as rules
from app.pipeline.title_rules import TitleClass, classify_title, names_a_role

LEXICON = Path(rules.__file__).parent / "lexicons" / "titles.toml"


@pytest.mark.parametrize(
    ("title", "department", "seniority"),
    [
        ("Broker/Owner", "executive", "owner"),
        ("Founder & CEO", "executive", "owner"),
        ("Chief Executive Officer", "executive", "c_suite"),
        ("President", "executive", "c_suite"),
        ("Executive Vice President", "executive", "vp"),
        ("Vice President of Sales", "sales", "vp"),
        ("Chief Financial Officer", "finance", "c_suite"),
        ("Director of Property Management", "property_management", "director"),
        ("Realtor & Property Manager", "property_management", "manager"),
        ("Assistant Property Manager", "property_management", "staff"),
        ("HOA Manager", "property_management", "manager"),
        ("Leasing Agent", "leasing", "staff"),
        ("Head of Lettings", "leasing", "director"),
        ("Maintenance Supervisor", "maintenance", "manager"),
        ("Operations Coordinator", "operations", "staff"),
        ("Controller", "finance", "manager"),
        ("Bookkeeper", "finance", "staff"),
        ("Marketing Manager", "marketing", "manager"),
        ("Human Resources Director", "hr", "director"),
        ("Senior Software Engineer", "it", "senior"),
        ("Of Counsel", "legal", "senior"),
        ("Managing Partner", "executive", "owner"),
        ("Paralegal", "legal", "staff"),
        ("Orthodontist", "medical", "senior"),
        ("Dental Hygienist", "medical", "staff"),
        ("Executive Assistant to the President", "administration", "staff"),
        ("Treasurer", "board", "board"),
        ("Leasing Intern", "leasing", "entry"),
        ("Gerente de Administración", "administration", "manager"),
        ("Directora General", "executive", "c_suite"),
        ("Dueña", "executive", "owner"),
        ("Asesor inmobiliario", "sales", "staff"),
        ("Administrador de fincas", "property_management", "manager"),
        ("Geschäftsführerin", "executive", "c_suite"),
        ("Inhaber", "executive", "owner"),
        ("Leiter Vermietung", "leasing", "manager"),
        ("Hausverwalterin", "property_management", "manager"),
        ("Rechtsanwältin", "legal", "senior"),
        ("Gérant", "executive", "c_suite"),
        ("Gestionnaire de copropriété", "property_management", "staff"),
        ("Directrice commerciale", "sales", "director"),
        ("Avocate associée", "executive", "owner"),
    ],
)
def test_a_title_is_classified(title: str, department: str, seniority: str) -> None:
    said = classify_title(title)

    assert (said.department, said.seniority) == (department, seniority)
    assert said.department_rule.startswith("title.department.")
    assert said.seniority_rule.startswith("title.seniority.")


def test_a_title_without_a_known_word_is_left_open() -> None:
    assert classify_title("Ray of Sunshine") == TitleClass()


@pytest.mark.parametrize(
    "text", ["Owner Relations", "Social Media", "Directory", "Leasing", "Owners"]
)
def test_words_around_people_are_not_people(text: str) -> None:
    assert not names_a_role(text)


def test_every_rule_has_an_id_of_its_own_and_phrases() -> None:
    tables = tomllib.loads(LEXICON.read_text())
    entries = [entry for group in tables.values() for entry in group]

    ids = [entry["id"] for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(entry.get("roles") or entry.get("areas") for entry in entries)
    assert set(tables) == {"seniority", "department"}


def test_the_phrases_are_folded_as_titles_are() -> None:
    tables = tomllib.loads(LEXICON.read_text())

    for group in tables.values():
        for entry in group:
            for use in ("roles", "areas", "unless"):
                text = entry.get(use, "")
                assert all(char.isascii() and not char.isupper() for char in text), entry["id"]


@given(st.text(max_size=300))
def test_any_text_is_classified_without_an_error(text: str) -> None:
    said = classify_title(text)

    assert bool(said.department) == bool(said.department_rule)
    assert bool(said.seniority) == bool(said.seniority_rule)
