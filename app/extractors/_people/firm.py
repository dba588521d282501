"""Is an organisation that a page names the company itself?"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._people.lexicon import phrases, words
from app.extractors._people.titles import Title
from app.records.person_name import folded_name

_FIRM = re.compile(
    r"\b(?:inc|llc|ltd|llp|corp|co|company|gmbh|ag|kg|group|associates|partners|properties|realty|"
    r"university|college|"
    r"school|church|hospital|bank|foundation|association|solutions|systems|enterprises|software|"
    r"technologies|labs|studio|studios|media|investments|logistics|industries|advogados|"
    r"union|committee|council|senate)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Firm:
    """The company, as its names go: of the source, of the address, of the page. `squeezed`: all of
    them without spaces; `words`: what is special in them; `labels`: those of the address."""

    squeezed: str
    words: frozenset[str]
    labels: frozenset[str] = frozenset()

    def is_meant(self, organisation: str) -> bool:
        """Whether these words name the company (or nobody in particular).

        >>> Firm("exceedlegal", frozenset({"exceed"})).is_meant("Exceed Legal")
        True
        """
        spelled = [
            word
            for word in folded_name(organisation).split()
            if word not in words("wording", "firm_common")
        ]
        if not spelled:
            return True
        if any(word in self.words for word in spelled):
            return True
        return any(len(word) > 3 and word in self.squeezed for word in spelled)


def firm_of(document: Document, site: Site) -> Firm:
    """What is known of the company's names."""
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    labels = [*host.split(".")[:-1], *site.domain.split(".")[:-1]]
    node = document.tree.css_first('meta[property="og:site_name"]')
    shown = (node.attributes.get("content") or "") if node else ""
    spelled = folded_name(f"{site.name} {shown}").split()
    squeezed = "".join("".join(folded_name(label).split()) for label in labels) + "".join(spelled)
    own = frozenset(
        word for word in spelled if word not in words("wording", "firm_common") and len(word) > 2
    )
    return Firm(squeezed, own, frozenset(labels))


MAX_TERM_WORDS = 9

_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d\s*(?:[-–—]|to|bis|à)\s*((?:19|20)\d\d)(?!\d)")
_FORMER = re.compile(
    r"(?:former|formerly|past|previously|ehemalig\w*|früher\w*|ancien(?:ne)?|antigu[oa]|exsoci[oa])\b",
    re.IGNORECASE,
)
_RETIRED = re.compile(r"[(,]\s*(?:retired|ret\.|a\.\s?d\.|i\.\s?r\.|deceased)\)?$", re.IGNORECASE)


_LEFT = re.compile(
    r"\b(?:until|jusqu['’]en|hasta|fino al|até|tot) (?:\w+ )?(?:19|20)\d\d\b"
    r"|\b(?:von|from|de|dal|van) (?:19|20)\d\d (?:bis|to|until|à|a|al|tot) (?:19|20)\d\d\b"
    r"|^,? (?:has |have )?(?:left|retired from|departed)\b"
    r"|^ (?:deixou|quitta|a quitté|verließ|dejó|ha lasciato|verliet)"
    r" (?:a|l[ae]|il|el|die|das|de|het|notre|unser\w*)\b"
)
"""Who was there once."""
_GONE = re.compile(
    r"†|\b(?:ausgeschieden|im ruhestand|nos dejó|jubilad[oa]|retraitée?|en retraite|in pensione|"
    r"honoraire|emeritus|emérit[oa]|met pensioen|reformad[oa])\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<!\d)[.!?](?:\s|$)")


def has_left(after: str) -> bool:
    """Whether the sentence that goes on behind a name says that the person was there once."""
    sentence = _STOP.split(after, maxsplit=1)[0]
    return bool(_LEFT.search(sentence) or _GONE.search(sentence))


def is_former(words_shown: str) -> bool:
    """Whether a title says that somebody held it once: "formerly Partner"."""
    return bool(_FORMER.match(words_shown.strip(" ,(–—-")) or _RETIRED.search(words_shown))


def is_over(line: str, year: int) -> bool:
    """Whether a short line gives years that have ended: "President, 1952-1974"."""
    found = _YEARS.search(line) if len(line.split()) < MAX_TERM_WORDS else None
    return found is not None and int(found[1]) < year


def is_elsewhere(firm: Firm, title: Title | None, of: str) -> bool:
    """Whether a title is one at another organisation, or that of a customer."""
    if title is None:
        return False
    if is_former(title.text) or folded_name(title.text) in phrases("wording", "customers"):
        return True
    organisation = of or (title.after if _FIRM.search(title.after) else "")
    return bool(organisation) and not firm.is_meant(organisation)


def is_foreign_rest(firm: Firm, title: Title) -> bool:
    """Whether what follows a title may be another organisation or a customer's town: outside of a
    team that is how quotes are signed ("CEO, Acme", "Owner, Austin, TX")."""
    return bool(title.after) and not firm.is_meant(title.after)


def is_other_firm(firm: Firm, text: str) -> bool:
    """Whether a short line is the name of another organisation: it says so and is not ours."""
    named = all(word[0].isupper() for word in text.split() if len(word) > 3 and word[0].isalpha())
    return named and bool(_FIRM.search(text)) and not firm.is_meant(text)
