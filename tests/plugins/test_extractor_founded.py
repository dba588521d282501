"""The year that a firm says it began in, and the years of others."""

import pytest

from app.extractors.profile import EXTRACTOR
from tests.plugins.pages import facts, values


def founded(text: str) -> list[str]:
    return values(facts(EXTRACTOR, f"<p>{text}</p>"), "founded")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Founded in 1998 by two friends.", "1998"),
        ("Established 1993", "1993"),
        ("Maplegate · Est. 2015", "2015"),
        ("Serving Austin since 1987.", "1987"),
        ("Building homes in Ohio since 1998.", "1998"),
        ("Gegründet 1975", "1975"),
        ("Die Kanzlei wurde im Jahr 2004 von Anna Roe gegründet.", "2004"),
        ("1993 Established", "1993"),
        ("We advise owners: leases, boards, boundaries. Since 1987.", "1987"),
        ("Maplegate was set up in 2011 at a kitchen table.", "2011"),
        ("<b>2013</b><span>Since</span>", "2013"),
        ("<div>2013</div><div>Established</div>", "2013"),
        ("Reparamos lo que se rompe. Desde 2008.", "2008"),
        ("Nace a finales del año 2000, de un grupo de familiares.", "2000"),
        ("Im Januar 2013 eröffnete ich die Kanzlei in der Hafenstraße.", "2013"),
        ("In continuous operation since December 5, 1956.", "1956"),
        ("The club was founded in March 1998.", "1998"),
        ("Jane Roe founded Maplegate in 2021.", "2021"),
        ("The firm was established in the year 1992 by Jane Roe.", "1992"),
        ("They met, then started this company in the spring of 2013.", "2013"),
        ("Wir beraten Mieter seit dem Gründungsjahr 1974.", "1974"),
        ("Der Verein entstand 1974 aus einer Initiative.", "1974"),
        ("Established in Leeds in 1985.", "1985"),
        ("A Roe foi fundada no ano de 1985.", "1985"),
        ("In 1987 gründete Karl Roe die Verwaltung.", "1987"),
        ("Ann Roe fundó la administración en 1993 con su marido.", "1993"),
        ("El despacho lo abrió en 1989 D. Juan Roe.", "1989"),
        ("Desde 2018 com novos sócios. A Roe foi fundada em 2002.", "2002"),
        ("Jan Maplegate begon in 1999 aan de keukentafel.", "1999"),
        ("<p>– Ann Roe, Mitglied seit 2019</p><p>Gegründet 1974</p>", "1974"),
        ("Seit Juli 2001 bin ich zugelassen.<br>Gegründet im Jahr 2013", "2013"),
    ],
)
def test_the_founding_year_is_read(text: str, year: str) -> None:
    assert founded(text) == [year]


@pytest.mark.parametrize(
    "text",
    [
        "© 1998-2024 Maplegate",
        "Founded in 2990",
        "Over 25 years",
        "Built in 1998",
        "Sie hat 1998 als Architektin begonnen.",
        "Since the flood",
        "Earlier, Jane Roe founded Kestrel Minerals in 2013.",
        "— Jane Roe, owner in St. Roe since 2016",
        "Juan Roe, cliente desde 2011",
        "You are visitor number 300 since May 3, 2001",
        "Piet Kestrel begon in 2010 als stagiair.",
    ],
)
def test_other_years_are_not_the_founding_year(text: str) -> None:
    assert founded(text) == []
