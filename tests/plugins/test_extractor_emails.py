import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors.emails import EXTRACTOR, address
from tests.plugins.pages import facts, values


def found(html: str, path: str = "/") -> list[str]:
    return values(facts(EXTRACTOR, html, path), "email")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="mailto:info@maplegate.example">Write to us</a>',
        '<a href="mailto:info%40maplegate.example?subject=Hello%20there">Write to us</a>',
        '<a href="MAILTO: Info@Maplegate.example">Write to us</a>',
        '<a href="mailto:Front Desk <info@maplegate.example>">Write to us</a>',
        '<a href="mailto:info[at]maplegate.example">Write to us</a>',
        "<p>Write to info@maplegate.example.</p>",
        "<p>(info@maplegate.example)</p>",
        "<p>info&#64;maplegate&#46;example</p>",
        "<p>info<!-- no -->@<span>maple</span>gate.example</p>",
        '<p>info<span style="display:none">nothing</span>@maplegate.example</p>',
        "<p><b>E-mail</b><span>info@maplegate.example</span><i>Phone</i></p>",
        "<p>info [at] maplegate [dot] example</p>",
        "<p>info(at)maplegate.example</p>",
        "<p>info {AT} maplegate {DOT} example</p>",
        "<p>info at maplegate dot example</p>",
        "<p>Louis Doe - info AT maplegate DOT example</p>",
        "<p>info (arroba) maplegate (punto) example</p>",
        "<p>info (ät) maplegate (punkt) example</p>",
        "<p>info [arobase] maplegate [point] example</p>",
        "<p>info＠maplegate.example</p>",
        "<p>Email: info @ maplegate.example</p>",
        "<p>E-mail: info at maplegate.example</p>",
        "<p>infoNOSPAM@maplegate.example</p>",
        '<span style="unicode-bidi:bidi-override;direction:rtl">elpmaxe.etagelpam@ofni</span>',
        '<bdo dir="rtl">elpmaxe.etagelpam@ofni</bdo>',
        '<span data-user="info" data-domain="maplegate.example"></span>',
        '<span data-name="info" data-domain="maplegate" data-tld="example"></span>',
        '<span data-enc-email="vasb[at]zncyrtngr.rknzcyr"></span>',
        "<script>document.write('in' + 'fo' + '@' + 'maplegate.example')</script>",
        "<script>var u='info', d='maplegate.example'; document.write(u + '@' + d)</script>",
        "<script>write(atob('aW5mb0BtYXBsZWdhdGUuZXhhbXBsZQ=='))</script>",
        "<script>write(unescape('%69%6e%66%6f%40maplegate.example'))</script>",
        "<script>x = String.fromCharCode(105,110,102,111,64,109,97,112,108,101,103,97,116,"
        "101,46,101,120,97,109,112,108,101)</script>",
        "<a href=\"javascript:location='mailto:'+'info'+'@maplegate.example'\">Write</a>",
        "<a href=\"javascript:linkTo_UnCryptMailto('ocknvq,kphqBocrngicvg0gzcorng');\">Write</a>",
    ],
)
def test_an_address_is_found_however_it_is_written(html: str) -> None:
    assert found(html) == ["info@maplegate.example"]


def test_an_address_that_cloudflare_encodes_is_decoded_and_quoted() -> None:
    code = bytes([0x2A, *(letter ^ 0x2A for letter in b"info@maplegate.example")]).hex()

    (fact,) = facts(EXTRACTOR, f'<a class="x" data-cfemail="{code}">[email protected]</a>')

    assert fact.value == "info@maplegate.example"
    assert fact.rule == "email.cloudflare"
    assert code in fact.quote
    assert fact.value in fact.quote


@pytest.mark.parametrize(
    "html",
    [
        "<p>logo@2x.png and hero@3x.webp</p>",
        "<p>you@example.com, name@domain.com, user@email.com, john.doe@yourcompany.com</p>",
        '<input type="email" placeholder="jane@maplegate.example">',
        "<!-- info@maplegate.example -->",
        "<p>noreply@maplegate.example</p>",
        "<p>your.name@maplegate.example</p>",
        "<p>0123456789abcdef0123456789abcdef@sentry.io</p>",
        "<p>info@maplegate.nosuchtoplevel</p>",
        '<a href="mailto:?subject=Look&body=at%20this">Share</a>',
        "<p>Visit us at maplegate.example</p>",
        "<p>Our team is available at maplegate dot example</p>",
        "<p>Follow us: Professional @maplegate.example</p>",
        "<p>a point @ b</p>",
        '<p>Website by <a href="mailto:hello@studio.example">Studio</a></p>',
        "<footer>Designed by Studio, hello@studio.example</footer>",
        "<p>Gestaltung der Seiten: Atelier Roe, hallo@roe.example</p>",
        "<h3>Konzept und Umsetzung</h3><p>Roe GmbH<br>Weg 1<br>E-Mail: hallo@roe.example</p>",
        "<p>Webdesign &amp; Programmierung: hallo@roe.example</p>",
        "<p>Realisierung</p><p>Roe</p><p>hallo@roe.example</p>",
        "<p>Réalisation du site : Agence Roe, bonjour@roe.example</p>",
        "<p>Diseño y desarrollo web: hola@roe.example</p>",
        "<p>For help with the portal: support@appfolio.com</p>",
        "<p>Pay online; questions: help@maplegate.paylease.com</p>",
        "<p>webmaster@roe.example</p>",
        "<p>email@maplegate.example</p>",
        "<p>Write to voornaam@maplegate.example</p>",
        f"<p>{'Maplegate Homes of Austin ' * 9}<br>Last updated 11/02/2009 by "
        '<a href="mailto:roe@roe.example">Roe Web</a></p>',
        "<h2>Hébergement</h2><p>Roe Cloud<br>12 rue Roe</p><p>info@roe.example</p>",
        "<p>We take no new Tarnwell policies. Yours renews by itself each year unless you pay the"
        " deposit. Questions about it: support@saytarnwell.example</p>",
        "<p>email@yourdomain.example, max.mustermann@musterfirma.de, hola@tudominio.com</p>",
    ],
)
def test_what_is_no_address_of_the_firm_is_left_out(html: str) -> None:
    assert found(html) == []


