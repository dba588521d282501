import pytest

from app.crawl.words import ABOUT, DULL, TEAM, USEFUL, is_dull, plain, promise


@pytest.mark.parametrize(
    "words",
    [
        "Our Team",
        "meet-the-team",
        "Staff",
        "attorneys",
        "Leadership",
        "Meet the Doctor",
        "Nuestro Equipo",
        "Qui\u00e9nes somos",
        "Gesch\u00e4ftsf\u00fchrung",
        "Ansprechpartner",
        "\u00c9quipe",
        "Qui sommes-nous ?",
    ],
)
def test_pages_that_name_people_are_known_in_four_languages(words: str) -> None:
    assert promise(plain(words)) == TEAM


@pytest.mark.parametrize("words", ["About us", "\u00dcber uns", "A propos", "Nosotros"])
def test_pages_about_the_firm_are_known_in_four_languages(words: str) -> None:
    assert promise(plain(words)) == ABOUT


@pytest.mark.parametrize("words", ["Contact", "Contacto", "Kontakt", "Impressum", "Nous contacter"])
def test_contact_pages_are_useful_in_four_languages(words: str) -> None:
    assert (promise(plain(words)) or 0) > USEFUL


def test_the_longest_phrase_decides() -> None:
    assert promise("join our team") == promise("careers")
    assert promise("property management") != TEAM
    assert promise("management team") == TEAM


def test_a_word_among_many_promises_less_than_the_word_alone() -> None:
    alone, among = promise("dentists"), promise("best dentists for tooth pain")

    assert alone is not None
    assert among is not None
    assert among < alone


def test_part_of_a_word_is_not_the_word() -> None:
    assert promise("teamwork aboutness contactless") is None


def test_unknown_words_promise_nothing() -> None:
    assert promise(plain("Lorem ipsum")) is None
    assert promise("") is None


def test_blogs_are_dull_whatever_they_name() -> None:
    assert is_dull("blog meet our team")
    assert promise("blog") == DULL
    assert not is_dull("our team")


def test_words_are_made_plain() -> None:
    assert plain(" \u00c9quipe_&  Stra\u00dfe-7 ") == "equipe strasse 7"
