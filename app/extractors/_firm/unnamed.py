"""What templates hold where the firm's name belongs, in the languages that templates come in."""

import re
from typing import Final

UNNAMED: Final = (
    r"(?:your|my) (?:company|business|organi[sz]ation|firm|store|brand)(?: name)?(?: here)?|"
    r"(?:company|business|organi[sz]ation|firm|store|site|brand|blog) name(?: here)?|"
    r"(?:mon|mein|meine|mi|il mio|mijn|o meu|meu) (?:site|sitio|website|webseite|blog|sito)\b.*|"
    r"(?:ihre?|meine?) (?:firma|firmenname|unternehmen)|firmenname|nom de l['’]entreprise|"
    r"votre (?:société|entreprise)|nombre de (?:la|tu|su) empresa|(?:tu|su|mi) empresa|"
    r"sample (?:company|business)|n/?a|null|undefined"
)
"""A pattern, whole names only, case not regarded."""
_NO_NAME = re.compile(UNNAMED, re.IGNORECASE)


def is_unnamed(name: str) -> bool:
    """Whether that is only such words ("Company Name", "Mon site WordPress")."""
    return bool(_NO_NAME.fullmatch(" ".join(name.split())))
