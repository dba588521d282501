"""A corpus: stored sites with their labels."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.errors import InputError
from bench.evaluate.annotated import truth_of_page
from bench.evaluate.labels import Truth, read_json, truth_of

ROOT: Final = Path(__file__).resolve().parents[2]
SAMPLE: Final = ROOT / "app" / "sample"


@dataclass(frozen=True, slots=True)
class Corpus:
    """`folder` holds a folder per host, `sites` what is true of them."""

    name: str
    folder: Path
    sites: tuple[Truth, ...]

    @property
    def is_bundled(self) -> bool:
        """Whether these are the sites that come with Sluice."""
        return self.folder.resolve() == SAMPLE / "web"


def open_corpus(folder: Path, labels: Path) -> Corpus:
    """The sites of `labels`, stored in `folder` (or in `folder`/web). Raises InputError."""
    if not folder.is_dir():
        raise InputError(f"sites {folder}: no such folder; give one with a folder per host in it")
    inner = folder / "web"
    folder = inner if inner.is_dir() else folder
    content = read_json(labels)
    try:
        sites = tuple(_sites(content, folder))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"labels {labels}: not as app/sample/README.md says: {error!r}") from None
    return Corpus(labels.resolve().parent.name, folder, sites)


def _sites(content: Any, folder: Path) -> Iterable[Truth]:
    if isinstance(content, list):
        return (truth_of_page(page, folder) for page in content)
    return map(truth_of, content["sites"])


def bundled() -> Corpus:
    """The fictional sites that come with Sluice."""
    return open_corpus(SAMPLE / "web", SAMPLE / "labels.json")


def at_hand() -> list[Corpus]:
    """The bundled sample, and labelled sites and pages in a folder beside the checkout."""
    beside = ROOT.parent
    found = sorted((*beside.glob("*/sites/labels.json"), *beside.glob("*/data/*/labels.json")))
    return [bundled(), *(open_corpus(file.parent, file) for file in found)]
