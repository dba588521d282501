"""E-mail addresses, phone numbers and LinkedIn profiles on a page, and whose they are.

An address belongs to the person in whose own block it stands. Where two could have it, nobody has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from app.extractors._disguised import spelled_out
from app.extractors._others_reach import is_of_another
from app.extractors._people.cards import Card
from app.extractors._people.lexicon import words
from app.extractors._people.outline import Line, Outline
from app.extractors.emails import address
from app.extractors.phones import e164
from app.pipeline.mailbox_names import Fit, is_role_mailbox, mailbox_fit
from app.records.person_name import PersonName, folded_name

MAX_CHANNELS = 400
NEAR_LINES = 3

Kind = Literal["email", "phone", "linkedin_url"]

_MAILBOX = re.compile(r"(?<![\w.+\-@])\w[\w.+\-'’]{0,63}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")
_TURNED = re.compile(r"(?<![\w.\-@])[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,3}@[\w.+\-]{1,64}")
_PHONE = re.compile(r"(?<![\w#$€£.,/-])[+(]?\d[\d ().\-‐-―/\xa0]{6,20}\d(?![\w%])")
_FAX = re.compile(r"\b(?:fax|telefax|facsimile|télécopie|f)\W{0,3}$", re.IGNORECASE)
_LICENCE = re.compile(r"(?:lic\w*|dre|nmls|mls|no|id|#)\W{0,4}$", re.IGNORECASE)
_CALL = re.compile(r"([A-ZÀ-Þ][^\W\d_]+),?\s+(?:directly\s+)?(?:at|on|under|unter|au|al)\b[\s:(]*$")
_MINE = re.compile(
    r"\b(?:(?:call|text|ring|reach|phone) me|my (?:cell|mobile|direct|phone))\b[^.!?@\d]{0,40}$",
    re.IGNORECASE,
)
_PROFILE = re.compile(r"^/(?:in|pub)/([^/?#]{2,100})|^/profile/view")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach somebody: where it stands, and the words that show it. `line` is the index of
    the line that it stands in or before, `lead` what the line says right before a number."""

    kind: Kind
    value: str
    pos: int
    line: int
    quote: str
    linked: bool
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A person of the page with the blocks that are theirs; `lines` are the lines of their name,
    `places` its positions."""

    key: str
    name: PersonName
    cards: tuple[Card, ...]
    lines: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel that is somebody's, with the rule that gave it."""

    channel: Channel
    confidence: float
    rule: str


def find_channels(outline: Outline, region: str, domain: str) -> list[Channel]:
    """The channels of a page in order, at most MAX_CHANNELS; `region` for national numbers."""
    found = [*_linked(outline, region), *_printed(outline, region, domain)]
    return sorted(found, key=lambda channel: (channel.pos, not channel.linked))[:MAX_CHANNELS]


def _linked(outline: Outline, region: str) -> Iterator[Channel]:
    at = [line.pos for line in outline.lines]
    index = 0
    for link in outline.links:
        while index < len(at) and at[index] < link.pos:
            index += 1
        if found := _read_link(link.target, region):
            kind, value = found
            quote = link.target[:200]
            shown = quote if kind != "email" or value in quote.lower() else f"{quote} ({value})"
            yield Channel(kind, value, link.pos, index, shown, True)


def _read_link(target: str, region: str) -> tuple[Kind, str] | None:
    """What a link reaches: an address, a number, a profile, or none of them."""
    scheme, _, rest = target.partition(":")
    kind: Kind
    if "email-protection#" in target:
        kind, value = "email", address(_decoded(target.partition("#")[2]))
    elif scheme.lower() == "mailto":
        kind, value = "email", address(unquote(rest.partition("?")[0]).split(",")[0])
    elif scheme.lower() in ("tel", "callto", "sms"):
        kind, value = "phone", e164(unquote(rest), region)
    elif "linkedin." in target.lower():
        kind, value = "linkedin_url", profile_url(target)
    else:
        return None
    return (kind, value) if value else None


def _decoded(code: str) -> str:
    """Cloudflare's encoding: the first byte is the key of an XOR."""
    try:
        key, *letters = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(letter ^ key for letter in letters).decode("utf-8", "replace").partition("?")[0]


def profile_url(href: str) -> str:
    """The address of a person's LinkedIn profile without tracking; "" for company pages and shares.

    >>> profile_url("http://es.linkedin.com/pub/jane-doe/1/2/3?trk=x")
    'http://es.linkedin.com/pub/jane-doe/1/2/3'
    """
    href = f"https://{href.removeprefix('//')}" if "://" not in href else href
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        return ""
    if not _PROFILE.match(parts.path):
        return ""
    if parts.path.startswith("/profile/view"):
        number = re.search(r"(?:^|&)id=([\w-]+)", parts.query)
        return f"{parts.scheme}://{host}/profile/view?id={number[1]}" if number else ""
    return f"{parts.scheme}://{host}{parts.path.strip()}"


