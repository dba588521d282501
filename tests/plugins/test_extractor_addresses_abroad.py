"""Postal addresses as imprints and footers outside North America print them."""

import pytest

from app.extractors import Site
from app.extractors._addresses.american import read_address
from app.extractors.profile import EXTRACTOR
from tests.plugins.pages import a_document, facts, values


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Maplegate GmbH\nHafenstr. 12\nD-24103 Kiel", ("Hafenstr. 12", "Kiel", "", "24103", "DE")),
        ("Praxis Roe\nGeilheim 200a\n91717 Wasserau\nDeutschland",
         ("Geilheim 200a", "Wasserau", "", "91717", "DE")),
        ("Hafenstrasse 12 24103 Kiel", ("Hafenstrasse 12", "Kiel", "", "24103", "DE")),
        ("Roe & Partner | Hafenstraße 12-14 | 24103 Kiel | Tel. 0431 5550142",
         ("Hafenstraße 12-14", "Kiel", "", "24103", "DE")),
        ("Anschrift: Lange Reihe 7 · 20099 Hamburg",
         ("Lange Reihe 7", "Hamburg", "", "20099", "DE")),
        ("Straße des 17. Juni 135\n10623 Berlin",
         ("Straße des 17. Juni 135", "Berlin", "", "10623", "DE")),
        ("Kaiserstr. 5 / 2. OG\n60311 Frankfurt a. M.",
         ("Kaiserstr. 5 / 2. OG", "Frankfurt a. M.", "", "60311", "DE")),
        ("Schulstraße 3 (Hinterhaus), 01067 Dresden",
         ("Schulstraße 3", "Dresden", "", "01067", "DE")),
        ("Dr.-Roe-Straße 4b\n53113 Bonn", ("Dr.-Roe-Straße 4b", "Bonn", "", "53113", "DE")),
        ("Auf der Höhe 3\n54290 Trier", ("Auf der Höhe 3", "Trier", "", "54290", "DE")),
        ("Hohe Str. 12\n06108 Halle (Saale)", ("Hohe Str. 12", "Halle (Saale)", "", "06108", "DE")),
        ("Im Erlengrund 2-4\n97070 Würzburg-Heidingsfeld",
         ("Im Erlengrund 2-4", "Würzburg-Heidingsfeld", "", "97070", "DE")),
        ("Mariahilfer Straße 12/3/14\nA-1060 Wien",
         ("Mariahilfer Straße 12/3/14", "Wien", "", "1060", "AT")),
        ("Herrengasse 5, Top 7, 8010 Graz, Österreich",
         ("Herrengasse 5, Top 7", "Graz", "", "8010", "AT")),
        ("Landstraße 12\nAT-4020 Linz", ("Landstraße 12", "Linz", "", "4020", "AT")),
        ("Bahnhofstrasse 12\nCH-8001 Zürich", ("Bahnhofstrasse 12", "Zürich", "", "8001", "CH")),
        ("Rue du Lac 7\n1003 Lausanne\nSuisse", ("Rue du Lac 7", "Lausanne", "", "1003", "CH")),
        ("Via Nassa 5\n6900 Lugano\nSvizzera", ("Via Nassa 5", "Lugano", "", "6900", "CH")),
        ("Chemin de Roe 3\nCase postale 12\nCH-1201 Genève",
         ("Chemin de Roe 3", "Genève", "", "1201", "CH")),
        ("23 rue Roe Fontaine 75009 Paris", ("23 rue Roe Fontaine", "Paris", "", "75009", "FR")),
        ("30 bis, rue de Paris – BP 60401 – 35704 Rennes cedex 7",
         ("30 bis, rue de Paris", "Rennes", "", "35704", "FR")),
        ("30 Bis rue de Paris\n35000 RENNES FRANCE",
         ("30 Bis rue de Paris", "RENNES", "", "35000", "FR")),
        ("ZA des Roes\n12 rue des Artisans\n44000 Nantes",
         ("12 rue des Artisans", "Nantes", "", "44000", "FR")),
        ("4 Bd. du Roe, Bâtiment B, 13008 Marseille",
         ("4 Bd. du Roe, Bâtiment B", "Marseille", "", "13008", "FR")),
        ("5, place de l'Église - 67000 Strasbourg",
         ("5, place de l'Église", "Strasbourg", "", "67000", "FR")),
        ("12 r. Victor Roe\n69003 Lyon 3ème", ("12 r. Victor Roe", "Lyon", "", "69003", "FR")),
        ("12 faubourg Saint-Roe\nF-75010 Paris",
         ("12 faubourg Saint-Roe", "Paris", "", "75010", "FR")),
        ("17 Rue de la République, 1er étage, 84000 Avignon",
         ("17 Rue de la République, 1er étage", "Avignon", "", "84000", "FR")),
        ("Kerkstraat 4\n2990 Loenroe", ("Kerkstraat 4", "Loenroe", "", "2990", "BE")),
        ("Avenue Roe 12 bte 3\nB-1050 Bruxelles",
         ("Avenue Roe 12 bte 3", "Bruxelles", "", "1050", "BE")),
        ("Steenweg op Roe 12 bus 3, 2300 Turnhout, België",
         ("Steenweg op Roe 12 bus 3", "Turnhout", "", "2300", "BE")),
        ("Rue de la Roe, 16 - 4000 Liège (Belgique)",
         ("Rue de la Roe, 16", "Liège", "", "4000", "BE")),
        ("Roegracht 123-2\n1015CJ Amsterdam",
         ("Roegracht 123-2", "Amsterdam", "", "1015 CJ", "NL")),
        ("Postbus 12\n3500 AA Utrecht", ("Postbus 12", "Utrecht", "", "3500 AA", "NL")),
        ("Laan van Roe 5a, 2595 BD Den Haag", ("Laan van Roe 5a", "Den Haag", "", "2595 BD", "NL")),
        ("2e Roestraat 7, 1091 XX  's-Hertogenbosch",
         ("2e Roestraat 7", "'s-Hertogenbosch", "", "1091 XX", "NL")),
        ("Avd. Salud Roe, s/n\nAlcalá de Roe (Sevilla)",
         ("Avd. Salud Roe, s/n", "Alcalá de Roe", "Sevilla", "", "ES")),
        ("C/ Mayor nº 12, 3º B\n28013 - Madrid",
         ("C/ Mayor nº 12, 3º B", "Madrid", "", "28013", "ES")),
        ("Calle de Hondar, 13, 1º B. 20301 Irun (Gipuzkoa)",
         ("Calle de Hondar, 13, 1º B.", "Irun", "Gipuzkoa", "20301", "ES")),
        ("Pza. de España 4, bajo, 41001 Sevilla",
         ("Pza. de España 4, bajo", "Sevilla", "", "41001", "ES")),
        ("Gran Vía 45, 2ª planta, CP 48011 Bilbao (Bizkaia)",
         ("Gran Vía 45, 2ª planta", "Bilbao", "Bizkaia", "48011", "ES")),
        ("Ctra. de Roe km 5,2 - 30120 El Palmar (Murcia)",
         ("Ctra. de Roe km 5,2", "El Palmar", "Murcia", "30120", "ES")),
        ("Via Giacomo Roe 11\n20877, Roncello (MB)",
         ("Via Giacomo Roe 11", "Roncello", "MB", "20877", "IT")),
        ("Lo studio si trova in Via Giacomo Roe 11, Roncello (20877).",
         ("Via Giacomo Roe 11", "Roncello", "", "20877", "IT")),
        ("Via Roma, n. 7/A - 50123 Firenze FI",
         ("Via Roma, n. 7/A", "Firenze", "FI", "50123", "IT")),
        ("P.zza Roe, 3 - 20121 Milano (MI) - Italia",
         ("P.zza Roe, 3", "Milano", "MI", "20121", "IT")),
        ("C.so Vittorio Roe 12 bis\n10121 Torino TO",
         ("C.so Vittorio Roe 12 bis", "Torino", "TO", "10121", "IT")),
        ("Strada Provinciale Roe snc, 73100 Lecce (LE)",
         ("Strada Provinciale Roe snc", "Lecce", "LE", "73100", "IT")),
        ("Vicolo Roe, 2 - I-37121 Verona", ("Vicolo Roe, 2", "Verona", "", "37121", "IT")),
        ("Av. da Roe, n.º 12, 2.º Esq.\n1050-187 Lisboa\nPortugal",
         ("Av. da Roe, n.º 12, 2.º Esq.", "Lisboa", "", "1050-187", "PT")),
        ("R. de Roe 45 - 1.º\n4050-600 Porto",
         ("R. de Roe 45 - 1.º", "Porto", "", "4050-600", "PT")),
        ("Calle Roe 12, Int. 3, Col. Centro, C.P. 44100, Guadalajara, Jalisco, México",
         ("Calle Roe 12, Int. 3, Col. Centro", "Guadalajara", "Jalisco", "44100", "MX")),
        ("Av. Roe No. 222, Col. Roma Norte, 06700, CDMX",
         ("Av. Roe No. 222, Col. Roma Norte", "CDMX", "", "06700", "MX")),
        ("Av. Roe 1500 Sur, Col. Centro\nMonterrey, N.L. C.P. 64000",
         ("Av. Roe 1500 Sur, Col. Centro", "Monterrey", "N.L.", "64000", "MX")),
        ("Av. Duarte Roe 670, Piso 3, Of. 5 y 6\nCórdoba, Argentina",
         ("Av. Duarte Roe 670, Piso 3, Of. 5 y 6", "Córdoba", "", "", "AR")),
        ("Calle Roe 1234 4º A, C1043AAZ CABA, Argentina",
         ("Calle Roe 1234 4º A", "CABA", "", "C1043AAZ", "AR")),
        ("Av. Roe 450, (5000) Córdoba", ("Av. Roe 450", "Córdoba", "", "5000", "AR")),
        ("San Martín 123, 2° piso, Rosario, Santa Fe, Argentina",
         ("San Martín 123, 2° piso", "Rosario", "Santa Fe", "", "AR")),
        ("Cra. 7 No. 71-21 Of. 502\nBogotá D.C., Colombia",
         ("Cra. 7 No. 71-21 Of. 502", "Bogotá D.C.", "", "", "CO")),
        ("Carrera 43A # 5A - 113, Medellín, Antioquia",
         ("Carrera 43A # 5A - 113", "Medellín", "Antioquia", "", "CO")),
        ("Calle 70 Nº 7-30 | Bogotá", ("Calle 70 Nº 7-30", "Bogotá", "", "", "CO")),
        ("Unit 4, Roe Business Park, Harbor Way, Bristol, BS8 1PD",
         ("Unit 4, Roe Business Park, Harbor Way", "Bristol", "", "BS8 1PD", "GB")),
        ("Flat 2, 14 High Street | Leeds | LS1 4AP",
         ("Flat 2, 14 High Street", "Leeds", "", "LS1 4AP", "GB")),
        ("Roe House, 5-7 Mill Lane, Bath, Somerset BA1 2AB",
         ("5-7 Mill Lane", "Bath", "Somerset", "BA1 2AB", "GB")),
        ("First Floor, 22 Roe Street\nEdinburgh\nEH2 2AD\nScotland",
         ("22 Roe Street", "Edinburgh", "", "EH2 2AD", "GB")),
        ("Registered office: 71-75 Roe Street, Covent Garden, London, WC2H 9JQ.",
         ("71-75 Roe Street, Covent Garden", "London", "", "WC2H 9JQ", "GB")),
        ("St Roe's Road, Huyton, Liverpool L36 0UX",
         ("St Roe's Road, Huyton", "Liverpool", "", "L36 0UX", "GB")),
        ("Unit 3, Roe Business Park, Sandyford, Dublin 18, D18 X5R3",
         ("Unit 3, Roe Business Park, Sandyford", "Dublin", "", "D18 X5R3", "IE")),
        ("12 Main Street, Naas, Co. Kildare, W91 XY12",
         ("12 Main Street", "Naas", "Co. Kildare", "W91 XY12", "IE")),
        ("5 Roe Quay, Cork, Ireland", ("5 Roe Quay", "Cork", "", "", "IE")),
        ("14 Fitzroe Square, Dublin 2", ("14 Fitzroe Square", "Dublin", "", "", "IE")),
        ("Main Street, Kenroe, Co. Kerry", ("Main Street", "Kenroe", "Co. Kerry", "", "IE")),
        ("No. 12, Roe Road, Indiranagar, Bengaluru, Karnataka 560038",
         ("No. 12, Roe Road, Indiranagar", "Bengaluru", "Karnataka", "560038", "IN")),
        ("402, Roe Chambers, M.G. Road, Andheri (East), Mumbai - 400069, Maharashtra",
         ("402, Roe Chambers, M.G. Road, Andheri (East)", "Mumbai", "Maharashtra", "400069", "IN")),
        ("Plot No. 5, Sector 44\nGurugram 122003, Haryana, India",
         ("Plot No. 5, Sector 44", "Gurugram", "Haryana", "122003", "IN")),
        ("B-12, Roe Nagar\nNew Delhi - 110 024",
         ("B-12, Roe Nagar", "New Delhi", "", "110 024", "IN")),
        ("Suite 3, Level 2, 45 Roe Street, Fitzroy VIC 3065",
         ("Suite 3, Level 2, 45 Roe Street", "Fitzroy", "VIC", "3065", "AU")),
        ("Shop 4/12 Roe Pde\nBondi NSW 2026", ("Shop 4/12 Roe Pde", "Bondi", "NSW", "2026", "AU")),
        ("4/22 Roe Cres, Brisbane QLD 4000", ("4/22 Roe Cres", "Brisbane", "QLD", "4000", "AU")),
        ("PO Box 77, Subiaco, WA, 6008", ("PO Box 77", "Subiaco", "WA", "6008", "AU")),
        ("Level 5\n120 Collroe Street\nMelbourne Victoria 3000\nAustralia",
         ("120 Collroe Street", "Melbourne", "VIC", "3000", "AU")),
        ("Level 2, 15 Roe Street, Ponsonby, Auckland 1011",
         ("Level 2, 15 Roe Street, Ponsonby", "Auckland", "", "1011", "NZ")),
        ("12A Roe Street\nTe Aro\nWellington 6011\nNew Zealand",
         ("12A Roe Street", "Wellington", "", "6011", "NZ")),
        ("44 Roe Road, RD 2, Cambridge 3494, New Zealand",
         ("44 Roe Road, RD 2", "Cambridge", "", "3494", "NZ")),
        ("4245 North Roehighway Blvd.\nSt. Louis, MO 63115",
         ("4245 North Roehighway Blvd.", "St. Louis", "MO", "63115", "US")),
        ("#303 - 210 Roe St\nVancouver, BC\nV6B 2J1",
         ("#303 - 210 Roe St", "Vancouver", "BC", "V6B 2J1", "CA")),
        ("Sitz: 04109 Leipzig, Markgrafenstraße 2",
         ("Markgrafenstraße 2", "Leipzig", "", "04109", "DE")),
        ("Postanschrift: Postfach 12 34, 24011 Kiel",
         ("Postfach 12 34", "Kiel", "", "24011", "DE")),
        ("Kontakt Österreich\nOberdorf 45\n6850 Dornbirn",
         ("Oberdorf 45", "Dornbirn", "", "6850", "AT")),
        ("Roe Treuhand AG, Seestrasse 17, 8002 Zürich",
         ("Seestrasse 17", "Zürich", "", "8002", "CH")),
        ("Av. de la Gare 10\nCH - 1950 Sion", ("Av. de la Gare 10", "Sion", "", "1950", "CH")),
        ("Route de Roe 12, 1260 Nyon (VD)", ("Route de Roe 12", "Nyon", "", "1260", "CH")),
        ("1 rue du 8 mai 1945 - 92110 Clichy",
         ("1 rue du 8 mai 1945", "Clichy", "", "92110", "FR")),
        ("Siège social : 25 bd Haussmann 75009 PARIS – RCS Paris 123 456 789",
         ("25 bd Haussmann", "PARIS", "", "75009", "FR")),
        ("ZI Nord, rue de l'Industrie, 59000 Lille",
         ("rue de l'Industrie", "Lille", "", "59000", "FR")),
        ("Place du Marché, 14000 Caen", ("Place du Marché", "Caen", "", "14000", "FR")),
        ("Grote Markt 5, 9100 Sint-Niklaas", ("Grote Markt 5", "Sint-Niklaas", "", "9100", "")),
        ("Carrer de Balmes 12, 3r 2a, 08007 Barcelona",
         ("Carrer de Balmes 12, 3r 2a", "Barcelona", "", "08007", "ES")),
        ("Polígono Industrial Roe, parcela 5, 50197 Zaragoza",
         ("Polígono Industrial Roe, parcela 5", "Zaragoza", "", "50197", "ES")),
        ("Studio Legale Roe - Via XX Settembre, 12 - 00187 Roma",
         ("Via XX Settembre, 12", "Roma", "", "00187", "IT")),
        ("Corso Italia 12, Catania", ("Corso Italia 12", "Catania", "", "", "IT")),
        ("Av. Insurgentes Sur 1602, Piso 7, Roetlán, Benito Roe, 03940 Ciudad de México, CDMX",
         ("Av. Insurgentes Sur 1602, Piso 7", "Ciudad de México", "CDMX", "03940", "MX")),
        ("Calle 60 #480 x 55 y 57, Centro, Mérida, Yucatán, México",
         ("Calle 60 #480 x 55 y 57", "Mérida", "Yucatán", "", "MX")),
        ("Hidalgo 123, Col. Centro, 76000 Querétaro, Qro.",
         ("Hidalgo 123, Col. Centro", "Querétaro", "Qro", "76000", "MX")),
        ("Lavalle 1425 3° B (1048) CABA", ("Lavalle 1425 3° B", "CABA", "", "1048", "AR")),
        ("#45, 2nd Cross, Roe Layout, Koramangala, Bangalore - 560034",
         ("#45, 2nd Cross, Roe Layout, Koramangala", "Bangalore", "", "560034", "IN")),
        ("H. No. 8-2-293, Road No. 10, Banjara Hills, Hyderabad, Telangana 500034",
         ("H. No. 8-2-293, Road No. 10, Banjara Hills", "Hyderabad", "Telangana", "500034", "IN")),
        ("38 Grande Rue, 25000 Roesançon", ("38 Grande Rue", "Roesançon", "", "25000", "FR")),
        ("C. Mayor 5, 1ºD, 50001 Zaragoza", ("C. Mayor 5, 1ºD", "Zaragoza", "", "50001", "ES")),
        ("Studio Roe S.a.s. di Roe & C. - Via Roe 118/2 - 40135 Bologna (BO)",
         ("Via Roe 118/2", "Bologna", "BO", "40135", "IT")),
        ("Av. Corrientes 3847, 6º \"B\" (C1194AAD) Ciudad Autónoma de Buenos Aires",
         ('Av. Corrientes 3847, 6º "B"', "Ciudad Autónoma de Buenos Aires", "", "C1194AAD", "AR")),
        ("Rúa do Roe, 12 - 15001 Lugo", ("Rúa do Roe, 12", "Lugo", "", "15001", "ES")),
        ("Jr. de la Roe 345, Lima, Perú", ("Jr. de la Roe 345", "Lima", "", "", "PE")),
        ("Av. 18 de Roe 1234, Montevideo, Uruguay",
         ("Av. 18 de Roe 1234", "Montevideo", "", "", "UY")),
        ("Av. Roe 123, Of. 501, Santiago, Chile",
         ("Av. Roe 123, Of. 501", "Santiago", "", "", "CL")),
    ],
)  # fmt: skip
def test_an_address_abroad_is_read(text: str, parts: tuple[str, ...]) -> None:
    found = read_address(text)

    assert found is not None
    assert (found.street, found.city, found.state, found.postcode, found.country) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Impressum\nPraxis Roe\nGeilheim 200a\n91717 Wasserau", ("Geilheim 200a", "91717", "DE")),
        ("Kontakt\nDorf 12\n6370 Roebühel\nUID ATU12345678", ("Dorf 12", "6370", "")),
        ("Kontakt\nLange Reihe 7 | 20099 Hamburg", ("Lange Reihe 7", "20099", "DE")),
        ("Contacto\nPetrona Roe 2394. Paraná, Entre Ríos", ("Petrona Roe 2394", "", "AR")),
        ("DirecciónAv. Roe 670\nCórdoba, Argentina", ("Av. Roe 670", "", "AR")),
    ],
)
def test_a_street_without_a_word_for_it_is_read_where_its_town_follows(
    text: str, parts: tuple[str, str, str]
) -> None:
    found = read_address(text)

    assert found is not None
    assert (found.street, found.postcode, found.country) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Homes 120\n11250 Kestrel",
        "Impressum\nRoe Tower 5\n12345 Harbor Street",
        "Impressum\nIn Zahlen: Wohnungen 500\n12000 Kunden und 30 Partner",
        "Avenida Roe 5, San Clemente, CA 92672",
        "PO Box 336, Roetown, MN",
        "Ein Kurs: 12 cours de danse, Paris",
        "Boone, NC 28607\n1418 NC Highway 105",
        "Kontakt\nTelefon 24\n12345 Anrufe",
        "Impressum\nAmtsgericht Kiel HRB 555\n24103 Kiel",
        "Nosotros\nEquipo de 25. Mendoza, Argentina",
        "Desde 1998, Buenos Aires, Argentina",
        "Apply via Zillow 24, Austin",
        "In Wellington 2019 we won",
        "Mumbai 400 001 families helped",
        "Jane Roe studied in Dublin, Ireland and London, England.",
        "12 years in Cork, Ireland",
    ],
)
def test_numbers_beside_names_are_no_address_abroad(text: str) -> None:
    found = read_address(text)

    assert found is None or found.country == "US"


