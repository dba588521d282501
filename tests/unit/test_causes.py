"""Every cause that the code gives has words for a person."""

import re
from pathlib import Path

import pytest

from app.pipeline.causes import _PHRASES, phrase

ROOT = Path(__file__).parents[2]
GIVEN = re.compile(r'\b(?:Refused|Unreachable|BadResponse|Skip|Fail|Review)\(\s*"([a-z_]+)"')
RULES = re.compile(r'\bRule\("[\w.]+", \d+, \([^)]*\), "([a-z_]+)"')


def test_every_cause_in_the_code_has_a_phrase() -> None:
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "workers").glob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in files)

    causes = {*GIVEN.findall(code), *RULES.findall(code)}

    assert len(causes) > 20
    assert causes - _PHRASES.keys() == set()


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("no_website", "without a website"),
        ("http_418", "with a site that answers 418"),
        ("odd_new_cause", "odd new cause"),
        ("", "without a stated cause"),
    ],
)
def test_a_cause_that_has_no_phrase_is_shown_in_its_own_words(cause: str, words: str) -> None:
    assert phrase(cause) == words
