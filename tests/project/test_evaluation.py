"""The figures of the bundled sample do not fall, and marks are given as the evaluation says."""

import asyncio
import json
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Evidence
from bench.evaluate import figures
from bench.evaluate.__main__ import main
from bench.evaluate.baseline import baseline_of, fallen, read_baseline, write_baseline
from bench.evaluate.corpus import bundled, open_corpus
from bench.evaluate.evaluation import Evaluation, evaluate, mark_site
from bench.evaluate.labels import JUDGED, Person, Software, Truth, page_key, truth_of
from bench.evaluate.marks import IN_DOUBT, OTHER_PAGE, OUT_OF_REACH, Mark
from bench.evaluate.report import report
from bench.evaluate.research import NOW, Findings

SITE = "https://firm.example"
JANE = Person("Jane Doe-Quill", "Broker", "jane@firm.example", page="team")
OTTO = Person("Otto Marl", email="otto@firm.example", page="team")


@cache
def sample() -> Evaluation:
    return asyncio.run(evaluate(bundled()))


def a_truth(**given: Any) -> Truth:
    """A site with labels for its page `team`, where it names all its people."""
    truth = Truth("firm", SITE, JUDGED, {}, pages=frozenset(("index", "team")))
    return replace(truth, people_complete=True, **given)


def a_fact(field: str, value: str, page: str = "team", **given: Any) -> Evidence:
    fact = Evidence(field, value, f"{SITE}/{page}", value, "text", 0.9, f"{field}.rule", NOW)
    return replace(fact, **given)


def findings(*facts: Evidence, **given: Any) -> Findings:
    company = given.pop("company", Company("", "firm.example", SITE))
    return Findings("ok", company, facts, **given)


def people(*contacts: Contact, page: str = "team") -> Findings:
    """Contacts, each seen on this page."""
    facts = [
        a_fact(field, getattr(one, field), page, subject=one.key)
        for one in contacts
        for field in ("full_name", "title", "email", "phone", "linkedin_url")
        if getattr(one, field)
    ]
    return findings(contacts=contacts, person_facts=tuple(facts))


def marked(truth: Truth, found: Findings, field: str) -> list[Mark]:
    return [mark for mark in mark_site(truth, found) if mark.field == field]


def words(marks: list[Mark]) -> list[tuple[str, str, str]]:
    return [(mark.verdict, mark.found or mark.label, mark.why) for mark in marks]


def test_no_figure_of_the_bundled_sample_is_below_the_baseline() -> None:
    before = read_baseline()

    worse = fallen(baseline_of(sample()), before)

    assert worse == [], "worse than bench/evaluate/baseline.json:\n" + "\n".join(worse)


def test_no_person_of_the_bundled_sample_is_given_the_address_of_somebody_else() -> None:
    given = figures.given_wrongly(sample().marks)

    assert given == {"person_email": 0, "person_phone": 0, "person_linkedin": 0}


def test_two_evaluations_are_equal() -> None:
    again = asyncio.run(evaluate(bundled()))

    assert again.marks == sample().marks
    assert report(again, with_errors=True) == report(sample(), with_errors=True)


