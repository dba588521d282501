"""What a page calls the firm, where several names stand on it."""

import pytest

from app.extractors import Site
from app.extractors.profile import EXTRACTOR
from tests.plugins.pages import facts, values


def name(html: str, domain: str) -> str:
    found = values(facts(EXTRACTOR, html, site=Site(domain)), "company_name")
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("domain", "html", "expected"),
    [
        (
            "harborkeypm.example",
            "<title>Rentals | Harbor Key</title>"
            "<p>© 2024 HKPM Holdings LLC d/b/a Harbor Key Property Management</p>",
            "Harbor Key Property Management",
        ),
        (
            "rpmlakefront.example",
            "<title>Roe Property Management Lakefront | Orlando</title>"
            "<p>© 2024 Franchise Brand Solutions, LLC. All rights reserved.</p>",
            "Roe Property Management Lakefront",
        ),
        (
            "larkhollowrentals.example",
            "<title>Lark Hollow Rentals Support Portal</title>"
            '<a class="logo">Lark Hollow Rentals Support Portal</a>',
            "Lark Hollow Rentals",
        ),
        (
            "delacroixlaw.example",
            "<title>The Law Offices of Jane Delacroix | Attorneys in Fresno</title>",
            "The Law Offices of Jane Delacroix",
        ),
        (
            "zahnhaus-kaltwasser.example",
            "<title>Zahnarzt Ulm | Zahnarztpraxis Dr. Kaltwasser & Kollegen</title>",
            "Zahnarztpraxis Dr. Kaltwasser & Kollegen",
        ),
        (
            "birchgatepropertyservices.example",
            '<meta property="og:site_name" content="birchgatepropertyservices">'
            "<h1>Birchgate Property Services</h1>",
            "Birchgate Property Services",
        ),
        (
            "birchgate.example",
            "<p>Birchgate Property Group manages homes. Ask Birchgate Property Group.</p>",
            "Birchgate Property Group",
        ),
        (
            "gruenegassebonn.example",
            "<title>GG Bonn</title><p>Willkommen bei der Grünen Gasse</p><p>Grüne Gasse Bonn</p>",
            "Grüne Gasse Bonn",
        ),
        ("rkh.example", '<div id="logo"><a href="/">Roe & Kline Homes</a></div>',
         "Roe & Kline Homes"),
        ("roekline.example", "<h1>Welcome to Roe Kline Realty!</h1>", "Roe Kline Realty"),
        ("roe.example", "<p>© 2024 Fincas Roe S.L. Todos los derechos reservados</p>",
         "Fincas Roe S.L"),
        ("roe.example", "<p>© 2026 Roe & Co. Accounting LLC. All rights reserved.</p>",
         "Roe & Co. Accounting LLC"),
        ("smithsmith-law.example", "<title>Smith & Smith Attorneys at Law - Reno</title>",
         "Smith & Smith Attorneys at Law"),
        ("peakview.example", "<p>At Peak View the customer comes first.</p>", "Peak View"),
        (
            "birchgatemgmt.example",
            "<p>Birchgate Management</p><p>Homes for rent</p>",
            "Birchgate Management",
        ),
        (
            "roedentalhygiene.example",
            "<title>Ann Roe Independent Hygienist - Reno, NV</title>"
            '<img src="1.gif" alt="Roe Dental Hygiene"><p>© 2013 Ann Roe. All Rights Reserved.</p>',
            "Roe Dental Hygiene",
        ),
        (
            "glenviewapts.example",
            "<title>Apartments in Plano, TX | Glenview Apartments</title>"
            "<p>© 2024 Sitevendor. Vendor Systems, Inc. All Rights Reserved.</p>",
            "Glenview Apartments",
        ),
        (
            "premierhomes.example",
            "<title>Premier Homes of Texas</title><p>© 2024 premierhomes.example</p>",
            "Premier Homes of Texas",
        ),
        (
            "kanzlei-roe.example",
            "<title>Kanzlei Roe</title><p>Ann Roe<br>Lindenallee 18<br>59063 Hamm</p>"
            "<p>Copyright 2024 © Ann Roe</p>",
            "Kanzlei Roe",
        ),
        (
            "drw.example",
            '<title>roe workshop</title><a class="logo">roe workshop</a>',
            "roe workshop",
        ),
        ("ridgeline.example", "<title>Ridgeline Rentals LLC (970) 555-0143</title>",
         "Ridgeline Rentals LLC"),
        ("cohthehill.example",
         '<title>Roe Church on the Hill > Home</title>'
         '<meta property="og:site_name" content="Roe Church on the Hill">',
         "Roe Church on the Hill"),
        ("rkq.example",
         "<title>Roe, Kline & Quill — Attorneys</title><p>Roe, Kline & Quill provides counsel.</p>",
         "Roe, Kline & Quill"),
        ("roeapts.example", "<h1>Roe Apartments</h1><p>Roe Apartments * 2280 Hill Avenue * Buffalo,"
         " New York 14216</p>", "Roe Apartments"),
        ("mieter-ulm.example", "<title>Start · Mieterverein Ulm-Nord e. V.</title>",
         "Mieterverein Ulm-Nord e. V."),
        ("rkq.example",
         "<title>Tenant Screening — Reno</title><p>Tenant Screening is what we do.</p>", ""),
        ("other.example", '<meta property="og:site_name" content="My Site">', ""),
        ("other.example", "<p>© 2025 Dental Implants in Reno. All rights reserved</p>", ""),
        ("fresnohomes.example", "<p>Find homes in Fresno with us.</p>", ""),
    ],
)  # fmt: skip
def test_the_name_that_the_domain_backs_is_the_firms(domain: str, html: str, expected: str) -> None:
    assert name(html, domain) == expected
