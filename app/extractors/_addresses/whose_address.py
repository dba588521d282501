"""What the words before an address say of it: the firm's seat, a branch, or somebody else's."""

import re
from typing import Final

from app.extractors._addresses.postal import Address

BEFORE: Final = 120
SEAT, OWN, BOX, BRANCH, REGISTERED, OTHERS = 0.06, 0.03, -0.1, -0.08, -0.06, -0.25

_REGISTERED = re.compile(r"\bregistered (?:office|address)\b[^\n]*\n?[^\n]*$", re.IGNORECASE)
_SEAT = re.compile(
    r"\b(?:headquarters|(?:corporate|head|main|principal|registered) office|hauptsitz|zentrale|"
    r"siège(?: social)?|(?:sede|oficina) (?:central|principal)|oficina matriz)\b[^\n]*\n?[^\n]*$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:visit us|find us|our (?:office|address)|office address|physical address|located at|"
    r"address|adresse|anschrift|dirección)\b[^\n]{0,20}\n?$",
    re.IGNORECASE,
)
_BOX = re.compile(r"P\.?\s?O\.?\s?Box|Post Office Box|Postfach|Postbus|Apartado", re.IGNORECASE)
_BRANCH = re.compile(
    r"\b(?:branch(?: office| surgery)?|satellite(?: office)?|by appointment|zweigstelle|"
    r"zweigbüro|filiale|niederlassung|succursale|bureau secondaire|sucursal|previa cita|filial|"
    r"bijkantoor|sede secondaria)\b[^\n]{0,60}$",
    re.IGNORECASE,
)
_CARE_OF = re.compile(r"(?<!\w)c/o(?!\w)[^\n]{0,60}$", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:ombudsman\w*|ombudsmann\w*|regulat(?:ed by|or|ory)|supervis(?:ed by|ory)|commissioner|"
    r"complaints?|licensing (?:board|body)|insured (?:by|with)|insurer|hosted|hosting|hoster|"
    r"hosten|gehostet|héberg\w+|alojad[oa]|ospitat[oa]|aufsichts\w+|aufsicht|\w+kammer|\w*haftpflicht\w*|"
    r"(?:landes|bundes)?datenschutzbe\w+|landesbeauftragte\w*|schlichtungsstelle|versicherer|"
    r"médiateur|médiation|mediação|litígio|inai|cnil|aepd|garante (?:per|privacy)|"
    r"ordre des|ordine degli|colegio oficial|orde van|assureur|responsabilité civile|"
    r"garantie? financière|web-?\s?design|webmaster)\b[^\n]*$",
    re.IGNORECASE,
)


def weight_before(text: str, address: Address) -> float:
    """What to add to the confidence in an address of this page's text, for the words before it."""
    before = text[max(0, address.start - BEFORE) : address.start]
    box = BOX if _BOX.match(address.street) else 0.0
    if _CARE_OF.search(before) or _OTHERS.search(before):
        return OTHERS + box
    if address.country in ("GB", "IE", "AU", "NZ", "IN") and _REGISTERED.search(before):
        return REGISTERED + box
    if _BRANCH.search(before):
        return BRANCH + box
    return box + (SEAT if _SEAT.search(before) else OWN if _OWN.search(before) else 0.0)
