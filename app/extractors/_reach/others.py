"""Numbers and addresses that a firm's page prints and that reach somebody else: the agency that
built the site, the agent of another firm's listing, the police, the power company.

The words that say so stand before the number on its line, or head the block that holds it.
"""

import re
from typing import Final

from app.crawl.domains import registrable
from app.extractors._facts import BUILT_BY
from app.extractors._people.names import Likelihood, read_name

LINES_ABOVE, IMPRINT_LINES = 5, 14

_WORK: Final = (
    r"(?:konzept(?:ion)?|gestaltung|umsetzung|realisierung|realisation|programmierung|entwicklung|"
    r"web-?\s?design|webentwicklung|web-?\s?development|web-?\s?agentur|screendesign|"
    r"réalisation|conception|création|développement|intégration|diseño|desarrollo|maquetación|"
    r"realizzazione|progettazione|sviluppo|ontwerp|realisatie|desenvolvimento|criação|design|hosting)"
)
_WHOSE: Final = (
    r"(?:(?:technische|grafische|graphique|gráfico|técnico|web|der|des|dieser|unserer|"
    r"du|de la|del|de|"
    r"site|sito|seiten?|web-?seiten?|web-?site|webauftritts?|internet(?:auftritts?|seiten?)|"
    r"homepage|página|und|and|et|y|e|en|&|/|,|\+)\s*)"
)
_LABEL = re.compile(
    rf"^\W*{_WHOSE}{{0,3}}{_WORK}\b\s*(?:{_WHOSE}{{0,4}}{_WORK}\b\s*){{0,2}}{_WHOSE}{{0,3}}"
    r"(?:$|:|–|—|-\s|\b(?:by|von|durch|par|por|da|di|door|agentur|agence|agencia)\b)",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(r"^\W*(?:design|entwicklung|hosting|desarrollo|diseño)\W*$", re.IGNORECASE)
_COURTESY = re.compile(
    r"\b(?:courtesy (?:of|by)|(?:listed|offered|brokered|presented|marketed|represented) by|"
    r"listing (?:agent|broker|office|firm|provided by|by)|buyer['’]?s agent)\b",
    re.IGNORECASE,
)
_PARTNERS = re.compile(
    r"^\W*(?:(?:our|some|other) )?(?:(?:preferred|trusted|recommended|approved|local|useful|"
    r"important|community|affiliated|industry|business|strategic|service|non-emergency) )+"
    r"(?:(?:phone|service|trade|insurance|mortgage) )?"
    r"(?:partners?|vendors?|lenders?|contractors?|providers?|suppliers?|numbers|resources|utilities|"
    r"companies|affiliates|links|contacts)\W*$"
    r"|^\W*(?:our (?:partners|vendors|lenders|affiliates|sponsors|suppliers)|utility companies|"
    r"unsere partner|nuestros (?:socios|colaboradores|proveedores)|nos partenaires|"
    r"insurance (?:carriers|companies)|sister compan(?:y|ies)|"
    r".{0,80}\ban den (?:\w+ )?(?:not|bereitschafts)dienst|"
    r"[\w ]{3,40} (?:we|you can) (?:trust|recommend|use|work with|like|love))\W*$",
    re.IGNORECASE,
)
_OTHERS_IN_IMPRINT = re.compile(
    r"^\W*(?:hébergement|hébergeur|(?:web-?)?hosting|(?:web-?)?hoster|hosted by|alojamiento web|"
    r"proveedor de (?:alojamiento|hosting)|(?:zuständige )?(?:aufsichts?behörde|(?:ärzte|zahnärzte|"
    r"rechtsanwalts|steuerberater|architekten|handwerks)?kammer|bezirksregierung|"
    r"kassen(?:zahn)?ärztliche vereinigung|berufshaftpflicht\w*|versicherer)|"
    r"autorité de (?:contrôle|tutelle)|ordre des|médiateur|autoridad de control|"
    r"supervisory authority)\b[^.]{0,60}$",
    re.IGNORECASE,
)
"""Headings of an imprint below which the contacts of others stand."""
_CONTACT = re.compile(
    r"\W*(?:contact(?: us)?|kontakt|contacto|contatti|contactez-nous|nous contacter|office|"
    r"éditeur)\W*",
    re.IGNORECASE,
)
_TOP: Final = 12
_SERVICES = re.compile(
    r"\b(?:police|sheriff|fire (?:department|dept|station)|poison control|9-?1-?1|"
    r"(?:electric(?:ity|al)?|gas|water|power|phone|telephone|cable|internet|trash|insurance|title)"
    r" (?:company|co|utility|utilities|works|department|dept|provider|carrier|supplier|service)|"
    r"(?:city|town|county) of [\w ]{3,20} (?:water|gas|electric\w*|utilit\w+|police|fire|housing)|"
    r"lead (?:paint|information)|"
    r"utilities|energy|housing authority|department of|commission|better business bureau|hud|"
    r"chamber of commerce|legal aid|crisis|suicide|red cross|animal control|post office|"
    r"insurer|ombudsman\w*|schlichtungsstelle|médiateur|hébergeur|datenschutzbeauftragter?|"
    r"board (?:president|vice president|treasurer|secretary|chair\w*|members?)|"
    r"comcast|xfinity|spectrum|at&t|verizon)\b",
    re.IGNORECASE,
)
LEAST_SAID, MOST_SAID = 60, 600
_TO_US = re.compile(r"\b(?:us|me|our|my|uns|nous|nos|noi)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-Z][^\W_]{3,}")
_AFFIX = re.compile(
    r"(?:(?:get|go|say|my|use|try|join|hello|hey|ask|the|pay)?-?)"
    r"(?:-?(?:app|hq|inc|online|insurance|care|help|group|co|corp))?"
)
"""What a domain adds to the name of who has it."""
_SAID = re.compile(
    r"(?<![\w.'’&-])(?P<name>(?:[A-ZÀ-Þ][\w&.'’-]*|&)"
    r"(?: (?:[A-ZÀ-Þ][\w&.'’-]*|&|of|for|the|and|de|du))*)(?:,? (?:service|office|desk))?"
    r"(?:,? (?:(?:is |are )?(?:at|on|under|unter|au))|,|:|\s?\()?\W{0,3}$"
)
_RUNNING = re.compile(r"(?:^|[\s(])(?!(?:in|serving|of|our|your|near)\b)[a-z]{2,}[\s,:;(]")
_OFFICES: Final = frozenset(
    "office main leasing maintenance sales rentals toll free phone call text fax mobile cell tel "
    "after hours emergency emergencies north south east west county department accounting support "
    "us".split()
)
"""What a firm's own numbers are called."""
_UPDATED = re.compile(r"updated[\s\d/.,-]{0,20} by\b", re.IGNORECASE)
_PARTED = re.compile(r"[|·•]")
_MAX_LABEL: Final = 120
_COMMON: Final = frozenset(
    "realty real estate property properties management homes home rental rentals rent group "
    "company team house houses apartments living dental legal services service site website design "
    "studio agency office insurance energy "
    "anwalt anwälte anwaelte rechtsanwalt rechtsanwälte kanzlei steuer steuerberater "
    "steuerberatung zahnarzt zahnärzte zahnaerzte praxis hausverwaltung verwaltung "
    "immobilien avocat avocats notaire notaires cabinet régie regie immobilier abogados "
    "abogado asesores fincas administradores administración inmobiliaria clínica clinica "
    "avvocati legale commercialisti amministrazioni dottori huisartsen tandarts advocaten "
    "notaris makelaars beheer administração condomínios contabilidade advogados".split()
)
"""Words of many names: alone they do not tell the firm from another."""


def is_of_builder(text: str, start: int, domain: str, headings: bool = True) -> bool:
    """Whether what stands at `start` is the agency's that built the site. `headings`: a heading
    above it counts too ("Konzept und Umsetzung")."""
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - 160) : start]
    for match in (*BUILT_BY.finditer(before), *_UPDATED.finditer(before)):
        rest = before[match.end() :]
        if not _PARTED.search(rest):
            return not is_named(rest, domain)
    if label := _LABEL.match(before):
        rest = before[label.end() :]
        return bool(rest.strip() or not _ONE_WORD.match(before)) and not is_named(rest, domain)
    return headings and _is_under_label(text[max(0, line_start - 400) : line_start], domain)


