import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.person_name import folded_name, parse_person_name, person_key


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("Jane Doe", "Jane Doe"),
        ("  Jane   Doe, ", "Jane Doe"),
        ("JANE DOE", "Jane Doe"),
        ("JANE O'NEIL", "Jane O'Neil"),
        ("IAN MCDONALD", "Ian McDonald"),
        ("SIOBHAN McALLISTER", "Siobhan McAllister"),
        ("Frau Dipl.-Ing. Erika Mustermann", "Erika Mustermann"),
        ("Ian W. Gee", "Ian W. Gee"),
        ("María de Antón", "María de Antón"),
        ("Ludwig van der Rohe", "Ludwig van der Rohe"),
        ("Abdullah Al-Khan", "Abdullah Al-Khan"),
        ("Frank DiGiovanni, Esq.", "Frank DiGiovanni"),
        ("Richard M. Roe, DDS", "Richard M. Roe"),
        ("Jane Doe, CPM®, MBA", "Jane Doe"),
        ("Lovely C. Doe GNP-C MSN", "Lovely C. Doe"),
        ("Charles B. King, Jr.", "Charles B. King Jr."),
        ("James E. Roe III", "James E. Roe III"),
        ("Dr. Jane Doe", "Jane Doe"),
        ("JUSTICE JANE H. DOE", "Jane H. Doe"),
        ("Prof. Dr. Max Müller", "Max Müller"),
        ('Robert "Bob" Roe', "Robert Roe"),
        ("Robert (Bob) Roe", "Robert Roe"),
        ("Thomas Thomas", "Thomas Thomas"),
        ("J.R. Roe", "J.R. Roe"),
        ("Jean-Claude DUPONT", "Jean-Claude Dupont"),
        ("Diego Rodríguez-Losada", "Diego Rodríguez-Losada"),
        ("Łukasz Brzęk", "Łukasz Brzęk"),
        ("Amélie d'Ornano", "Amélie d'Ornano"),
        ("JoAnn Roe", "JoAnn Roe"),
    ],
)
def test_a_name_is_written_as_a_letter_would_be_addressed(written: str, full: str) -> None:
    parsed = parse_person_name(written)

    assert parsed is not None
    assert parsed.full == full


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jane",
        "jane doe",
        "Dr. Doe",
        "Norma J.",
        "Jane Doe & Co",
        "Jane Doe 2024",
        "Jane Doe, Broker",
        "jane@maplegate.example",
        "WordPress Site",
        "CPM Jane Doe",
        "Jane\x00Doe",
        "Jane Doe And Some More Words Here",
        "J. D",
    ],
)
def test_what_has_not_the_shape_of_a_name_is_none(text: str) -> None:
    assert parse_person_name(text) is None


@pytest.mark.parametrize("honorific", ["Ar.", "Arq.", "Avv.", "Dipl.-Ing."])
def test_what_architects_and_lawyers_put_before_a_name_is_no_part_of_it(honorific: str) -> None:
    name = parse_person_name(f"{honorific} Jane Doe")

    assert name is not None
    assert (name.given, name.family) == ("Jane", "Doe")


def test_the_parts_of_a_name_are_told_apart() -> None:
    name = parse_person_name('Dr. María "Mari" A. de la Cruz Jr., CPM')

    assert name is not None
    assert (name.given, name.middle, name.family) == ("María", ("A.",), "de la Cruz")
    assert (name.nickname, name.generation, name.honorific) == ("Mari", "Jr.", "Dr.")
    assert name.credentials == ("CPM",)
    assert name.surnames == ("cruz",)


@pytest.mark.parametrize("text", ["Doe, Jane A.", "DOE, JANE A."])
def test_tables_write_the_family_name_first(text: str) -> None:
    name = parse_person_name(text, inverted=True)

    assert name is not None
    assert name.full == "Jane A. Doe"
    assert parse_person_name(text) is None


def test_a_family_name_may_begin_with_small_words() -> None:
    name = parse_person_name("de la Cruz, Ramón", inverted=True)

    assert name is not None
    assert name.full == "Ramón de la Cruz"


@pytest.mark.parametrize(
    "written",
    [
        "Ian Gee",
        "IAN GEE",
        "Ian W. Gee",
        "Dr. Ian Gee",
        "Ian Gee, Esq.",
        "Ian “Iggy” Gee",
        "Ían Gée",
    ],
)
def test_one_name_has_one_key_however_it_is_written(written: str) -> None:
    assert person_key(written) == "ian-gee"


def test_father_and_son_have_keys_of_their_own() -> None:
    assert person_key("Charles King Jr.") != person_key("Charles King")


def test_folding_leaves_letters_without_accents() -> None:
    assert folded_name("  Łukasz GROSS-Müller's ") == "lukasz gross mullers"


@given(st.text(max_size=120))
def test_any_text_has_a_key_and_a_name_keeps_its_key(text: str) -> None:
    parsed = parse_person_name(text)

    assert isinstance(person_key(text), str)
    if parsed is not None:
        assert person_key(parsed.full) == person_key(text)
