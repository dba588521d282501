"""E-mail addresses that the site publishes: links, visible text, and what is disguised for people.

Every address is checked by email-validator (no network) and for a top-level domain that exists.
Placeholders of forms and themes, picture names, machine addresses, and addresses of the agency that
built the site and of the vendors of its software are left out.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from urllib.parse import unquote

import tldextract
from email_validator import EmailNotValidError, validate_email

from app.crawl.document import Document, RawLink
from app.crawl.domains import same_site
from app.extractors import Site
from app.extractors._facts import fact, is_aside, quote_around, readable
from app.extractors._reach import disguised
from app.extractors._reach.in_passing import is_in_passing, is_legal
from app.extractors._reach.others import (
    is_of_another,
    is_of_builder,
    is_of_named,
    is_of_partner,
)
from app.fingerprints import load
from app.pipeline._firms_reach import is_home
from app.records.evidence import Evidence, Method

MAX_ADDRESSES = 200

LINK, TEXT, ENCODED, SPELLED, SCRIPT, MISMATCH = 0.95, 0.92, 0.95, 0.85, 0.8, 0.7
OTHER_DOMAIN, FREE_MAIL = -0.1, -0.05

_ADDRESS = re.compile(
    r"(?<![\w.+\-@])[\w][\w.+\-'’]{0,63}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}(?!@)"
)
_RESERVED: Final = frozenset(("example", "test"))
_PLACEHOLDER_HOST = re.compile(
    r"(?:^|\.)(?:(?:your|my)-?(?:domain|site|website|company|email|business|name|mail)\w*|domain|"
    r"e?mail|website|site|company|companyname|business|host|address|sample|somewhere|"
    r"server|provider|organi[sz]ation|test|emailaddress|mailservice|webaddress)"
    r"\.(?:com|org|net|co|tld|ca|co\.uk|de|fr|es|example)$|(?:^|\.)example\.[a-z.]{2,6}$"
    r"|(?:^|\.)(?:your|ihre?|deine?|tu|su|votre|ton|tuo|vostro|uw|jouw)-?(?:domain|site|web|website|"
    r"company|email|mail|business|firm|dom(?:aine?|inio|ein)|firma|seite|empresa|sitio|correo|entreprise|"
    r"societe|azienda|bedrijf)\w*\.[a-z.]{2,12}$"
    r"|^(?:doe|smith|reallygreatsite)\.com$|(?:^|\.)(?:muster(?:firma|mann|domain|seite)|beispiel(?:firma|domain)?|ejemplo|exemple|esempio|"
    r"voorbeeld|exemplo|domaine|dominio)\.[a-z.]{2,12}$"
)
_PLACEHOLDER_LOCAL = re.compile(
    r"(?:you|your.?(?:e?mail|name|address)?|e-?mail|e?mail.?address|user.?(?:name|mail)?|some(?:one|body|thing)|"
    r"first.?name|last.?name|first[._-]last|first.?name[._-]?last.?name|name|name[._-]surname|"
    r"full.?name|(?:john|jane|jon)[._-]?(?:doe|smith)|jdoe|j\.doe|x{2,}|abc|foo|example|sample|"
    r"prenom[._-]nom|nombre|voornaam|vorname|pr[eé]nom|vorname[._-]nachname|tu.?(?:correo|email)|votre.?\w*|ihre?.?\w*|"
    r"(?:max|erika)[._-]?muster(?:mann|frau)|mustermann|muster|beispiel|ejemplo|exemple|correo|"
    r"seu.?(?:nome|email)|nome|voornaam[._-]?achternaam|nombre[._-]?apellidos?|nome[._-]?cognome|(?:tuo|suo).?(?:nome|email)|ihr.?name|uw.?(?:naam|email)|"
    r"asdf\w*|123|test\w{0,4})"
)
_MACHINE_LOCAL = re.compile(
    r"(?:no|do.?not|donot|dont)[._-]?reply.*|mailer-daemon|bounces?|postmaster|unsubscribe|"
    r"[0-9a-f]{20,}|[\w-]{40,}|\d+x\d+.*"
)
_MACHINE_HOST = re.compile(
    r"(?:^|\.)(?:sentry(?:-next)?\.\w+|sentry\.[\w.]+|wixpress\.com|wix\.com|squarespace\.com|"
    r"wordpress\.(?:com|org)|godaddy\.com|group\.calendar\.google\.com|schema\.org|w3\.org|"
    r"google\.com|facebook\.com|github\.com|jquery\.com|fontawesome\.com|cloudflare\.com|"
    r"googlegroups\.com|shopify\.com|weebly\.com|webflow\.com|hubspot\.com|mailchimp\.com)$"
)
_FREE_MAIL: Final = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "msn.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "comcast.net",
        "att.net",
        "sbcglobal.net",
        "verizon.net",
        "bellsouth.net",
        "cox.net",
        "charter.net",
        "earthlink.net",
        "shaw.ca",
        "rogers.com",
        "telus.net",
        "sympatico.ca",
        "btinternet.com",
        "protonmail.com",
        "proton.me",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "yahoo.co.uk",
        "hotmail.co.uk",
        "ymail.com",
    ]
)
_KEEPERS: Final = frozenset(("webmaster", "hostmaster", "wordpress"))
_PICTURE = re.compile(
    r"@\dx\.|\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|css|js|mjs|json|html?|php|map|woff2?)$"
)
_TRAP = re.compile(r"[-_.]?(?:no-?spam|remove-?this|nospm|spamfrei)[-_.]?", re.IGNORECASE)


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """`email` of this page, lower case, each once, in order of strength of its place.

    On pages where others are named (articles, legal texts, partners) only addresses of the firm's
    own domain count.
    """
    aside = is_aside(document)
    seen: set[str] = set()
    others, passing = _of_others(document, site)
    for raw, quote, method, confidence, rule in _found(document, site):
        known = address(raw)
        if not known or known in seen or len(seen) >= MAX_ADDRESSES:
            continue
        host = known.rpartition("@")[2]
        own = same_site(host, site.domain)
        if _is_dummy(known, own) or (not own and known in others):
            continue
        free = host in _FREE_MAIL
        if aside and not own:
            continue
        seen.add(known)
        sure = confidence + (0 if own else FREE_MAIL if free else OTHER_DOMAIN)
        rule = "passing" if known in passing else rule
        quote = quote if known in quote.lower() else f"{quote[:160]} ({known})"
        yield fact(document, "email", known, quote, method, sure, f"email.{rule}")


def _of_others(document: Document, site: Site) -> tuple[set[str], set[str]]:
    """Addresses that only stand where a partner, the agency that built the site, or the one whose
    domain it is, is named; and those of other domains that are only given in passing."""
    text, domain = readable(document), site.domain
    own, legal = f"{document.title} {domain}", is_legal(document)
    named: dict[str, bool] = {}
    firms: set[str] = set()
    for hit in list(_ADDRESS.finditer(text))[:MAX_ADDRESSES]:
        at, host = hit.start(), hit[0].rpartition("@")[2].rstrip(".'’-").lower()
        of_builder = (
            is_of_builder(text, at, domain)
            or is_of_partner(text, at, domain)
            or is_of_another(text[max(0, at - 160) : at], domain)
            or is_of_named(text, at, hit[0].rpartition("@")[2], own)
        )
        known = hit[0].strip(".'’-").lower()
        named[known] = named.get(known, True) and of_builder
        if is_home(host, domain) or not (
            legal or is_in_passing(text, at, hit.end(), 0, domain, own)
        ):
            firms.add(known)
    passing = set(named) - firms
    for link in document.raw_links[: 2 * MAX_ADDRESSES]:
        known = unquote(link.href.partition(":")[2].partition("?")[0]).strip().lower()
        if known not in named and link.href[:7].lower() == "mailto:":
            words = _surroundings(link, text)
            at = words.rfind(link.text) if link.text else -1
            if is_of_builder(words, at if at >= 0 else len(words), domain):
                named[known] = True
            elif not is_home(known.rpartition("@")[2], domain):
                at = text.rfind(link.text) if link.text else -1
                shown = at + len(link.text)
                if legal or (at >= 0 and is_in_passing(text, shown, shown, 0, domain, own)):
                    passing.add(known)
    others = {known for known, of_builder in named.items() if of_builder}
    return others, passing


def address(text: str) -> str:
    """A valid address in lower case, or "" where `text` is none.

    Names reserved for tests and documentation (.example, .test: RFC 2606) are valid.
    """
    text = _TRAP.sub("", text.strip().strip(".,;:'\"<>()[]").removeprefix("mailto:")).strip()
    if _PICTURE.search(text.lower()):
        return ""
    try:
        known = validate_email(
            text, check_deliverability=False, test_environment=True, allow_smtputf8=True
        ).normalized.lower()
    except EmailNotValidError:
        return ""
    return known if _exists(known.rpartition(".")[2], known.rpartition("@")[2]) else ""


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _exists(top: str, host: str) -> bool:
    return top in _RESERVED or bool(_suffixes()(host).suffix)


def _is_dummy(known: str, own: bool) -> bool:
    local, _, host = known.rpartition("@")
    if _MACHINE_LOCAL.fullmatch(local) or _PLACEHOLDER_LOCAL.fullmatch(local):
        return True
    if own:
        return False
    vendors = load()
    if host in vendors.sites or vendors.of_url(f"https://{host}/") or local in _KEEPERS:
        return True
    return bool(_PLACEHOLDER_HOST.search(host) or _MACHINE_HOST.search(host))


Candidate = tuple[str, str, Method, float, str]


def _found(document: Document, site: Site) -> Iterator[Candidate]:
    """(address, quote, method, confidence, rule), the stronger places first."""
    text, tree, html = readable(document), document.tree, document.html
    printed = list(_printed(document)) if "@" in text else []
    yield from _linked(document.raw_links, {raw.lower() for raw, *_ in printed})
    yield from printed
    for raw, quote in disguised.cloudflare(tree, html):
        yield raw, quote, "link", ENCODED, "cloudflare"
    for raw, quote in disguised.spelled_out(text, site.domain):
        yield raw, quote, "text", SPELLED, "spelled_out"
    for raw, quote in disguised.reversed_text(tree, html):
        yield raw, quote, "text", SPELLED, "reversed"
    for raw, quote in disguised.attributes(tree, html):
        yield raw, quote, "link", SCRIPT, "attributes"
    for raw, quote in disguised.scripted(tree, html):
        yield raw, quote, "link", SCRIPT, "script"


def _linked(links: tuple[RawLink, ...], printed: set[str]) -> Iterator[Candidate]:
    """mailto: links. Where the text of a link shows another address, people read that one."""
    for link in links[: 2 * MAX_ADDRESSES]:
        scheme, _, rest = link.href.partition(":")
        if scheme.lower() != "mailto":
            continue
        recipients = unquote(rest.partition("?")[0])
        shown = _ADDRESS.search(link.text)
        for raw in re.split(r"[,;]", recipients):
            raw = raw.rpartition("<")[2].strip(" >/")
            raw = _despelled(raw)
            other = shown is not None and shown[0].lower() != raw.lower()
            sure = MISMATCH if other and raw.lower() not in printed else LINK
            words = f"{unquote(link.href)} {link.text}".strip()
            yield raw, words[:240], "link", sure, "mailto"


def _despelled(raw: str) -> str:
    return re.sub(r"\s*[\[(]\s*(?:at|@)\s*[\])]\s*", "@", raw, flags=re.IGNORECASE)


def _surroundings(link: RawLink, text: str) -> str:
    """The words around a link, where they are few ("Website by Studio"), or else the page's text
    up to its last line that ends so."""
    above = link.node.parent
    words = " ".join(above.text(separator=" ").split()) if above else ""
    if len(words) <= 160 or not link.text:
        return words if len(words) <= 160 else ""
    at = text.rfind(link.text)
    return text[max(0, at - 160) : at + len(link.text)] if at >= 0 else ""


def _printed(document: Document) -> Iterator[Candidate]:
    """Addresses in the visible text.

    Words of neighbouring elements may stand without a space between them ("E-mailinfo@..."): where
    one text node alone holds a shorter address that ends alike, that is the address.
    """
    text = readable(document)
    hits = list(_ADDRESS.finditer(text))[:MAX_ADDRESSES]
    if not hits:
        return
    body = document.tree.body
    apart = body.text(separator="\n") if body else ""
    alone = {hit[0].strip(".") for hit in _ADDRESS.finditer(apart)}
    for hit in hits:
        whole = hit[0].strip(".'’-")
        parts = [one for one in alone if one in whole and one != whole]
        raw = max(parts, key=len) if whole not in alone and parts else whole
        yield raw, quote_around(text, hit.start(), hit.end()), "text", TEXT, "text"


EXTRACTOR = extract
