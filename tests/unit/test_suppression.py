"""One spelling for everything that may be on the suppression list."""

import pytest

from app.errors import InputError
from app.pipeline.suppression import Mark, mark_of, marks_of_company, marks_of_person
from app.records.company import Company


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        (" Jane.Doe+lists@Firm.EXAMPLE ", "email", "jane.doe@firm.example"),
        ("mailto:jane@bücher.example", "email", "jane@xn--bcher-kva.example"),
        ("https://www.Firm.example:8080/team?x", "domain", "firm.example"),
        ("@firm.example", "domain", "firm.example"),
        ("*.firm.example.", "domain", "firm.example"),
        ("BÜCHER.example", "domain", "xn--bcher-kva.example"),
        ("(512) 555-0101", "phone", "+15125550101"),
        ("+49 30 / 5550-0142", "phone", "+493055500142"),
    ],
)
def test_every_spelling_of_a_thing_is_one_mark(typed: str, kind: str, value: str) -> None:
    mark = mark_of(typed)

    assert (mark.kind, mark.value) == (kind, value)
    assert mark_of(mark.value) == mark


@pytest.mark.parametrize("typed", ["", "jane", "jane@", "@", "12", "a b@firm.example", "jane@firm"])
def test_what_is_neither_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="is no e-mail address, domain or phone number"):
        mark_of(typed)


def test_a_domain_stands_for_what_is_below_it_and_its_addresses_and_for_nothing_beside_it() -> None:
    firm = mark_of("firm.example")

    assert firm in marks_of_company(Company("x", "eu.firm.example"))
    assert firm in marks_of_company(Company("x", "", "https://www.firm.example/de"))
    assert firm in marks_of_person("jane@mail.firm.example")
    assert firm not in marks_of_company(Company("x", "otherfirm.example"))
    assert firm not in marks_of_person("firm.example@elsewhere.example")


def test_a_number_is_read_by_its_company_s_country() -> None:
    number = mark_of("+49 30 55500142")

    assert number in marks_of_person("", "030 55500142", "DE")
    assert number in marks_of_company(Company("x", country="DE", phone="030 55500142"))
    assert number not in marks_of_person("", "030 55500142", "DE", kinds=("email",))


def test_a_digest_tells_nothing_without_its_key() -> None:
    mark = Mark("email", "jane@firm.example")

    assert mark.digest(b"a") == mark_of("Jane@FIRM.example").digest(b"a")
    assert mark.digest(b"a") != mark.digest(b"b")
    assert mark.digest(b"a") != Mark("domain", mark.value).digest(b"a")