def _printed(outline: Outline, region: str, domain: str) -> Iterator[Channel]:
    for index, line in enumerate(outline.lines):
        text = line.text if len(line.pieces) == 1 else " ".join(piece.text for piece in line.pieces)
        if "@" in text:
            for found in _MAILBOX.finditer(text):
                if value := address(found[0]):
                    yield Channel("email", value, line.pos, index, text[:200], False)
            for found in _TURNED.finditer(text):
                if not address(found[0]) and (value := address(found[0][::-1])):
                    yield Channel("email", value, line.pos, index, f"{text[:120]} ({value})", False)
        if len(text) < 400:
            for raw, quote in spelled_out(text, domain):
                if value := address(raw):
                    yield Channel("email", value, line.pos, index, quote[:200], False)
        if sum(map(str.isdigit, text[:400])) >= 7:
            yield from _numbers(outline, index, text, region, domain)


def _numbers(
    outline: Outline, index: int, text: str, region: str, domain: str
) -> Iterator[Channel]:
    above = outline.lines[index - 1].text if index else ""
    for found in list(_PHONE.finditer(text))[:6]:
        before = text[max(0, found.start() - 16) : found.start()] or above[-16:]
        if _FAX.search(before) or _LICENCE.search(before):
            continue
        if is_of_another(text[max(0, found.start() - 160) : found.start()], domain):
            continue
        if value := e164(found[0], region):
            pos = _place(outline.lines[index], found[0])
            lead = text[max(0, found.start() - 80) : found.start()]
            yield Channel("phone", value, pos, index, text[:200], False, lead)


def _place(line: Line, words_shown: str) -> int:
    """The position of the piece of a line that shows these words."""
    shown = next((piece for piece in line.pieces if words_shown in piece.text), line.pieces[0])
    return shown.pos


def assign(
    channels: Sequence[Channel], owners: Sequence[Owner], everyone: Mapping[str, PersonName]
) -> dict[str, list[Reach]]:
    """Whose every channel is. `everyone`: all names of the page, also of people who are not the
    company's: an address that fits one of them is nobody else's."""
    grouped: dict[tuple[Kind, str], list[Channel]] = {}
    for channel in channels:
        grouped.setdefault((channel.kind, channel.value), []).append(channel)
    leading = {kind: _leading(kind, channels, owners) for kind, _ in grouped}
    given: dict[str, list[Reach]] = {}
    for (kind, value), places in grouped.items():
        claims = _claims(places, owners)
        if any(claim.card.opens in leading[kind] for claim in claims.values()):
            claims = {
                key: claim
                for key, claim in claims.items()
                if claim.card.kind != "flat" or mailbox_fit(value, claim.owner.name) >= Fit.PART
            }
        if kind == "phone":
            decided = _told(places, owners) or _phone(claims)
        else:
            decided = _by_name(kind, value, places, claims, everyone)
        if decided is not None:
            key, reach = decided
            given.setdefault(key, []).append(reach)
    return given


def _leading(kind: Kind, channels: Sequence[Channel], owners: Sequence[Owner]) -> set[int]:
    """Boxes without inner boxes in which a channel of this kind stands before the first name: there
    it cannot be said whether one belongs to the name above or below."""
    first: dict[int, int] = {}
    for owner in owners:
        for card in owner.cards:
            if card.kind == "flat":
                first[card.opens] = min(first.get(card.opens, card.start), card.start)
    return {
        opens
        for opens, start in first.items()
        if any(channel.kind == kind and opens <= channel.pos < start for channel in channels)
    }


@dataclass(frozen=True, slots=True)
class _Claim:
    """A person's block holds the channel, so many lines from the name."""

    owner: Owner
    card: Card
    channel: Channel
    distance: int


def _claims(places: Sequence[Channel], owners: Sequence[Owner]) -> dict[str, _Claim]:
    best: dict[str, _Claim] = {}
    for owner in owners:
        for channel in places:
            for card in owner.cards:
                if card.start <= channel.pos < card.stop:
                    distance = min(abs(channel.line - line) for line in owner.lines)
                    claim = _Claim(owner, card, channel, distance)
                    if owner.key not in best or _rank(claim) < _rank(best[owner.key]):
                        best[owner.key] = claim
    own = {key: claim for key, claim in best.items() if claim.card.kind == "card"}
    return own or best


def _rank(claim: _Claim) -> tuple[int, int, bool]:
    return (
        ("card", "flat", "loose").index(claim.card.kind),
        claim.distance,
        not claim.channel.linked,
    )