def test_the_firms_address_beside_the_agencys_name_is_kept() -> None:
    html = "<footer>maplegate@gmail.com | Website by Studio</footer>"

    assert found(html) == ["maplegate@gmail.com"]


@pytest.mark.parametrize(
    "text",
    [
        "Tarnwell Homes, info@tarnwell.example",
        "Tarnwell Homes has let houses in Reno for more than twenty years by now, as everybody here"
        " knows; write to us at info@tarnwell.example",
        "Questions about leases, repairs, deposits, keys or pets are best sent to the office at"
        " info@tarnwell.example",
    ],
)
def test_the_firms_address_on_another_domain_of_its_name_is_kept(text: str) -> None:
    assert found(f"<title>Contact</title><p>{text}</p>") == ["info@tarnwell.example"]


def test_several_recipients_of_a_link_are_all_given_in_order() -> None:
    html = '<a href="mailto:rent@maplegate.example,repairs@maplegate.example">Write</a>'

    assert found(html) == ["rent@maplegate.example", "repairs@maplegate.example"]


def test_where_link_and_text_differ_the_printed_address_is_surer() -> None:
    html = '<a href="mailto:support@theme.example">info@maplegate.example</a>'

    by_value = {fact.value: fact.confidence for fact in facts(EXTRACTOR, html)}

    assert by_value["info@maplegate.example"] > by_value["support@theme.example"]


def test_an_address_of_another_domain_is_less_sure_than_the_firms_own() -> None:
    html = "<p>info@maplegate.example or maplegate@oldname.example</p>"

    own, other = facts(EXTRACTOR, html)

    assert own.confidence > other.confidence


def test_an_article_gives_only_the_firms_own_addresses() -> None:
    html = "<p>Ask the city at desk@city.example, or us at info@maplegate.example.</p>"

    assert found(html, "/blog/permits/") == ["info@maplegate.example"]
    assert found(html, "/contact/") == ["desk@city.example", "info@maplegate.example"]


def test_the_same_page_gives_the_same_evidence_twice_and_each_address_once() -> None:
    html = "<p>b@maplegate.example a@maplegate.example B@maplegate.example</p>"

    once, again = facts(EXTRACTOR, html), facts(EXTRACTOR, html)

    assert once == again
    assert values(once, "email") == ["b@maplegate.example", "a@maplegate.example"]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Info@Maplegate.Example", "info@maplegate.example"),
        ("info@maplegate.test", "info@maplegate.test"),
        ("josé@maplegate.example", "josé@maplegate.example"),
        ("a..b@maplegate.example", ""),
        ("info@maplegate", ""),
        ("", ""),
    ],
)
def test_an_address_is_checked(text: str, known: str) -> None:
    assert address(text) == known


@given(st.text(alphabet="ab@.[]() dotAT<>&;-_'\"+\n", max_size=300))
def test_any_text_gives_only_valid_addresses(text: str) -> None:
    for fact in facts(EXTRACTOR, f"<p>{text}</p>"):
        assert address(fact.value) == fact.value
        assert fact.value in fact.quote.lower()


@pytest.mark.parametrize(
    "bait",
    [
        "a.a" * 30_000,
        "a [at] " * 20_000,
        "a@" * 40_000,
        "a at b dot " * 10_000,
        "<script>" + "'a'+" * 20_000 + "'@'</script>",
        "<script>" + "x+" * 30_000 + "'@'</script>",
        "<a href='mailto:" + "a," * 20_000 + "'>x</a>",
    ],
)
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    begin = time.process_time()

    facts(EXTRACTOR, f"<p>{bait}</p>")

    assert time.process_time() - begin < 3


def test_a_name_that_ends_as_a_small_word_does_is_a_name() -> None:
    html = "<p>curtis AT maplegate DOT example</p>"

    assert values(facts(EXTRACTOR, html), "email") == ["curtis@maplegate.example"]


def test_the_address_of_an_ombudsman_or_an_outside_officer_is_not_the_firms() -> None:
    html = (
        "<p>The Property Ombudsman, Salisbury, admin@scheme.example</p>"
        "<p>Datenschutzbeauftragter: Holger Brandis, post@dsb-sued.example</p>"
    )
    assert values(facts(EXTRACTOR, html), "email") == []
