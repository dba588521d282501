"""The domain and the name belong together: lists often put a wrong address beside a name.

They do when the domain holds a word or a number of the name, its initials or most of its letters,
or when the site itself calls itself so. A home page that says little cannot tell.
"""

from collections.abc import Iterator

from cleanco import basename
from rapidfuzz.fuzz import partial_ratio

from app.checks import Check, CompanyFacts, Finding
from app.records.criteria import folded

ALIKE = 75
"""Of 100, rapidfuzz's partial ratio."""
TELLING = 300
"""Characters of a home page that would name its firm."""
_LEAST_WORD = 4
_FILLING = frozenset("the and of for a an de la el und y".split())


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Review where nothing ties the two together; a remark where the home page says little."""
    company = facts.company
    words = folded(basename(company.name)).split()
    label = folded(company.domain.rpartition(".")[0]).replace(" ", "")
    letters = "".join(words)
    if not label or not letters.isascii() or not any(char.isalpha() for char in letters):
        return
    if _alike(words, label) or _says_so(facts, words):
        return
    yield Finding(
        "review" if len(facts.home) >= TELLING else "valid",
        "another_domain",
        f"neither {company.domain} nor its pages go with the name {company.name[:60]!r}",
    )


def _alike(words: list[str], label: str) -> bool:
    telling = [word for word in words if word not in _FILLING]
    initials = {"".join(word[0] for word in chosen) for chosen in (words, telling)}
    return (
        any((len(word) >= _LEAST_WORD or word.isdigit()) and word in label for word in telling)
        or any(len(each) > 1 and each in label for each in initials)
        or partial_ratio("".join(telling or words), label) >= ALIKE
    )


def _says_so(facts: CompanyFacts, words: list[str]) -> bool:
    return facts.names_itself or " ".join(words) in folded(facts.home)


CHECK = Check(CompanyFacts, find)