def test_a_figure_that_falls_is_named_and_one_that_rises_is_not(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    write_baseline(sample(), file)
    before = read_baseline(file)
    before["fields"]["phone"]["recall"] = 1.1
    before["fields"]["email"]["recall"] = 0.1
    before["software"]["Nobody's"] = {"recall": 0.5}
    before["given_to_wrong_person"]["person_email"] = -1

    worse = fallen(baseline_of(sample()), before)

    named = [line.split(":")[0] for line in worse]
    assert named == ["phone recall", "Nobody's recall", "person_email given to the wrong person"]


def test_a_hashed_label_is_compared_by_hash() -> None:
    label = "sha256:" + sha256(b"jane@free.example").hexdigest()
    truth = a_truth(emails=(label,))

    marks = marked(truth, findings(a_fact("email", "Jane@free.example")), "email")

    assert [mark.verdict for mark in marks] == ["right"]


def test_a_value_of_one_is_right_wrong_in_the_labels_place_or_missed() -> None:
    truth = a_truth(single={"city": ("Austin",), "state": ("TX",), "founded": (), "units": ("88",)})
    company = Company("", "firm.example", SITE, city="AUSTIN", state="OK")
    found = findings(a_fact("city", "Austin"), a_fact("founded", "1999"), company=company)

    marks = [one for field in truth.single for one in marked(truth, found, field)]

    assert [mark.verdict for mark in marks] == ["right", "wrong", "wrong", "missed"]
    figure = figures.figure_of(marks)
    assert (figure.precision, figure.recall, figure.f1) == (0.3333, 0.3333, 0.3333)


def test_a_field_without_a_label_is_open() -> None:
    company = Company("", "firm.example", SITE, city="Austin")

    marks = marked(a_truth(), findings(company=company), "city")

    assert words(marks) == [("open", "Austin", "no label")]
    assert figures.figure_of(marks).precision is None
    assert figures.figure_of(marks).at_worst == 0


def test_a_phone_counts_by_what_the_labels_call_it() -> None:
    truth = a_truth(
        phones=("+15125550101", "+15125550102"),
        phones_ok=("+15125550103",),
        fax=("+15125550104",),
        not_contacts=("+15125550105",),
    )
    seen = ["+15125550101", "+15125550103", "+15125550104", "+15125550105", "+15125550106"]
    elsewhere = a_fact("phone", "+15125550107", "blog")

    marks = marked(truth, findings(*(a_fact("phone", one) for one in seen), elsewhere), "phone")

    assert words(marks) == [
        ("right", "+15125550101", ""),
        ("wrong", "+15125550104", "a fax number"),
        ("wrong", "+15125550105", "a trap"),
        ("wrong", "+15125550106", "not labelled"),
        ("open", "+15125550107", OTHER_PAGE),
        ("missed", "+15125550102", "its page was not read"),
    ]


def test_what_a_doubt_names_is_not_wrong_and_what_it_begins_with_is_not_missed() -> None:
    truth = a_truth(
        single={"city": ("Austin",), "units": ("88",)},
        doubts=("city: Austin or Round Rock", "units: no number would be understandable"),
    )
    company = Company("", "firm.example", SITE, city="Round Rock")

    marks = mark_site(truth, findings(company=company))

    assert [(mark.field, mark.verdict, mark.why) for mark in marks if mark.field != "reach"] == [
        ("city", "open", IN_DOUBT),
        ("units", "open", IN_DOUBT),
    ]


def test_what_stands_only_on_a_page_that_nothing_links_to_is_not_missed() -> None:
    truth = a_truth(people=(JANE,), unlinked=frozenset(("team",)))

    marks = marked(truth, findings(), "people")

    assert words(marks) == [("open", JANE.name, OUT_OF_REACH)]


def test_a_site_that_must_not_be_read_is_right_when_it_was_not() -> None:
    truth = a_truth(reach="blocked", emails=())
    company = Company("", "firm.example", SITE)

    right = marked(truth, Findings("robots", company), "reach")
    wrong = marked(truth, findings(), "reach")

    assert [mark.verdict for mark in right + wrong] == ["right", "wrong"]


def test_an_address_given_to_the_wrong_person_is_counted() -> None:
    truth = a_truth(people=(JANE, OTTO), emails=("office@firm.example",))
    jane = Contact("jane", "Jane Doe-Quill", email=OTTO.email)
    otto = Contact("otto", "Otto Marl", email="office@firm.example")

    marks = marked(truth, people(jane, otto), "person_email")

    assert [mark.why for mark in marks] == ["another person's", "the organisation's"]
    assert figures.given_wrongly(marks) == {"person_email": 2}
    assert figures.figure_of(marks).recall == 0


def test_an_inferred_address_is_open_unless_another_one_is_labelled() -> None:
    truth = a_truth(people=(JANE, Person("Otto Marl", page="team")))
    jane = Contact("jane", "Jane Doe-Quill", email="j.quill@firm.example")
    otto = Contact("otto", "Otto Marl", email="otto@firm.example")
    found = people(jane, otto)
    guessed = tuple(replace(one, rule="email.inferred.first") for one in found.person_facts)

    marks = marked(truth, replace(found, person_facts=guessed), "person_email")

    assert [mark.verdict for mark in marks] == ["wrong", "open"]


def test_people_are_told_apart_from_duplicates_traps_and_strangers() -> None:
    truth = a_truth(people=(JANE, OTTO), not_contacts=("Emerald Forest",))
    names = ["Jane Doe-Quill", "J. Doe-Quill", "Emerald Forest", "Ada Tarn"]

    found = people(*(Contact(name, name) for name in names))

    assert words(marked(truth, found, "people")) == [
        ("right", "Jane Doe-Quill", ""),
        ("wrong", "J. Doe-Quill", "a duplicate"),
        ("wrong", "Emerald Forest", "a trap"),
        ("wrong", "Ada Tarn", "not labelled"),
        ("missed", "Otto Marl", "its page was not read"),
    ]
    assert [mark.verdict for mark in marked(truth, found, "traps")] == ["wrong"]


def test_a_stranger_is_wrong_on_any_page_unless_the_list_of_people_is_not_complete() -> None:
    stranger = people(Contact("ada", "Ada Tarn"), page="blog")

    complete = marked(a_truth(), stranger, "people")
    incomplete = marked(replace(a_truth(), people_complete=False), stranger, "people")

    assert [mark.verdict for mark in (*complete, *incomplete)] == ["wrong", "open"]


def test_titles_count_only_for_people_who_were_found_and_have_one() -> None:
    truth = a_truth(people=(JANE, OTTO, Person("Ada Tarn", "Bookkeeper", page="team")))
    jane = Contact("jane", "Jane Doe-Quill", title="Broker")
    otto = Contact("otto", "Otto Marl", title="Plumber")

    marks = marked(truth, people(jane, otto), "title")

    assert words(marks) == [("right", "Broker", ""), ("open", "Plumber", "no label")]


def test_software_is_wanted_by_its_certainty_and_traps_count_twice() -> None:
    truth = a_truth(
        software=(
            Software("Rent Manager", "certain"),
            Software("Yardi", "probable"),
            Software("Entrata", "weak"),
            Software("PayLease", "certain", aliases=("Zego",)),
        ),
        software_not=("AppFolio", "Guesty"),
    )
    stated = [("RentManager", 0.9), ("AppFolio", 0.7), ("Guesty", 0.4), ("Entrata", 0.9)]
    stated.append(("ZEGO", 0.85))
    facts = [a_fact("software", vendor, confidence=sure) for vendor, sure in stated]
    found = findings(*facts, company=Company("", "firm.example", SITE, pms_detected="RentManager"))

    vendors = figures.by_vendor(mark_site(truth, found))

    assert vendors["Rent Manager"][0].right == 1
    assert vendors["Yardi"][0].missed == 1
    assert vendors["PayLease"][0].right == 1
    assert vendors["AppFolio"][0].wrong == vendors["AppFolio"][1].wrong == 1
    assert vendors["Guesty"][1].right == 1
    assert "Entrata" not in vendors


def test_calibration_sets_stated_confidence_beside_what_was_right() -> None:
    marks = [
        Mark("firm", "email", verdict, confidence=sure)  # type: ignore[arg-type]
        for verdict, sure in [("right", 0.9), ("wrong", 0.92), ("right", 1.0), ("open", 0.9)]
    ]

    bins = [one for one in figures.calibration(marks)["reached by"] if one.count]

    assert [one.low for one in bins] == [0.9, 0.95]
    assert [(one.count, one.stated, one.right) for one in bins] == [(2, 0.91, 0.5), (1, 1.0, 1.0)]


def test_a_page_has_one_key_as_an_address_and_as_a_file() -> None:
    assert page_key("https://firm.example/our%20team/") == page_key("our team/index.html")
    assert page_key("https://firm.example") == page_key("index.html") == "index"
    assert page_key("staff.htm") == page_key("https://firm.example/staff") == "staff"


def test_labels_start_where_they_say_and_leave_out_what_cannot_be_found() -> None:
    expected = {
        "company_name": "Firm",
        "category": "property_management",
        "also": ["hoa_management"],
        "emails": [],
        "phones": [],
        "software": [],
        "people": [],
        "people_complete": True,
    }
    site = {"slug": "firm", "website": SITE, "start": "about.html", "pages": [], "doubts": []}

    truth = truth_of({**site, "expected": expected, "reach": {"pages_not_linked": ["a.html"]}})
    unread = truth_of({**site, "expected": expected, "reach": "no_host"})

    assert truth.website == f"{SITE}/about.html"
    assert truth.unlinked == {"a"}
    assert truth.single["company_type"] == ("residential", "multifamily", "association", "mixed")
    assert "city" not in truth.single
    assert unread.single == {}


def test_annotated_pages_are_read_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "1.html").write_text('<p>Call (512) 555-0142.</p><a href="2.html">Contact</a>')
    (tmp_path / "2.html").write_text("<p>(512) 555-0143</p>")
    label = {
        "page": "1.html",
        "base": "http://firm.example/1.html",
        "entities": [{"type": "TEL", "text": text} for text in ("512-555-0142", "Ex: 12")],
        "person_titles": [["Otto Marl", "President"], ["Otto", "Owner"]],
    }
    (tmp_path / "labels.json").write_text(json.dumps([label]))

    found = asyncio.run(evaluate(open_corpus(tmp_path, tmp_path / "labels.json")))

    assert found.pages == 1
    assert words(list(found.marks)) == [
        ("right", "+15125550142", ""),
        ("missed", "Otto Marl", "its page was not read"),
    ]


def test_sites_and_labels_of_ones_own_are_evaluated_and_listed_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sample_dir = Path("app", "sample")
    given = ["--sites", str(sample_dir), "--labels", str(sample_dir / "labels.json")]

    code = main([*given, "--json", "--errors"])

    (found,) = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["corpus"] == "sample"
    assert found["fields"]["people"] == figures.by_field(sample().marks)["people"].as_json()
    assert all(one["site"] and one["field"] for one in found["errors"])


@pytest.mark.parametrize(
    ("content", "why"),
    [("{", "no JSON"), ("{}", "not as"), ('{"sites": [{}]}', "not as"), ("[1]", "not as")],
)
def test_labels_that_cannot_be_read_are_refused_in_one_line(
    content: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "labels.json"
    file.write_text(content)

    code = main(["--sites", str(tmp_path), "--labels", str(file)])

    said = capsys.readouterr().err
    assert code == 2
    assert why in said
    assert said.count("\n") == 1
