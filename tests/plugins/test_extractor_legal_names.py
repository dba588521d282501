"""The name that a register has of the firm, among those of others."""

import pytest

from app.extractors import Site
from app.extractors.profile import EXTRACTOR
from tests.plugins.pages import facts, values


def legal(html: str, path: str = "/", domain: str = "maplegate.example") -> list[str]:
    return values(facts(EXTRACTOR, html, path, Site(domain)), "legal_name")


TITLE = "<title>Maplegate Lettings</title>"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Maplegate Lettings (Leeds) Ltd", "Maplegate Lettings (Leeds) Ltd"),
        ("© 2025 Maplegate LLC. All rights reserved.", "Maplegate LLC"),
        ("Maplegate Lettings Pty Ltd | ABN 71 004 558 213", "Maplegate Lettings Pty Ltd"),
        ("EURL MAPLEGATE LETTINGS, capital 8 000 euros", "EURL MAPLEGATE LETTINGS"),
        ("Maplegate Lettings B.V., gevestigd te Utrecht, verwerkt gegevens.",
         "Maplegate Lettings B.V."),
        ("Angaben: Maplegate Lettings GmbH & Co. KG", "Maplegate Lettings GmbH & Co. KG"),
        ("Maplegate Lettings S.a.s. di Roe Anna & C. - Via Roe 1",
         "Maplegate Lettings S.a.s. di Roe Anna & C."),
        ("Le présent site est édité par la société ROE GESTION, SARL au capital de 76 000 €.",
         "ROE GESTION, SARL"),
    ],
)  # fmt: skip
def test_the_legal_name_is_found_where_the_page_prints_it(line: str, found: str) -> None:
    assert found in legal(f"{TITLE}<p>Hello.</p><p>{line}</p>", "/privacy/")


@pytest.mark.parametrize(
    "line",
    [
        "Registered office: c/o Kline Accounts LLP, Leeds",
        "Hébergement : Sitevendor SARL, 7 place de la Gare",
        "Law Office of Jane Roe, PLLC rents upstairs.",
        "Site by Maple Studio Ltd",
        "Maplegate Lettings. Limited time only.",
    ],
)
def test_the_legal_names_of_others_are_not_the_firms(line: str) -> None:
    assert legal(f"{TITLE}<p>Hello.</p><p>{line}</p>", "/privacy/") == []


def test_a_part_of_the_name_may_be_anothers() -> None:
    html = "<title>Maplegate Hill Roe</title><p>Maplegate Hill Roe manages homes.</p>"

    assert legal(f"{html}<p>We began at Maplegate Inc in Georgia.</p>", domain="mhr.example") == []


def test_an_article_tells_no_legal_name() -> None:
    assert legal(f"{TITLE}<p>Maplegate Lettings Ltd</p>", "/blog/x/") == []
