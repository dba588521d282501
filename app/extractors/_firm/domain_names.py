"""What a domain tells of a firm's name: how well it backs a name, and the words it is made of."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

MAX_SPELLED = 40
LEAST_LABEL = 6

COMMON_WORDS: Final = frozenset(
    "and of the realty real estate group company properties property management services law firm "
    "associates office offices partners rentals homes attorneys attorney lawyers at".split()
)
"""Words of many names: a domain may leave them out."""

_WHOLE: Final = {"mgmt": "management", "mgt": "management", "apts": "apartments"}
_SHORT = re.compile(rf"(?<=.{{3}})(?:{'|'.join(_WHOLE)})")
_ENDINGS = re.compile(
    r"(?<=.{6})(?:company|online|limited|group|gmbh|corp|inc|llc|ltd|usa|web|co|hq)$"
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LETTERS: Final = {
    "a": "[aáàâãä]", "e": "[eéèêë]", "i": "[iíìîï]", "o": "[oóòôõö]", "u": "[uúùûü]", "n": "[nñ]",
    "c": "[cç]", "ae": "(?:ä|ae)", "oe": "(?:ö|oe)", "ue": "(?:ü|ue)", "ss": "(?:ß|ss)",
}  # fmt: skip
_SOUNDS = re.compile(r"[aou]e|ss|.")
_GAP: Final = r"(?:[ .'’-]{1,2}| (?:&|and) )?"
_NEXT = re.compile(r",? (?:& |and |of )?[A-Z][\w'’&-]*\.?")
_MOST_NEXT: Final = 4


def label_of(domain: str, url: str) -> str:
    """The letters and digits of the name that was registered: "maplegate-homes.com" ->
    "maplegatehomes"; with "mgmt" and "apts" written out."""
    host = (domain or urlsplit(url).hostname or "").removeprefix("www.")
    label = re.sub(r"[^a-z0-9]", "", host.split(".")[0].lower())
    return _SHORT.sub(lambda match: _WHOLE[match[0]], label)


def domain_backing(key: str, domain: str, url: str) -> list[str]:
    """How the domain backs a name, as a place that names the firm: its words, or their beginnings,
    make up the label; a long name is the label whole."""
    label = label_of(domain, url)
    spellings = {_plain(key), _plain(key.translate(_UMLAUTS))}
    backing = [_one_backing(words, label) for words in spellings if len(label) >= 3]
    return max(backing, default=[]) or ["domain"] * _shares_words(key, domain, url)


def _shares_words(key: str, domain: str, url: str) -> bool:
    """Whether a domain of several words has a telling word of the name ("zahnhaus-lindemann" of
    "Praxis Dr. Lindemann"), or is made of its words in another order ("delacroixlaw" of "Law Office
    of Jane Delacroix"). "Homes in Fresno" is a slogan."""
    words = set(key.split())
    if words & {"in", "for", "near", "to", "your"}:
        return False
    parts = (domain or urlsplit(url).hostname or "").removeprefix("www.").split(".")[0].split("-")
    if len(parts) > 1 and any(len(one) >= LEAST_LABEL for one in (words - COMMON_WORDS) & {*parts}):
        return True
    label = label_of(domain, url)
    return any(
        len(word) >= 4 and label.startswith(word) and label.removeprefix(word) in words
        for word in words
    )


def _one_backing(words: str, label: str) -> list[str]:
    joined = words.replace(" ", "")
    if not joined:
        return []
    if joined in (label, "the" + label):
        return ["whole_domain"] if " " in words else ["domain"]
    within = len(joined) >= 6 and (joined in label or label in joined)
    return ["domain"] if within or _spells(label, words.split()) else []


def _plain(key: str) -> str:
    """Letters without accents, digits and spaces: what a domain can hold."""
    bare = unicodedata.normalize("NFKD", key)
    return re.sub(r"[^a-z0-9 ]", "", bare)


def _spells(label: str, words: list[str]) -> bool:
    """Whether `label` is a beginning of each word in turn ("cspm" or "abcmgmt" of "ABC Mgmt")."""
    if len(words) < 2:
        return False
    ends = {0}
    for word in words:
        reach = set(ends) if word in COMMON_WORDS else set()
        for end in ends:
            size = 0
            while size < len(word) and end + size < len(label) and label[end + size] == word[size]:
                size += 1
                reach.add(end + size)
        ends = reach
    return len(label) in ends


def spelled_names(text: str, domain: str, url: str) -> Iterator[tuple[str, str]]:
    """(name, words that hold it) where a text writes the domain's label in words: "Peak View" on
    peakview.example, with the words that mostly follow it ("Peak View Roofing Company"). One word
    alone is none."""
    label = label_of(domain, url)
    for part in dict.fromkeys((label, _ENDINGS.sub("", label))):
        if len(part) < LEAST_LABEL:
            continue
        pattern = _GAP.join(_LETTERS.get(one, one) for one in _SOUNDS.findall(part))
        hits = list(re.finditer(rf"(?<![\w@./-]){pattern}(?![\w@]|[./-]\w)", text, re.IGNORECASE))
        written = [hit for hit in hits[:MAX_SPELLED] if hit[0][0].isupper()]
        follow = _following(text, written)
        if follow or any(re.search(r"[ &]", hit[0]) for hit in written):
            best = next(hit for hit in written if text.startswith(follow, hit.end()))
            yield best[0] + follow, " ".join(text[best.start() : best.end() + 80].split())
            return


def _following(text: str, hits: list[re.Match[str]]) -> str:
    """The capitalised words that follow more than half of the hits, and two of them at least."""
    follow = ""
    for _ in range(_MOST_NEXT):
        nexts = (_NEXT.match(text, hit.end() + len(follow)) for hit in hits
                 if text.startswith(follow, hit.end()))  # fmt: skip
        counted = Counter(found[0].rstrip(".,") for found in nexts if found).most_common(1)
        if not counted or counted[0][1] < 2 or counted[0][1] * 2 <= len(hits):
            break
        follow += counted[0][0]
    return follow
