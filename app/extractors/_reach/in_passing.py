"""Numbers and addresses that a page gives in passing: a sentence, a list of urgent numbers or a
legal text names somebody before them who may be another than the firm.

They are weak, not wrong: a firm that prints no other number is reached by them, and where strong
ones stand they are left out (app/pipeline/_firms_reach.py). What the firm calls its own is not in
passing: nothing but a label, a place or a department stands before it, or "call us at", an office
of its own, its own name.
"""

import re
from typing import Final

from app.crawl.document import Document
from app.extractors._facts import path_of
from app.extractors._reach.others import is_named
from app.pipeline._firms_reach import is_home

MOST_WORDS, MOST_OF_LABEL, MOST_OF_PLACE = 4, 6, 4
MAX_LEAD, MAX_HEADING, NEAR, HEADINGS, LETTERHEAD = 240, 80, 32, 5, 8

_LEGAL = re.compile(
    r"datenschutz|privac[yi]|(?:protec[a-z]+|bescherming)-d[a-z]*-?(?:d[ao][dtn]|donn|persoon)|"
    r"donnees-personnelles|gegevensbescherming|rgpd|gdpr|dsgvo",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[|·•]|(?:[^\W\d_]{4}|[)\d])[.!?…]\s+(?=[A-ZÀ-Þ¿¡„“\"]|$)")
_TELEPHONE: Final = (
    r"(?:phones?|t[ée]l\w*|fon|ph|mobile?|m[óo]vil|cell\w*|cel|handy|whats\s?app|sms|pbx|"
    r"rufnummer|num[eé]ro|n[uú]mero|nummer|number|toll[- ]?free|vert|verde|gratis|(?:tele)?fax|"
    r"e-?mail|mail|correo|courriel|posta|[tpmcdfe])"
)
_LABEL = re.compile(
    rf"(?:[\s(:,;/–—-]*\b{_TELEPHONE}\b\.?(?:\s*(?:nr|no)\b\.?)?)+[\s:.]*$", re.IGNORECASE
)
_CALL = re.compile(
    r"\b(?:call(?:ing)?|text(?:ing)?|phone|dial|telephone|ring|reached|reach|anruf\w*|rufen sie|"
    r"wählen|telefonisch|appele[zr]|contacte[zr]|téléphone[zr]|joindre|llam[ae]\w*|contáct\w+|"
    r"chiam\w+|contattare|telefonare|bel(?:len)?|ligue|ligar|contacte|e-?mail|write|schreiben sie|"
    r"écrivez|escr[íi]ba\w*|scriv\w+|mail)"
    r"(?:\s+(?:today|now|anytime|directly|toll[- ]?free|jetzt|an))?"
    r"(?:\s+(?:at|on|to|unter|au|al|allo|op|para|o|via|à|a|an|naar))?[\s:(]*$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:[Cc]all|[Cc]ontact|[Tt]ext|[Pp]hone|[Rr]ing|[Rr]each)\s+(?:the\s+)?"
    r"[A-Z][\w&.'’-]*(?: (?:[A-Z][\w&.'’-]*|&|of))+ (?:at|on)\s*$"
)
_OURS = re.compile(
    r"\b(?:us|our|uns|unse?re?[mnrs]?|nous|notre|nos|nosotros|nuestr[oa]s?|noi|nostr[oaie]|ons|"
    r"onze|nossos?|nossas?)\b(?-i:[^A-ZÀ-Þ]*)$|\bfür unsere[nr]? \w+\W*$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:(?i:zweigstelle|filiale|niederlassung|standort|au(?:ß|ss)enstelle|oficina|delegaci[óo]n|"
    r"sucursal|sede|vestiging|kantoor|filial|delegação|agence de|bureau de|head office|branch)\b|"
    r"(?i:offices?|front desk|reception|büro|kanzlei|praxis|zentrale|sekretariat|geschäftsstelle|"
    r"despacho|bureau|agence|cabinet|secrétariat|standard|accueil|ufficio|studio|segreteria|"
    r"praktijk|onthaal|receptie|escrit[óo]rio|receção)\b(?!\s+(?:of\s+|&\s*)?[A-ZÀ-Þ]))"
)
_OTHERS = re.compile(
    r"\b(?:\w*(?:kammer|aufsichtsbehörde|datenschutzbehörde|schlichtungsstelle|notdienst|"
    r"giftnotruf|giftzentrale|finanzamt|amtsgericht|sparkasse|autoriteit|ombudsman)|"
    r"bereitschaftsdienst|polizei\w*|feuerwehr|rettungsdienst|apotheken\w*|"
    r"ordre des|chambre d\w+|h[ée]bergeur|médiateur|samu|sos médecins|centre anti-?poison|"
    r"pharmacie de garde|commissariat|gendarmerie|pompiers|cnil|"
    r"colegio (?:profesional|oficial)|ilustre colegio|agencia española|policía|bomberos|ambulancia|"
    r"ordine d\w+|garante|carabinieri|polizia|guardia medica|pronto soccorso|vigili|"
    r"wachtpost|wachtdienst|van wacht|antigif\w*|politie|brandweer|spoed|huisartsenpost|"
    r"ordem d\w+|bombeiros|polícia|gnr|psp|cnpd|livro de reclamações|arbitragem|"
    r"encarregado|delegado de protecci[óo]n|"
    r"(?:gas|fuel|power|water|electric\w*|grid|energy) (?:emergency|emergencies|outages?)|outages?|"
    r"emergency (?:dental|dentist|vet\w*|clinic|room)|out of hours service|nhs|hospital|"
    r"domestic violence|national [\w ]{2,30}(?:hot|help)line|insured? (?:by|with|through)|"
    r"\w*haftpflicht\w*|störungsdienst|winterdienst|stadtwerke|verbraucherzentrale|\w*seelsorge|"
    r"assureur|syndicat des|mairie|comune di|gemeente|ayuntamiento|"
    r"compañía (?:de|del) \w+|câmara municipal|huurcommissie|council['’]?s?|city hall|police|"
    r"poison (?:control|cent\w+|line)|crisis|helpline|samaritans|irs|hmrc|chamber of|"
    r"plumb(?:er|ing)|electrician|locksmith|hvac|pest control|towing|"
    r"idraulico|elettricista|fabbro|ascensori|plombier|plomberie|[ée]lectricien|serrur(?:ier|erie)|"
    r"ascenseurs?|klempner|elektriker|sanitär|heizung|schlüsseldienst|aufzug|fontaner[oí]a?|"
    r"cerrajer[oí]a?|electricista|ascensor(?:es)?|loodgieter|slotenmaker|lift|canalizador|"
    r"eletricista|elevador(?:es)?|picheleiro|piquete)\b",
    re.IGNORECASE,
)
"""Whose numbers firms print for their customers: authorities, those on call, craftsmen."""
_HEADING = re.compile(
    r"^\W*(?:(?:useful|important|emergency|urgent) (?:(?:tele)?phone )?(?:numbers?|contacts)|"
    r"(?:wichtige|nützliche) \w+|not(?:ruf|fall)\w*|notfälle\b.{0,40}|notdienste?|"
    r"(?:num[ée]ros|contacts) (?:utiles?|d['’]urgence)|urgences?\b.{0,30}|correspondants|"
    r"tel[ée]fonos de (?:inter[ée]s|urgencias?|emergencias?)|urgencias\b.{0,20}|"
    r"numeri (?:utili|di emergenza)|emergenze|(?:nuttige|belangrijke) \w+|noodnummers|"
    r"spoed\b.{0,30}|(?:números|contactos) úteis|urgências|"
    r"(?:unsere |nos |nuestros |onze |os nossos )?"
    r"(?:partner|partenaires|colaboradores|parceiros|handwerker|prestataires|leveranciers))\W*$",
    re.IGNORECASE,
)
_LETTERHEAD = re.compile(
    r"^\W*(?:impressum|imprint|legal notice|angaben (?:gemäß|gem\.|nach)\b.*|herausgeber\w*|"
    r"(?:dienste)?anbieter\w*|mentions l[ée]gales|[ée]diteur\b.*|aviso legal|titular\b.*|"
    r"datos identificativos|note legali|titolare\b.*|colofon|ficha t[ée]cnica)\W*$",
    re.IGNORECASE,
)
"""Above the block in which the law wants the firm's own name, address and number."""
_EXAMPLE = re.compile(
    r"\b(?:z\. ?b\.|e\.g\.|p\. ?ex\.|p\. ?ej\.|bijv\.|example|beispiel|exemple|ejemplo|esempio|"
    r"voorbeeld|exemplo)\W*$",
    re.IGNORECASE,
)
_OF_SERVICE = re.compile(
    r"\s*\((?:a )?(?:servi(?:ce|cio|zio|ço)|dienst) (?:of|by|de|di|von|van|da|do) ", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_FIRM = re.compile(
    r"\b(?:pllc|llc|llp|inc|corp|ltd|limited|gmbh|ug|mbh|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a|sas|"
    r"b\.?v|s\.l|lda|utilit(?:y|ies)|electric|energy|hospital|insurance|bank|police|post office|"
    r"library)\b\.?$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<![\w'’])[A-ZÀ-Þ]")
_WORD = re.compile(r"[^\W\d_][^\W_]*")


def is_legal(document: Document) -> bool:
    """A text about data protection: it names officers and authorities, and how to reach them."""
    return bool(_LEGAL.search(path_of(document)))


def is_in_passing(text: str, start: int, end: int, since: int, domain: str, own: str) -> bool:
    """Whether the words beside a number or address do not show that it is the firm's. `since`:
    where the one before it ends; `own`: the words that name the firm."""
    line = max(text.rfind("\n", 0, start) + 1, since, start - MAX_LEAD)
    lead = _PARTS.split(text[line:start])[-1]
    if _OURS.search(lead[-NEAR:]):
        return False
    if (label := _OTHERS.search(lead)) and label[0].lower() not in own.lower():
        return not is_named(lead[label.start() :], domain)
    if _OF_SERVICE.match(text, end):
        return True
    if _is_alone_of_another(text, start, end, domain, own):
        return not _is_below(text, line, _LETTERHEAD, LETTERHEAD)
    if _EXAMPLE.search(lead) or (_CALLED.search(lead) and not is_named(lead, domain)):
        return True
    if _CALL.search(lead) or is_named(lead, domain):
        return False
    if mail := _MAIL.search(lead):
        return not is_home(mail[1], domain)
    if _OFFICE.search(lead[:NEAR]) or _OFFICE.search(lead[-NEAR:]):
        return False
    return _names_somebody(lead) or (
        bool(_bare(lead)) and _is_below(text, line, _HEADING, HEADINGS)
    )


def _bare(lead: str) -> str:
    """The words before a number without those that say that it is one."""
    return _LABEL.sub("", lead).strip(" ,;:(–—-\t")


def _names_somebody(lead: str) -> bool:
    """Whether words before a number are more than a label or a place: "Otis," "presse : A. Aubry"
    and what is as long as a sentence. Without a name, a capital, they are none of it."""
    named, bare = _LABEL.sub("", lead).rstrip(), _bare(lead)
    if not _CAPITAL.search(bare, 1):
        return False
    place = re.match(r"\D*(?=\d)", bare)
    if place:
        return len(_WORD.findall(place[0])) > MOST_OF_PLACE
    words = len(_WORD.findall(bare))
    if len(_WORD.findall(bare.rpartition(": ")[2] if ": " in bare else "")) > 1:
        return True
    if lead.rstrip().endswith((",", "(", "–", "—")) or named.endswith(","):
        return words > 1
    return words > (MOST_OF_LABEL if named.endswith(":") else MOST_WORDS)


def _is_below(text: str, line: int, heading: re.Pattern[str], lines: int) -> bool:
    """Whether such a heading stands a few lines above."""
    above = text[max(0, line - 2 * MAX_LEAD) : line].split("\n")[-lines - 1 : -1]
    return any(len(one) <= MAX_HEADING and heading.match(one) for one in above)


def _is_alone_of_another(text: str, start: int, end: int, domain: str, own: str) -> bool:
    """Whether a number stands alone on a line of a block that is headed by another firm's name, or
    below which is an address at another firm's domain."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    if last < 0 or last - end > 3 or _bare(text[max(first, start - MAX_LEAD) : start]):
        return False
    below = _MAIL.match(text[last + 1 : last + 81].split("\n", 1)[0].rpartition(" ")[2])
    if below and not is_home(below[1], domain):
        return True
    for above in reversed(text[max(0, first - MAX_LEAD) : first].split("\n")[-4:-1]):
        if _FIRM.search(above) and len(above) <= MAX_HEADING:
            named = _WORD.findall(above.lower())
            return not any(len(word) > 3 and word in own.lower() for word in named)
        if not re.search(r"\d", above):
            break
    return False