def _is_under_label(above: str, domain: str) -> bool:
    lines = above.split("\n")[-LINES_ABOVE - 1 :]
    for number, line in enumerate(lines):
        label = _LABEL.match(line) if len(line) <= _MAX_LABEL else None
        if (label or BUILT_BY.match(line)) and not _ONE_WORD.match(line):
            return not is_named(" ".join(lines[number:]), domain)
    return False


def is_of_another(before: str, domain: str) -> bool:
    """Whether the words before a phone number, on its line, name somebody else whose it is."""
    line = before[before.rfind("\n") + 1 :]
    if courtesy := _COURTESY.search(line):
        return not is_named(line[courtesy.end() :], domain)
    return bool(_SERVICES.search(line)) and not is_named(line, domain)


def is_of_named(text: str, start: int, host: str, own: str) -> bool:
    """Whether the sentences before an address, on its line, name whose host it is, and that is not
    the firm: "Questions about a Tarn policy: support@saytarn.com". `own`: the words that name the
    firm (title, domain). In a short line the name may be the firm's own."""
    line = text[max(text.rfind("\n", 0, start) + 1, start - MOST_SAID) : start]
    if len(line) < LEAST_SAID or _TO_US.search(line[-60:]):
        return False
    label = registrable(host).partition(".")[0]
    names = {word.lower() for word in _CAPITAL.findall(line)} - _COMMON
    return any(
        word in label and _AFFIX.fullmatch(label.replace(word, "", 1)) and word not in own.lower()
        for word in names
    )


