from app.pipeline.person_addresses import inferred, published
from app.pipeline.person_groups import group_people
from app.records.evidence import Evidence
from tests.factories import NOW
from tests.unit.people_facts import CONTACT, fact, named

DOMAIN = "maplegate.example"


def addresses(*facts: list[Evidence], domain: str = DOMAIN) -> dict[str, str]:
    """Published addresses by key."""
    all_facts = [one for each in facts for one in each]
    held = published(group_people(all_facts), [one for one in all_facts if not one.subject], domain)
    return {key: proofs[0].value for key, proofs in held.chosen.items()}


def guesses(*facts: list[Evidence]) -> dict[str, Evidence]:
    """Inferred addresses by key."""
    people = group_people([one for each in facts for one in each])
    known = published(people, [], DOMAIN)
    taken = {one.value for each in facts for one in each if one.field == "email"}
    return inferred(people, known, taken, NOW)


def test_an_address_of_two_people_is_that_of_the_one_it_names() -> None:
    jane = named("Jane Doe", email="jdoe@maplegate.example")
    richard = named("Richard Roe", email="jdoe@maplegate.example")

    assert addresses(jane, richard) == {"jane-doe": "jdoe@maplegate.example"}


def test_an_address_of_two_people_that_names_neither_is_conflicting() -> None:
    facts = [
        *named("Jane Doe", email="homes4u@maplegate.example"),
        *named("Richard Roe", email="homes4u@maplegate.example"),
    ]

    held = published(group_people(facts), [], DOMAIN)

    assert held.chosen == {}
    assert held.conflicting == {"jane-doe", "richard-roe"}


def test_an_address_of_the_site_that_names_one_person_is_that_person_s() -> None:
    loose = [fact("", "email", "mike.doe@elsewhere.example", CONTACT)]

    found = addresses(named("Mike Doe"), named("Gaye Doe"), loose)

    assert found == {"mike-doe": "mike.doe@elsewhere.example"}


def test_a_given_name_alone_counts_on_the_company_s_own_domain() -> None:
    own = [fact("", "email", "jane@maplegate.example", CONTACT)]
    other = [fact("", "email", "richard@elsewhere.example", CONTACT)]

    found = addresses(named("Jane Doe"), named("Richard Roe"), own, other)

    assert found == {"jane-doe": "jane@maplegate.example"}


def test_a_given_name_of_two_people_is_nobody_s() -> None:
    loose = [fact("", "email", "jane@maplegate.example", CONTACT)]

    assert addresses(named("Jane Doe"), named("Jane Roe"), loose) == {}


def test_the_address_of_an_office_is_never_a_person_s() -> None:
    loose = [fact("", "email", "leasing@maplegate.example", CONTACT)]

    assert addresses(named("Jane Leasing"), loose) == {}


def test_an_address_is_inferred_from_two_examples_and_says_so() -> None:
    found = guesses(
        named("Jane Doe", email="jdoe@maplegate.example"),
        named("Richard Roe", email="rroe@maplegate.example"),
        named("Ann Berg"),
    )

    (guess,) = found.values()
    assert guess.value == "aberg@maplegate.example"
    assert guess.method == "inferred"
    assert guess.rule == "email.inferred.flast"
    assert "jdoe@maplegate.example" in guess.quote
    assert "rroe@maplegate.example" in guess.quote
    assert guess.confidence <= 0.7


def test_one_example_is_no_pattern() -> None:
    assert not guesses(named("Jane Doe", email="jdoe@maplegate.example"), named("Ann Berg"))


def test_examples_that_disagree_are_no_pattern() -> None:
    found = guesses(
        named("Jane Doe", email="jdoe@maplegate.example"),
        named("Richard Roe", email="richard@maplegate.example"),
        named("Ann Berg"),
    )

    assert not found


def test_examples_that_fit_two_patterns_alike_are_no_pattern() -> None:
    found = guesses(
        named("Thomas Thomas", email="thomas@maplegate.example"),
        named("Martin Martin", email="martin@maplegate.example"),
        named("Ann Berg"),
    )

    assert not found


def test_nothing_is_inferred_at_a_free_mail_host() -> None:
    found = guesses(
        named("Jane Doe", email="jdoe@gmail.com"),
        named("Richard Roe", email="rroe@gmail.com"),
        named("Ann Berg"),
    )

    assert not found


def test_nothing_is_inferred_where_people_have_addresses_at_many_hosts() -> None:
    found = guesses(
        named("Jane Doe", email="jane_doe@college.example"),
        named("Richard Roe", email="richard_roe@college.example"),
        named("Mary Major", email="mmajor@university.example"),
        named("Ann Berg"),
    )

    assert not found


def test_nothing_is_inferred_for_who_has_a_printed_address_that_is_in_doubt() -> None:
    found = guesses(
        named("Jane Doe", email="jdoe@maplegate.example"),
        named("Richard Roe", email="rroe@maplegate.example"),
        named("Ann Berg", email="homes4u@maplegate.example"),
        named("Lou Falk", email="homes4u@maplegate.example"),
    )

    assert not found


def test_an_address_that_is_somebody_s_is_not_inferred_again() -> None:
    found = guesses(
        named("Jane Doe", email="jane@maplegate.example"),
        named("Ann Berg", email="ann@maplegate.example"),
        named("Jane Roe"),
    )

    assert not found


def test_two_people_who_would_share_an_inferred_address_get_none() -> None:
    found = guesses(
        named("Jane Doe", email="jane@maplegate.example"),
        named("Ann Berg", email="ann@maplegate.example"),
        named("Lou Falk"),
        named("Lou Stein"),
    )

    assert not found


def test_a_name_with_two_family_names_is_inferred_from_given_names_only() -> None:
    found = guesses(
        named("Jane Doe", email="jdoe@maplegate.example"),
        named("Richard Roe", email="rroe@maplegate.example"),
        named("María Olguín Báez"),
    )

    assert not found
