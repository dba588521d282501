"""Whose the addresses, numbers and profiles on a page are.

One belongs to the person in whose own block it stands. Where two could have it, nobody has.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from app.extractors._people.cards import Card
from app.extractors._people.channels import PROFILE, Channel, Kind
from app.extractors._people.lexicon import words
from app.pipeline.mailbox_names import Fit, is_general_mailbox, is_role_mailbox, mailbox_fit
from app.records.person_name import PersonName, folded_name

NEAR_LINES, NEAR_IN_BOX = 3, 6
LESS_SURE = 0.2
FIRM_LETTERS = 4

_CALL = re.compile(r"([A-ZÀ-Þ][^\W\d_]+),?\s+(?:directly\s+)?(?:at|on|under|unter|au|al)\b[\s:(]*$")
_ONE_OF_TWO = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]+ (?:or|and|oder|und|ou|et|o|y) (?:our |the )?(?:[a-z]+ )?"
    r"(?:[A-ZÀ-Þ][\w.'’-]+ ?){1,3},? (?:at|on|under|unter|au|al)\b[\s:(]*$"
)
_MINE = re.compile(
    r"\b(?:(?:call|text|ring|reach|phone) me|my (?:cell|mobile|direct|phone))\b[^.!?@\d]{0,40}$",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:(?:call|contact|reach|text|phone) us|our (?:\w+ )?(?:office|team|staff|number|line)|"
    r"the office)\b[^.!?@\d]{0,20}$",
    re.IGNORECASE,
)
_EMERGENCY = re.compile(
    r"\b(?:emergenc\w*|after.?hours|24.?(?:hours?|7)|hotline|notdienst|notruf|urgence\w*|urgencias?)"
    r"\W*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:office|main|toll.?free|switchboard|zentrale|standard|oficina|bureau|büro|o)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A person of the page with the blocks that are theirs; `lines` are the lines of their name,
    `places` its positions. `boxed`: a box around one, with a title, says that it is
    about people."""

    key: str
    name: PersonName
    cards: tuple[Card, ...]
    lines: tuple[int, ...]
    places: tuple[int, ...]
    boxed: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel that is somebody's, with the rule that gave it."""

    channel: Channel
    confidence: float
    rule: str


def assign(
    channels: Sequence[Channel],
    owners: Sequence[Owner],
    everyone: Mapping[str, PersonName],
    domain: str,
) -> dict[str, list[Reach]]:
    """Whose every channel is. `everyone`: all names of the page, also of people who are not the
    company's: an address that fits one of them is nobody else's. `domain`: the company's."""
    grouped: dict[tuple[Kind, str], list[Channel]] = {}
    for channel in channels:
        grouped.setdefault((channel.kind, channel.value), []).append(channel)
    unclear = {kind: _unclear(kind, channels, owners) for kind, _ in grouped}
    given: dict[str, list[Reach]] = {}
    for (kind, value), places in grouped.items():
        claims = _claims(places, owners)
        if any(claim.card.opens in unclear[kind] for claim in claims.values()):
            claims = {
                key: claim
                for key, claim in claims.items()
                if claim.card.kind != "flat" or mailbox_fit(value, claim.owner.name) >= Fit.PART
            }
        if kind == "phone":
            if any(_ONE_OF_TWO.search(place.lead) for place in places):
                continue
            decided = _told(places, owners) or _phone(places, claims)
        else:
            decided = _around_name(kind, places, owners) or _by_name(
                kind, value, places, claims, everyone, domain
            )
        if decided is not None:
            key, reach = decided
            given.setdefault(key, []).append(reach)
    return given


def _unclear(kind: Kind, channels: Sequence[Channel], owners: Sequence[Owner]) -> set[int]:
    """Boxes without inner boxes where order does not say whose a channel of this kind is: one
    stands before the first name, or they only follow the last of several."""
    flat: dict[int, list[tuple[Card, str]]] = {}
    for owner in owners:
        for card in owner.cards:
            if card.kind == "flat":
                flat.setdefault(card.opens, []).append((card, owner.key))
    at = [channel.pos for channel in channels if channel.kind == kind]
    found: set[int] = set()
    for opens, cards in flat.items():
        first, last = min(card.start for card, _ in cards), max(card.start for card, _ in cards)
        held = {card.start for card, _ in cards if any(card.start <= pos < card.stop for pos in at)}
        several = len({key for _, key in cards}) > 1
        if any(opens <= pos < first for pos in at) or (several and held == {last}):
            found.add(opens)
    return found


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


