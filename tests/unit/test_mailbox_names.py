import pytest

from app.pipeline.mailbox_names import Fit, is_free_domain, is_role_mailbox, mailbox_fit
from app.records.person_name import parse_person_name


@pytest.mark.parametrize(
    ("local", "name", "fit"),
    [
        ("jane.doe", "Jane Doe", Fit.FULL),
        ("jdoe", "Jane Doe", Fit.FULL),
        ("doej", "Jane Doe", Fit.FULL),
        ("janed", "Jane Doe", Fit.FULL),
        ("jane.d", "Jane Doe", Fit.FULL),
        ("jdoe2", "Jane Doe", Fit.FULL),
        ("jane+web", "Jane Doe", Fit.PART),
        ("doe54", "Jane Doe", Fit.PART),
        ("drdoe", "Jane Doe", Fit.PART),
        ("jd", "Jane Doe", Fit.INITIALS),
        ("jqd013", "Jane Doe", Fit.INITIALS),
        ("jqd", "Jane Doe", Fit.NONE),
        ("bob.roe", "Robert Roe", Fit.FULL),
        ("fitz", "Fitzgerald Umber", Fit.PART),
        ("joerg", "Jörg Süßkind", Fit.PART),
        ("lukasz", "Łukasz Brzęk", Fit.PART),
        ("mariafernanda", "María Fernanda Olguín Báez", Fit.FULL),
        ("evander.hp", "Evander Holloway-Price", Fit.FULL),
        ("ivalderrama", "Inés Valderrama-Koch", Fit.FULL),
        ("lvanderrohe", "Ludwig van der Rohe", Fit.FULL),
        ("mturner", "Gaye Turner", Fit.NONE),
        ("jacob", "Prasad Abraham", Fit.NONE),
        ("sueroe", "Justin Major", Fit.NONE),
        ("info", "Jane Doe", Fit.NONE),
    ],
)
def test_a_local_part_agrees_with_a_name_or_not(local: str, name: str, fit: Fit) -> None:
    parsed = parse_person_name(name)

    assert parsed is not None
    assert mailbox_fit(f"{local}@maplegate.example", parsed) is fit


@pytest.mark.parametrize(
    ("local", "role"),
    [
        ("info", True),
        ("leasing.office", True),
        ("sales-team", True),
        ("buchhaltung", True),
        ("contabilidad", True),
        ("jane", False),
        ("janedoe", False),
        ("q77", False),
    ],
)
def test_offices_have_addresses_of_their_own(local: str, role: bool) -> None:
    assert is_role_mailbox(f"{local}@maplegate.example") is role


def test_hosts_where_anybody_can_have_an_address_are_known() -> None:
    assert is_free_domain("GMail.com")
    assert not is_free_domain("maplegate.example")
