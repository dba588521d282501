"""The values of a person, each with the words that show it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.extractors._people.beside import is_about
from app.extractors._people.channels import profile_url
from app.extractors._people.outline import Outline
from app.extractors._people.reach import Reach
from app.extractors._people.sightings import Sighting
from app.extractors._people.structured import Stated
from app.extractors._people.titles import read_title
from app.extractors._people.weigh import points
from app.extractors.emails import address
from app.extractors.phones import e164
from app.pipeline.mailbox_names import Fit, is_role_mailbox, mailbox_fit
from app.records.evidence import Method
from app.records.person_name import PersonName

MAX_BIO = 300
MAX_TITLE_WORDS = 6

_SURE = {
    "line": 0.95,
    "after": 0.92,
    "before": 0.86,
    "marked": 0.82,
    "prose": 0.8,
    "sibling": 0.75,
    "said": 0.7,
    "made": 0.7,
    "group": 0.6,
}
_WORDY = 0.78
_BIO = 0.8
_STATED, _STATED_NUMBER = 0.95, 0.9


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a person with where it comes from."""

    field: str
    value: str
    quote: str
    method: Method
    confidence: float
    rule: str


def seen_facts(
    sound: Sequence[Sighting], reaches: Sequence[Reach], outline: Outline, sure: float
) -> Iterator[Fact]:
    """What the page shows of a person: name, title, ways to reach, biography."""
    best = max(sound, key=_clarity)
    name = max((sighting.name for sighting in sound), key=lambda name: len(name.full))
    yield Fact("full_name", name.full, best.quote, "text", sure, f"people.{_place_of(best)}")
    titled = [sighting for sighting in sound if sighting.title is not None]
    if titled:
        yield _title_fact(max(titled, key=_title_rank), sure)
    yield from _reach_facts(reaches)
    if text := _bio(sound, outline):
        yield Fact("bio", text, text, "text", _BIO, "people.bio")


def stated_facts(stated: Stated, others: Iterable[PersonName], region: str) -> Iterator[Fact]:
    """What structured data says of a person. An address of the office, or one that names one of the
    `others` better, is left out; national numbers are those of `region`."""
    rivals = list(others)
    emails = (value for value in map(address, stated.emails) if value)
    own = (one for one in emails if not is_role_mailbox(one) and not _is_of(one, stated, rivals))
    title = read_title(stated.title, loose=True) if stated.title else None
    values = (
        ("full_name", stated.name.full, _STATED_NUMBER),
        ("title", title.whole if title else "", _STATED),
        ("email", next(own, ""), _STATED),
        (
            "phone",
            next(filter(None, (e164(one, region) for one in stated.phones)), ""),
            _STATED_NUMBER,
        ),
        ("linkedin_url", next(filter(None, map(profile_url, stated.links)), ""), _STATED),
    )
    for field, value, sure in values:
        if value:
            yield Fact(field, value, stated.quote, "structured", sure, stated.rule)


def _is_of(value: str, stated: Stated, rivals: Iterable[PersonName]) -> bool:
    """Whether an address names one of the others, and better."""
    own = mailbox_fit(value, stated.name)
    return any(mailbox_fit(value, rival) > max(own, Fit.INITIALS) for rival in rivals)


def _clarity(sighting: Sighting) -> tuple[bool, int]:
    return sighting.form in ("alone", "pair", "lead") and sighting.line >= 0, points(sighting.signs)


def _place_of(sighting: Sighting) -> str:
    if sighting.form in ("prose", "contact"):
        return sighting.form
    if sighting.line < 0:
        return "picture"
    return sighting.card.kind if sighting.card else "line"


def _title_fact(sighting: Sighting, sure: float) -> Fact:
    assert sighting.title is not None
    quote = sighting.shown or sighting.quote
    confident = min(sure + 0.05, _title_rank(sighting)[1])
    rule = f"people.title.{_slot(sighting)}"
    return Fact("title", sighting.title.whole, quote, "text", confident, rule)


def _slot(sighting: Sighting) -> str:
    return sighting.slot or ("line" if sighting.form in ("pair", "lead") else "prose")


def _title_rank(sighting: Sighting) -> tuple[bool, float, bool, int]:
    """On the name's own line, then in the block, then in sentences; long ones are often slogans."""
    assert sighting.title is not None
    wordy = len(sighting.title.text.split()) > MAX_TITLE_WORDS
    sure = min(_SURE[_slot(sighting)], _WORDY if wordy else 1.0)
    return sighting.title.known, sure, sighting.title.text[0].isupper(), points(sighting.signs)


def _reach_facts(reaches: Sequence[Reach]) -> Iterator[Fact]:
    """The surest channel of each kind."""
    best: dict[str, Reach] = {}
    for reach in sorted(reaches, key=lambda reach: -reach.confidence):
        best.setdefault(reach.channel.kind, reach)
    for kind, reach in sorted(best.items()):
        channel = reach.channel
        method: Method = "link" if channel.linked else "text"
        yield Fact(kind, channel.value, channel.quote, method, reach.confidence, reach.rule)


def _bio(sound: Sequence[Sighting], outline: Outline) -> str:
    """The first paragraph of the person's own block that is about the person."""
    for sighting in sorted(sound, key=_clarity, reverse=True):
        card = sighting.card
        for line in outline.lines:
            if card and card.start <= line.pos < card.stop and is_about(line.text, sighting.name):
                return _cut(line.text)
    return ""


def _cut(text: str) -> str:
    """At most MAX_BIO characters, ended at a sentence where one ends, else at a word."""
    if len(text) <= MAX_BIO:
        return text
    head = text[:MAX_BIO]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    return head[: end + 1] if end > MAX_BIO // 3 else head[: head.rfind(" ")]
