import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.charset import decode

WORD = "Müller – Café"


def test_valid_utf_8_wins_over_a_header_that_says_otherwise() -> None:
    assert decode(WORD.encode(), "iso-8859-1") == WORD


def test_latin_1_is_read_as_browsers_do() -> None:
    assert decode(WORD.encode("cp1252"), "ISO-8859-1") == WORD


def test_undeclared_bytes_that_are_no_utf_8_are_read_as_windows_1252() -> None:
    assert decode(WORD.encode("cp1252")) == WORD


def test_a_false_utf_8_header_over_windows_1252_bytes_is_seen_through() -> None:
    assert decode(WORD.encode("cp1252"), "utf-8") == WORD


def test_utf_8_with_one_broken_byte_stays_utf_8() -> None:
    assert decode(WORD.encode() + b" \xff " + WORD.encode()).startswith(WORD)


def test_the_meta_tag_is_read_when_the_header_is_silent() -> None:
    body = '<meta charset="windows-1251">Привет'.encode("cp1251")

    assert decode(body).endswith("Привет")


def test_the_header_wins_over_the_meta_tag() -> None:
    body = '<meta charset="shift_jis">Привет'.encode("cp1251")

    assert decode(body, "windows-1251").endswith("Привет")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_wins_over_everything(name: str) -> None:
    mark = codecs.BOM_UTF16_LE if name.endswith("le") else codecs.BOM_UTF16_BE

    assert decode(mark + WORD.encode(name), "koi8-r") == WORD


def test_a_shifted_encoding_is_not_taken_for_ascii() -> None:
    assert decode("会社".encode("iso2022_jp"), "iso-2022-jp") == "会社"


def test_a_character_cut_in_two_by_the_cap_is_left_out() -> None:
    assert decode("Müller ü".encode()[:-1], "utf-8") == "Müller "


@pytest.mark.parametrize(
    "label",
    ["base64", "punycode", "idna", "undefined", "unicode_escape", "rot13", "utf-7"],
)
def test_a_codec_that_is_no_charset_is_ignored(label: str) -> None:
    assert decode(WORD.encode("cp1252"), label) == WORD


def test_nul_characters_are_dropped() -> None:
    assert decode(b"a\0b") == "ab"


@given(st.binary(max_size=200), st.text(max_size=20))
def test_decoding_never_raises(body: bytes, label: str) -> None:
    assert "\0" not in decode(body, label)
