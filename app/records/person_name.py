"""The name of a person: told apart into its parts, written as people write it, and its key.

The shape alone is judged here: two to five words that begin with a capital, with particles,
initials, titles of courtesy and credentials in their usual places. Whether "Crown Point" is a
person is for the reader of the page to say.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 80
MAX_WORDS = 5

_HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir madam rev reverend hon fr sr sra srta don dona herr "
    "frau m mme mlle me maitre dra srita lda ldo licda licdo mtro mtra cdor cdra cra ar arq abog "
    "avv dott dott-ssa dr-ing geom rag arch sig sigra ing lcda lcdo dna drs ir mw dhr lcp cpc "
    "sister madame monsieur senor senora signor signora mevrouw meneer "
    "dipl-ing dipl-kfm mag lic attorney atty justice".split()
)
_FACULTIES = frozenset("med dent jur iur rer nat pol oec phil vet habil hc mult univ".split())
"""What follows Dr. in German: "Dr. med. dent."."""
_PARTICLES = frozenset(
    "de del della dello der den des di da das do dos du d la las le les los van von vom zu zur zum "
    "ter ten te t bin ibn bint al el af av i y e of san santa saint st".split()
)
_DOTTED = frozenset("st ste wm chas geo jas jos thos robt".split())
_LOWER_PARTICLES = _PARTICLES - frozenset("of san santa saint st".split())
_GENERATIONS = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
_CREDENTIALS = frozenset(
    "esq esquire jd llb llm qc kc pc md do dds dmd dvm od dpm dc np rn lpn bsn msn aprn crnp fnp "
    "gnp-c fnp-c pa-c pa rdh lcsw lmft lpc phd edd psyd pharmd dnp ba bs bsc bba ma ms msc med mba "
    "mpa mph mha mfa cpa cma cfa cfp chfc clu ea cpm arm rpa fma sma crpm mpm rmp cam cams cmca "
    "ams pcam caps cips ccim sior gri crs abr srs sres rsps mrp epro crb alc cre mai sra ifa "
    "ai-grs "
    "pe ra aia faia leed ap se pls asla riba rics mrics frics arla marla mnaea "
    "fnaea naea phr sphr shrm-cp shrm-scp pmp cissp cisa obe mbe cbe fca aca acca chb cbp bcom "
    "beng meng mirpm airpm firpm assocrics atpi mtpi ftpi assoctpi le cmp "
    "fcilex cilex rgn rmn mrcgp mbbs frcs mrcp fscsi mscsi mipav "
    "cgcs csm nmls cssgb dre dip dipl adv pgce bed llp fcis tep step cphr".split()
)
_EDGES = ' \t\r\n.,;:!?*•·|–—-_/\\"“”„«»‹›()[]{}<>#~+=^►▸→✓✔★☎✉📞📧📍'
_WORD = re.compile(r"[^\W\d_]+(?:[-'’‘`.][^\W\d_]+)*\.?")
_NICKNAME = re.compile(r"[\"“”„«(‘'`]{1,2}\s*([^\W\d_][\w.\- ]{1,18})\s*[\"“”»)’'`]{1,2}(?=\s|$)")
_INNER_CAPITAL = re.compile(
    r"(?:Mc|Mac|De|Del|Di|La|Le|Da|Du|Des|Van|Von|Vander|St|Fitz|O|D|Al|El|Ben|Jo|Mary|Lu|Ann|Anna|"
    r"Jean|Lee|Sue|Ro|Te|Ter|Ver|Lo|Li|Sha|Ja|Ke|Ka|Je|Mi|Abu|Ab|Bar|Dal|Dos|Ma)[A-ZÀ-Þ]"
)
_SHOUTED_MC = re.compile(r"\b(?:Mc|Mac)(?=[A-ZÀ-Þ]{2,}\b)")
"""The one small letter in "McALLISTER"."""
_MARKS = str.maketrans("", "", "®™©\u00ad\u200b\u2060\ufeff")
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


_PLAIN = {
    code: None if chr(code) in "'`" else chr(code).lower() if chr(code).isalnum() else " "
    for code in range(128)
}
_NO_NAME = re.compile(r"[\d@&/:;!?<>|=+_]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts, written in the usual case.

    `given`: "Ian" or "I." `middle`: what stands between, initials included. `family`: the last
    word with its particles ("de Antón"). `generation`: "Jr.", "III" or "". `nickname`: from quotes
    or brackets inside the name. `credentials`: as written ("DDS", "CPM").
    """

    given: str
    family: str
    middle: tuple[str, ...] = ()
    generation: str = ""
    nickname: str = ""
    honorific: str = ""
    credentials: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """As a letter would be addressed, without courtesy titles and credentials."""
        return " ".join(
            part for part in (self.given, *self.middle, self.family, self.generation) if part
        )

    @property
    def surnames(self) -> tuple[str, ...]:
        """Words after the given name that are no initials, folded: both of a Spanish name."""
        words = [word for part in (*self.middle, self.family) for word in part.split()]
        kept = [folded_name(word) for word in words if len(word.rstrip(".")) > 1]
        return tuple(word for word in kept if word not in _PARTICLES) or tuple(kept)


