"""How sure is it that a name on a page is one of the company's people? Signs, weights, a threshold.

A name needs THRESHOLD points, and one sign at least that speaks of a person (PERSONAL): streets and
houses stand in headings and repeated boxes as well.
"""

from collections.abc import Iterable

from app.extractors._people.sightings import Sign

THRESHOLD = 5

WEIGHTS = {
    Sign.GIVEN_KNOWN: 3,
    Sign.GIVEN_WEAK: 1,
    Sign.TITLE: 3,
    Sign.TITLE_PLACE: 1,
    Sign.NAME_PLACE: 1,
    Sign.TEAM_BOX: 2,
    Sign.TEAM_SECTION: 2,
    Sign.TEAM_PAGE: 2,
    Sign.PEOPLE_PAGE: 1,
    Sign.REPEATED: 1,
    Sign.PROMINENT: 1,
    Sign.BIO_LINK: 2,
    Sign.BIO_PAGE: 3,
    Sign.BIO: 2,
    Sign.MAILBOX: 3,
    Sign.LINKEDIN: 2,
    Sign.PICTURE: 1,
    Sign.CREDENTIALS: 1,
    Sign.STRUCTURED: 5,
    Sign.SAID: 1,
    Sign.SEAT: 2,
    Sign.CONTACT: 1,
    Sign.AMONG_PEOPLE: 1,
    Sign.AMONG_STAFF: 2,
    Sign.ODD_ONE_OUT: -4,
    Sign.PLACE_AFTER: -4,
    Sign.NAVIGATION: -1,
    Sign.QUOTED: -9,
    Sign.ELSEWHERE: -9,
}

PERSONAL = frozenset(
    {
        Sign.TITLE,
        Sign.TITLE_PLACE,
        Sign.TEAM_BOX,
        Sign.TEAM_SECTION,
        Sign.TEAM_PAGE,
        Sign.BIO_LINK,
        Sign.BIO_PAGE,
        Sign.BIO,
        Sign.MAILBOX,
        Sign.LINKEDIN,
        Sign.CREDENTIALS,
        Sign.STRUCTURED,
        Sign.CONTACT,
        Sign.SEAT,
        Sign.AMONG_STAFF,
    }
)

AGAINST = frozenset({Sign.QUOTED, Sign.ELSEWHERE, Sign.PLACE_AFTER, Sign.ODD_ONE_OUT})

_CLEAR = frozenset(
    {
        Sign.MAILBOX,
        Sign.BIO_LINK,
        Sign.BIO_PAGE,
        Sign.BIO,
        Sign.LINKEDIN,
        Sign.CREDENTIALS,
        Sign.NAME_PLACE,
        Sign.AMONG_PEOPLE,
        Sign.AMONG_STAFF,
    }
)
_TEAM = (Sign.TEAM_BOX, Sign.TEAM_SECTION, Sign.TEAM_PAGE)


def points(signs: Iterable[Sign]) -> int:
    """The sum of the weights; the signs of a team count 2 once and 1 more together."""
    held = set(signs)
    team = [sign for sign in _TEAM if sign in held]
    return sum(WEIGHTS[sign] for sign in held if sign not in team) + (
        2 + (len(team) > 1) if team else 0
    )


def is_person(signs: Iterable[Sign]) -> bool:
    """Whether these signs make a name one of the company's people."""
    held = frozenset(signs)
    if points(held) < THRESHOLD or not held & PERSONAL:
        return False
    return bool(held & {Sign.GIVEN_KNOWN, Sign.STRUCTURED}) or _is_sure_without_given(held)


def _is_sure_without_given(held: frozenset[Sign]) -> bool:
    """Names that we do not know as given names ("Rising Hope", "Mehetabel") need more than one
    thing that only people have."""
    around = bool(held & frozenset(_TEAM)) + len(held & _CLEAR)
    if Sign.TITLE in held:
        return bool(around or (Sign.REPEATED in held and Sign.NAVIGATION not in held))
    return around >= 2


def confidence(signs: Iterable[Sign]) -> float:
    """0.55 at the threshold, 0.05 more for every point, at most 0.97; without a title at most "
    "0.8."""
    held = frozenset(signs)
    sure = min(0.97, 0.55 + 0.05 * (points(held) - THRESHOLD))
    titled = held & {Sign.TITLE, Sign.STRUCTURED, Sign.TITLE_PLACE}
    return round(sure if titled else min(sure, 0.8), 2)
