"""How a firm's name may be written as the name of its portal: "Maple Property Management, LLC" is
maplepropertymanagement, maplepm, maplepropmgmt, maple, ... or the label of its own domain."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from cleanco import basename

from app.records.criteria import folded

MAX_FORMS = 256
"""Of one name; later words are then written in full only."""

_WRITTEN: Mapping[tuple[str, ...], tuple[str, ...]] = MappingProxyType(
    {
        tuple(words.split()): tuple(forms.split())
        for words, forms in {
            "property management": "propertymanagement propertymgmt propertymgt propmgmt "
            "propmanagement propmgt pm mgmt",
            "properties management": "propertiesmanagement propertiesmgmt pm",
            "real estate": "realestate re",
            "pm": "pm propertymanagement propertymgmt propmgmt mgmt",
            "mgmt": "mgmt management",
            "management": "management mgmt mgt mgmnt mgnt",
            "property": "property prop",
            "properties": "properties props prop property",
            "realty": "realty rlty",
            "realtors": "realtors realtor",
            "rentals": "rentals rental rents rent",
            "rental": "rental rentals",
            "group": "group grp",
            "company": "company co",
            "companies": "companies cos",
            "services": "services service svcs svc",
            "service": "service services",
            "association": "association assoc assn",
            "associates": "associates assoc",
            "apartments": "apartments apts apt",
            "residential": "residential res r",
            "commercial": "commercial comm",
            "community": "community comm",
            "communities": "communities comms",
            "investments": "investments investment invest inv",
            "investment": "investment investments inv",
            "development": "development dev",
            "homes": "homes home",
            "homeowners": "homeowners ho",
            "vacation": "vacation vac",
            "vacations": "vacations vacation vac",
            "enterprises": "enterprises ent",
            "partners": "partners",
            "brokers": "brokers",
            "brokerage": "brokerage",
            "leasing": "leasing",
            "team": "team",
            "solutions": "solutions",
            "holdings": "holdings",
            "ventures": "ventures",
            "international": "international intl",
        }.items()
    }
)
"""Words of trade, which a portal's name shortens or leaves out; the full form first."""
_LEFT_OUT = frozenset(("the", "and", "of", "a", "at"))
_LEGAL = ("", "llc", "inc", "co", "corp", "lp", "ltd")
_ENDINGS = tuple(
    sorted({form for forms in _WRITTEN.values() for form in forms if len(form) > 1}
           | {"llc", "inc"}, key=lambda form: (-len(form), form))
)  # fmt: skip
_GAP = re.compile(r"[-_]+")


def compact(text: str) -> str:
    """Letters and digits alone, folded."""
    return folded(text).replace(" ", "")


def reading(slug: str) -> str:
    """The words of a portal's name, as far as they can be told apart.

    >>> reading("maple-gatepm"), reading("fincherpropertymgmt")
    ('maple gate pm', 'fincher property mgmt')
    """
    return " ".join(" ".join(_peeled(part)) for part in _GAP.split(slug) if part)


def full_forms(name: str) -> tuple[str, ...]:
    """Every way to write all of a name, small words aside; the plainest first.

    >>> full_forms("The Oak Group")
    ('oakgroup', 'oakgroupllc', 'oakgroupinc', ...
    """
    forms = _joined(_parts(name))
    return tuple(dict.fromkeys(f"{form}{legal}" for form in forms for legal in _LEGAL))


def core_of(name: str) -> str:
    """A name without its words of trade, compact; "" where nothing else is in it.

    >>> core_of("Maple Gate Property Management, LLC")
    'maplegate'
    """
    return "".join(forms[0] for forms in _parts(name) if len(forms) == 1 and forms[0] not in _TRADE)


def is_one_word(name: str) -> bool:
    """Whether a name is a single word, its legal form aside; others may well have it too."""
    return len(_parts(name)) == 1


_TRADE = frozenset(forms[0] for forms in _WRITTEN.values())


def _parts(name: str) -> list[tuple[str, ...]]:
    """The words of a name, each with the ways to write it."""
    words = [word for word in folded(basename(name)).split() if word not in _LEFT_OUT]
    parts: list[tuple[str, ...]] = []
    while words:
        pair = tuple(words[:2])
        length = 2 if pair in _WRITTEN else 1
        parts.append(_WRITTEN.get(tuple(words[:length]), (words[0],)))
        del words[:length]
    return parts


def _joined(parts: Iterable[tuple[str, ...]]) -> list[str]:
    joined = [""]
    for forms in parts:
        few = forms if len(joined) * len(forms) * len(_LEGAL) <= MAX_FORMS else forms[:1]
        joined = [before + form for before in joined for form in few]
    return [form for form in joined if form]


def _peeled(word: str) -> Iterator[str]:
    """A word and the words of trade at its end."""
    ends: list[str] = []
    rest = word
    while ending := next((e for e in _ENDINGS if rest.endswith(e) and len(rest) - len(e) > 2), ""):
        rest = rest.removesuffix(ending)
        ends.append(ending)
    yield rest
    yield from reversed(ends)
