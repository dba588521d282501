"""The word lists of lexicons/ beside this file."""

from functools import partial
from pathlib import Path

from app.pipeline import lexicon

_FOLDER = Path(__file__).parent / "lexicons"

words = partial(lexicon.words, folder=_FOLDER)
phrases = partial(lexicon.phrases, folder=_FOLDER)