def _around_name(
    kind: Kind, places: Sequence[Channel], owners: Sequence[Owner]
) -> tuple[str, Reach] | None:
    """A link around one person's name leads to that person, also at maintenance@; info@ is the
    office's all the same."""
    linked = {
        owner.key: channel
        for channel in places
        for owner in owners
        if any(channel.pos < place < channel.stop for place in owner.places)
    }
    if len(linked) != 1:
        return None
    ((key, channel),) = linked.items()
    if kind == "email" and is_general_mailbox(channel.value):
        return None
    return key, Reach(channel, 0.9, f"people.{_noun(kind)}.around_name")


def _phone(places: Sequence[Channel], claims: Mapping[str, _Claim]) -> tuple[str, Reach] | None:
    """A number in one person's block, less sure when a label says that it is the office's."""
    if len(claims) != 1:
        return None
    ((key, claim),) = claims.items()
    if any(_EMERGENCY.search(channel.lead) for channel in places):
        return None
    if claim.card.kind != "card" and any(_OURS.search(channel.lead) for channel in places):
        return None
    if claim.card.kind == "loose" and not _is_below(claim):
        return None
    sure = {"card": 0.9, "flat": 0.8, "loose": 0.7}[claim.card.kind]
    if any(_OFFICE.search(channel.lead) for channel in places):
        sure -= LESS_SURE
    return key, Reach(claim.channel, round(sure, 2), f"people.phone.{claim.card.kind}")


def _is_below(claim: _Claim) -> bool:
    """Whether the channel comes right after the name: without a box of one's own, order decides."""
    family = claim.owner.name.family
    after = family in claim.channel.lead or any(
        place < claim.channel.pos for place in claim.owner.places
    )
    return after and claim.distance <= (NEAR_IN_BOX if claim.owner.boxed else NEAR_LINES)


def _by_name(
    kind: Kind,
    value: str,
    places: Sequence[Channel],
    claims: Mapping[str, _Claim],
    everyone: Mapping[str, PersonName],
    domain: str,
) -> tuple[str, Reach] | None:
    """Addresses carry names: the one that agrees decides, and one of somebody else refuses."""
    fits = {key: _fit(kind, value, name) for key, name in everyone.items()}
    most = max(fits.values(), default=Fit.NONE)
    if most >= Fit.PART:
        fitting = [key for key, fit in fits.items() if fit is most]
        return _fitting(kind, fitting, most, places, claims)
    general = is_role_mailbox(value) and not _are_initials(claims, fits)
    if kind == "email" and (general or _is_firm_s(value, domain)):
        return None
    return _opaque(kind, value, claims, fits)


def _are_initials(claims: Mapping[str, _Claim], fits: Mapping[str, Fit]) -> bool:
    """Whether the address is the initials of the one in whose card it stands: ap@ is not always the
    accounts'."""
    return len(claims) == 1 and all(
        claim.card.kind == "card" and fits.get(key) is Fit.INITIALS for key, claim in claims.items()
    )


def _is_firm_s(value: str, domain: str) -> bool:
    """Whether the local part is the company's name: "maplegaterealty@" of maplegate.example."""
    local = "".join(folded_name(value.partition("@")[0]).split())
    label = "".join(folded_name(domain.partition(".")[0]).split())
    shorter, longer = sorted((local, label), key=len)
    return len(shorter) > FIRM_LETTERS and shorter in longer


def _fit(kind: Kind, value: str, name: PersonName) -> Fit:
    if kind == "email":
        return mailbox_fit(value, name)
    found = PROFILE.match(urlsplit(value).path)
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
    local = folded_name(value.partition("@")[0])
    given = folded_name(claim.owner.name.given)
    own = initials or kind == "linkedin_url" or (len(given) > 3 and local.startswith(given))
    if claim.card.kind == "loose" and not (near and own):
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
    own = folded_name(claim.owner.name.given)
    if local.startswith(own) or (claim.distance == 0 and own.startswith(local[:2])):
        return False
    given = words("names", "given")
    return any(local[:count] in given for count in range(3, min(len(local), 11) + 1))


def _noun(kind: Kind) -> str:
    return "linkedin" if kind == "linkedin_url" else kind