def folded_name(text: str) -> str:
    """Letters and digits in lower case without accents, words set apart by one space.

    >>> folded_name("María DE ANTÓN")
    'maria de anton'
    """
    if text.isascii():
        return " ".join(text.translate(_PLAIN).split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    bare = bare.replace("'", "").replace("’", "").replace("‘", "").replace("`", "")
    return " ".join("".join(char if char.isalnum() else " " for char in bare).split())


def person_key(name: str) -> str:
    """The same for every way that one name is written: no case, accents, courtesy titles, middle
    initials, nicknames in quotes or credentials; the generation (Jr.) stays.

    >>> person_key("Dr. IAN W. GEE, Esq.")
    'ian-gee'
    """
    parsed = parse_person_name(name)
    if parsed is None:
        return "-".join(folded_name(name[:MAX_CHARS]).split())
    middle = " ".join(part for part in parsed.middle if len(part.rstrip(".")) > 1)
    words = folded_name(f"{parsed.given} {middle} {parsed.family} {parsed.generation}")
    return "-".join(words.split())


def parse_person_name(text: str, *, inverted: bool = False) -> PersonName | None:
    """The name that `text` is, or None when its shape is not that of one.

    `inverted` also reads "Doe, Jane A.", as tables write it.
    """
    if not 4 <= len(text) <= 2 * MAX_CHARS:
        return None
    text = " ".join(text.translate(_MARKS).split())
    nickname = ""
    if found := _NICKNAME.search(text, 2):
        nickname, text = found[1].strip(), f"{text[: found.start()]} {text[found.end() :]}"
    text = text.strip(_EDGES.replace(".", ""))
    if len(text) > MAX_CHARS or " " not in text or _NO_NAME.search(text):
        return None
    if not text[0].isupper() and text[1] not in "'’" and not inverted:
        first, _, rest = text.partition(" ")
        if first[-1] != "." or first[:-1] not in _HONORIFICS or not rest[0].isupper():
            return None
    before, _, after = text.partition(",")
    if inverted and after and _is_family(before):
        return _parse_inverted(before, after, nickname)
    credentials, generation = _after_comma(after)
    if credentials is None:
        return _parse_inverted(before, after, nickname) if inverted else None
    words = before.split()
    honorific = _pop_honorific(words)
    trailing, generation = _pop_trailing(words, generation)
    return _assemble(words, generation, nickname, honorific, (*trailing, *credentials))


def _parse_inverted(before: str, after: str, nickname: str) -> PersonName | None:
    """ "Doe, Dr. Jane A., LL.M.": what stands before the second comma is the given name."""
    after, _, more = after.partition(",")
    credentials, generation = _after_comma(more)
    given = after.split()
    honorific = _pop_honorific([*given, before])
    given = given[len(honorific.split()) :]
    if (
        credentials is None
        or not (_is_family(before) or len(before.split()) == 2)
        or not 1 <= len(given) <= 3
    ):
        return None
    words = [*given, *before.split()]
    trailing, generation = _pop_trailing(words, generation)
    return _assemble(words, generation, nickname, honorific, (*trailing, *credentials))


def _is_family(words: str) -> bool:
    """ "Doe", "de la Cruz": one word and the particles before it."""
    return all(word.lower() in _PARTICLES for word in words.split()[:-1])


def _after_comma(after: str) -> tuple[tuple[str, ...] | None, str]:
    """Credentials and generation of ", Jr., CPM, MBA"; None when it is something else."""
    credentials: list[str] = []
    generation = ""
    for word in after.replace(",", " ").split():
        bare = word.strip(".").replace(".", "").lower()
        if bare in _GENERATIONS and not credentials:
            generation = _GENERATIONS[bare]
        elif bare in _CREDENTIALS or _looks_like_credential(word):
            credentials.append(word)
        else:
            return None, ""
    return tuple(credentials), generation


def _looks_like_credential(word: str) -> bool:
    bare = word.replace(".", "").replace("-", "")
    return 2 <= len(bare) <= 6 and bare.isalpha() and bare.isupper() and len(bare) != 2


def _pop_honorific(words: list[str]) -> str:
    first = folded_name(words[0]).replace(" ", "-") if words else ""
    if len(words) > 2 and first in _HONORIFICS and not (first == "don" and _is_initial(words[1])):
        taken = words.pop(0)
        while first == "dr" and len(words) > 2 and words[0].rstrip(".").lower() in _FACULTIES:
            taken = f"{taken} {words.pop(0)}"
        return f"{taken} {_pop_honorific(words)}".strip()
    return ""


def _pop_trailing(words: list[str], generation: str) -> tuple[tuple[str, ...], str]:
    """Credentials and a generation at the end, without a comma: "Marissa Abdo MS RN"."""
    credentials: list[str] = []
    shouted = all(word.isupper() for word in words)
    while len(words) > 2:
        bare = words[-1].strip(".").replace(".", "")
        if bare.lower() in _GENERATIONS and not generation:
            generation = _GENERATIONS[bare.lower()]
        elif bare.lower() in _CREDENTIALS and (
            any(map(str.isupper, bare[1:])) or bare in ("Esq", "Esquire", "PhD")
        ):
            if shouted and len(words) == 3 and len(words[1].rstrip(".")) == 1:
                break  # "JACK L. MA"
            credentials.insert(0, words[-1])
        else:
            break
        words.pop()
    return tuple(credentials), generation


def _assemble(
    words: list[str], generation: str, nickname: str, honorific: str, credentials: tuple[str, ...]
) -> PersonName | None:
    words = [_SHOUTED_MC.sub(lambda mc: mc[0].upper(), word) for word in words]
    if not 2 <= len(words) <= MAX_WORDS or not all(_is_name_word(word) for word in words):
        return None
    if all(word.strip(".").lower() in _CREDENTIALS for word in words):
        return None
    if all(word.strip(".").lower() in _CREDENTIALS for word in words):
        return None
    shouted = all(word.isupper() for word in words)
    family_shouted = all(word.isupper() for word in words[1:])
    if not (shouted or family_shouted) and any(_is_acronym(word) for word in words[:-1]):
        return None
    cased = [
        _cased(word, shouted or (family_shouted and index > 0), index)
        for index, word in enumerate(words)
    ]
    last = len(cased) - 1
    if len(cased[last].rstrip(".")) < 2 or not cased[0][0].isupper():
        return None
    if not (cased[last][0].isupper() or cased[last][2:3].isupper()):
        return None
    if _is_initial(cased[0]) and len(cased[last]) < 3:
        return None
    start = last
    while (
        start > 1
        and cased[start - 1].strip(".'’").lower() in _PARTICLES
        and not _is_initial(cased[start - 1])
    ):
        start -= 1
    return PersonName(
        cased[0],
        " ".join(cased[start:]),
        tuple(cased[1:start]),
        generation,
        nickname,
        honorific,
        credentials,
    )


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isupper()


def _is_acronym(word: str) -> bool:
    """ "CPM" among words in the usual case; "JD" and "J.R." are ways to write given names."""
    return word.isupper() and len(word.replace(".", "")) > 2


def _is_name_word(word: str) -> bool:
    if word in ("'t", "’t"):
        return True
    if not _WORD.fullmatch(word) or len(word) > 25:
        return False
    if word in _LOWER_PARTICLES:
        return True
    if not word[0].isupper():
        return word[:2] in ("d'", "d’", "l'", "l’", "o'") and word[2:3].isupper()
    bare = word.replace(".", "")
    if word.endswith(".") and len(bare) > 1 and bare.lower() not in _DOTTED:
        return bare.isupper() and len(bare) <= 3 and word.count(".") == len(bare)
    if bare.isupper():
        return True
    parts = re.split(r"[-'’‘`.]", word)
    return all(_is_cased_part(part) for part in parts if part)


def _is_cased_part(part: str) -> bool:
    rest = part[1:]
    if not any(char.isupper() for char in rest):
        return True
    prefix = _INNER_CAPITAL.match(part)
    return prefix is not None and not any(char.isupper() for char in part[prefix.end() :])


def _cased(word: str, shouted: bool, index: int) -> str:
    """A word of an all-capitals name in the usual case; also one family name in capitals."""
    bare = word.replace(".", "")
    if not bare.isupper() or len(bare) == 1:
        return word
    if not shouted and len(bare) < 3:
        return word
    if shouted and len(bare) == 2 and (index == 0 and not set(bare) & set("AEIOUY")):
        return word  # "TJ", "JD"
    if "." in word and len(bare) < 4:
        return word  # "J.R."
    if index and word.lower() in _LOWER_PARTICLES - {"van", "le", "do", "te"}:
        return word.lower()
    lowered = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    return re.sub(r"\bMc([a-z])", lambda part: f"Mc{part[1].upper()}", lowered)