def _told(places: Sequence[Channel], owners: Sequence[Owner]) -> tuple[str, Reach] | None:
    """A sentence says whose number follows: "call Jane at"; "my cell" where only one is named."""
    for channel in places:
        meant: Sequence[Owner] = ()
        if found := _CALL.search(channel.lead):
            word = folded_name(found[1])
            meant = [each for each in owners if word in folded_name(each.name.full).split()]
        elif _MINE.search(channel.lead):
            meant = owners
        if len(meant) == 1:
            return meant[0].key, Reach(channel, 0.85, "people.phone.told")
    return None


def _phone(claims: Mapping[str, _Claim]) -> tuple[str, Reach] | None:
    if len(claims) != 1:
        return None
    ((key, claim),) = claims.items()
    if claim.card.kind == "loose" and not _is_below(claim):
        return None
    sure = {"card": 0.9, "flat": 0.8, "loose": 0.7}[claim.card.kind]
    return key, Reach(claim.channel, sure, f"people.phone.{claim.card.kind}")


def _is_below(claim: _Claim) -> bool:
    """Whether the channel comes right after the name: without a box of one's own, order decides."""
    after = any(place < claim.channel.pos for place in claim.owner.places)
    return after and claim.distance <= NEAR_LINES


def _by_name(
    kind: Kind,
    value: str,
    places: Sequence[Channel],
    claims: Mapping[str, _Claim],
    everyone: Mapping[str, PersonName],
) -> tuple[str, Reach] | None:
    """Addresses carry names: the one that agrees decides, and one of somebody else refuses."""
    if kind == "email" and is_role_mailbox(value):
        return None
    fits = {key: _fit(kind, value, name) for key, name in everyone.items()}
    most = max(fits.values(), default=Fit.NONE)
    if most >= Fit.PART:
        fitting = [key for key, fit in fits.items() if fit is most]
        return _fitting(kind, fitting, most, places, claims)
    return _opaque(kind, value, claims, fits)


def _fit(kind: Kind, value: str, name: PersonName) -> Fit:
    if kind == "email":
        return mailbox_fit(value, name)
    found = _PROFILE.match(urlsplit(value).path)
    slug = folded_name(unquote(found[1])) if found and found[1] else ""
    spelled = set(slug.split())
    families = {word for family in name.surnames for word in family.split()}
    if spelled & families and folded_name(name.given).split()[0] in spelled:
        return Fit.FULL
    bare = "".join(word for word in slug.split() if word.isalpha())
    fit = mailbox_fit(bare, name)
    return Fit.PART if fit is Fit.NONE and spelled & families else fit


def _fitting(
    kind: Kind,
    fitting: list[str],
    fit: Fit,
    places: Sequence[Channel],
    claims: Mapping[str, _Claim],
) -> tuple[str, Reach] | None:
    claiming = [key for key in fitting if key in claims]
    if len(claiming) == 1:
        claim = claims[claiming[0]]
        sure = 0.95 if fit is Fit.FULL or claim.card.kind == "card" else 0.9
        return claiming[0], Reach(claim.channel, sure, f"people.{_noun(kind)}.{claim.card.kind}")
    if claiming or len(fitting) != 1 or fit is not Fit.FULL:
        return None
    if any(claim.card.kind == "card" for claim in claims.values()):
        return None
    return fitting[0], Reach(places[0], 0.8, f"people.{_noun(kind)}.named")


def _opaque(
    kind: Kind, value: str, claims: Mapping[str, _Claim], fits: Mapping[str, Fit]
) -> tuple[str, Reach] | None:
    """An address that names nobody: it is whose block it stands in, if only one person's."""
    if len(claims) != 1:
        return None
    ((key, claim),) = claims.items()
    initials = fits.get(key) is Fit.INITIALS
    near = claim.distance <= NEAR_LINES
    if claim.card.kind == "loose" and not (near and (initials or kind == "linkedin_url")):
        return None
    if claim.card.kind == "flat" and not near:
        return None
    if kind == "email" and not initials and _names_another(value, claim):
        return None
    return key, Reach(
        claim.channel, 0.85 if initials else 0.75, f"people.{_noun(kind)}.{claim.card.kind}"
    )


def _names_another(value: str, claim: _Claim) -> bool:
    """Whether the local part begins with a given name: of somebody who is not on the page, unless
    it stands on the line of one whose name begins alike ("evie" beside Evangeline)."""
    local = "".join(folded_name(value.partition("@")[0]).split())
    if claim.distance == 0 and folded_name(claim.owner.name.given).startswith(local[:2]):
        return False
    given = words("names", "given")
    return any(local[:count] in given for count in range(3, min(len(local), 11) + 1))


def _noun(kind: Kind) -> str:
    return "linkedin" if kind == "linkedin_url" else kind