def is_of_said(text: str, start: int, own: str) -> bool:
    """Whether a sentence gives somebody else's number: "call Lowland Gas at", "(Laurel Stays,".
    `own`: the words that name the firm. What begins the line may be its own label, and a single
    word a place; who stands there by given name may be of the firm."""
    line = text[max(text.rfind("\n", 0, start) + 1, start - MOST_SAID) : start]
    found = _SAID.search(line)
    if found is None or not _RUNNING.search(line[: found.start()]):
        return False
    spelled = found["name"].split()
    names = [word for word in spelled if word[0].isupper()]
    known = {word.strip(".,'’").lower() for word in names}
    if len(names) < 2 or known & _OFFICES or known & set(own.lower().split()):
        return False
    person = read_name(" ".join(names))
    if person is not None and person[1] is Likelihood.KNOWN:
        return False
    squeezed = own.lower().replace("-", "")
    return not any(len(word) > 3 and word in squeezed for word in known - _COMMON)


def is_of_partner(text: str, start: int, domain: str) -> bool:
    """Whether a heading above says that partners, vendors, useful numbers, the site's host or an
    authority follow. In the first lines of a page the words for partners are its menu."""
    above = text[max(0, start - 600) : start].split("\n")[-IMPRINT_LINES - 1 :]
    if _is_headed(above, _OTHERS_IN_IMPRINT, domain):
        return True
    in_menu = text.count("\n", 0, start) < _TOP
    return not in_menu and _is_headed(above[-LINES_ABOVE - 1 :], _PARTNERS, domain)


def _is_headed(above: list[str], heading: re.Pattern[str], domain: str) -> bool:
    """Whether one of these lines is such a heading, with neither the firm's name nor another
    heading for its contacts below it."""
    for number, line in enumerate(above):
        if len(line) <= _MAX_LABEL and heading.match(line):
            below = above[number:]
            ended = any(_CONTACT.fullmatch(one) for one in below)
            return not ended and not is_named(" ".join(below), domain)
    return False


def is_named(words: str, domain: str) -> bool:
    """Whether the firm's own domain begins with a telling word, or holds a long one."""
    label = domain.partition(".")[0].lower()
    found = set(re.findall(r"[^\W_]{4,}", words.lower())) - _COMMON
    return any(label.startswith(word) or (len(word) > 5 and word in label) for word in found)
