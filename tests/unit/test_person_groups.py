import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.person_groups import group_people
from app.records.evidence import Evidence
from tests.unit.people_facts import ABOUT, CONTACT, TEAM, named


def found(*facts: list[Evidence]) -> list[str]:
    return [person.full_name for person in group_people([one for each in facts for one in each])]


def test_one_person_on_three_pages_is_one_person() -> None:
    (person,) = group_people(
        [*named("Jane Doe", TEAM), *named("JANE DOE", ABOUT), *named("Jane A. Doe, CPM", CONTACT)]
    )

    assert person.full_name == "Jane A. Doe, CPM"
    assert person.pages == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jordi Mon", "Jordi Mon Companys"),
        ("Charles King", "Charles King Jr."),
        ("Bob Roe", "Robert Roe"),
        ("Barb Lane", "Barbara Lane"),
        ("J. Roe", "Julia Roe"),
        ("Ashely Daniel", "Ashley Daniel"),
        ("Leontyne Marchetti", "Leontyne Marchetti-Boyd"),
    ],
)
def test_two_spellings_of_one_name_are_one_person(one: str, other: str) -> None:
    assert len(found(named(one), named(other, ABOUT))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Doe", "Jane Roe"),
        ("Jane Doe", "John Doe"),
        ("Charles King Jr.", "Charles King Sr."),
        ("Daniel Ruiz", "Daniela Ruiz"),
        ("Thomas Thomas", "Thomas Roe"),
    ],
)
def test_two_people_stay_two(one: str, other: str) -> None:
    assert set(found(named(one), named(other, ABOUT))) == {one, other}


def test_a_name_that_could_be_two_people_is_neither() -> None:
    names = found(named("Jane Doe"), named("Jane Doe Roe"), named("Jane Doe Major"))

    assert len(names) == 3


def test_a_nickname_with_an_address_of_its_own_is_somebody_else() -> None:
    bob = named("Bob Roe", email="bob@maplegate.example")
    robert = named("Robert Roe", email="rroe@maplegate.example")

    assert len(found(bob, robert)) == 2


def test_the_spelling_on_most_pages_names_the_person() -> None:
    names = found(named("Barbara Lane", TEAM), named("Barbara Lane", ABOUT), named("Barb Lane"))

    assert names == ["Barbara Lane"]


@given(st.permutations([*named("Bob Roe"), *named("Robert Roe", ABOUT), *named("Jane Doe")]))
def test_the_order_of_the_facts_changes_nothing(facts: list[Evidence]) -> None:
    names = [person.full_name for person in group_people(facts)]

    assert names == ["Jane Doe", "Robert Roe"]