@pytest.mark.parametrize(
    ("host", "country"), [("maplegate.mx", "MX"), ("maplegate.es", "ES"), ("maplegate.com", "ES")]
)
def test_the_domain_tells_which_of_the_countries_of_a_language_it_is(
    host: str, country: str
) -> None:
    page = a_document("<p>Calle Mayor 12, 28013 Roe</p>", "/contact", host)

    assert values(tuple(EXTRACTOR(page, Site(host))), "country") == [country]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/maps/place/12+Harbor+St,+Winnipeg,+MB+R3B+3P1/@49.8,-97.1,17z",
        "https://maps.google.com/maps?q=12%20Harbor%20St%2C%20Winnipeg%2C%20MB%20R3B%203P1&z=14",
        "https://www.google.com/maps/search/?api=1&query=12+Harbor+St,+Winnipeg,+MB+R3B+3P1",
    ],
)
def test_the_map_tells_the_address_where_the_page_prints_none(url: str) -> None:
    html = f"<p>Visit us</p><a href='{url}'>Map</a>"
    other = f"{html}<a href='https://maps.google.com/?q=9+Elm+St,+Austin,+TX+78701'>Map</a>"

    found = facts(EXTRACTOR, html, "/contact")

    assert values(found, "street") == ["12 Harbor St"]
    assert values(found, "postcode") == ["R3B 3P1"]
    assert {fact.rule for fact in found if fact.field == "city"} == {"address.map"}
    assert values(facts(EXTRACTOR, other, "/contact"), "street") == []
    assert values(facts(EXTRACTOR, html, "/rentals/7"), "street") == []


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Maplegate is a Boise-based business and real estate law firm.", ["Boise"]),
        ("We are a small studio based in Round Rock, and love it.", ["Round Rock"]),
        ("Maplegate ist ein Büro mit Sitz in Kiel.", ["Kiel"]),
        ("We invest in a Boise-based firm and a Reno-based company.", []),
        ("A Texas-based company.", []),
        ("A community-based organization. Jane Roe is based in Austin.", []),
    ],
)
def test_the_city_that_a_firm_says_it_is_based_in_is_its_own(text: str, cities: list[str]) -> None:
    assert values(facts(EXTRACTOR, f"<p>{text}</p>", "/about"), "city") == cities
