"""One corpus, evaluated: its marks, and the figures in a form that JSON can hold."""

from dataclasses import asdict, dataclass
from typing import Any

from bench.evaluate import figures
from bench.evaluate.corpus import Corpus
from bench.evaluate.labels import Truth
from bench.evaluate.mark_company import mark_company
from bench.evaluate.mark_people import mark_people
from bench.evaluate.marks import Mark, Marker
from bench.evaluate.research import Findings, research


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The marks of a corpus. `pages` is how many pages were read."""

    corpus: Corpus
    pages: int
    marks: tuple[Mark, ...]

    def as_json(self, *, with_errors: bool = False) -> dict[str, Any]:
        """Figures; with errors also every mark that is wrong, missed or open."""
        found: dict[str, Any] = {
            "corpus": self.corpus.name,
            "sites": len(self.corpus.sites),
            "pages": self.pages,
            "fields": {name: one.as_json() for name, one in figures.by_field(self.marks).items()},
            "given_to_wrong_person": figures.given_wrongly(self.marks),
            "software": {
                name: {**own.as_json(), "traps": traps.right + traps.wrong, "sprung": traps.wrong}
                for name, (own, traps) in figures.by_vendor(self.marks).items()
            },
            "confusions": figures.confusions(self.marks),
            "calibration": {
                group: [asdict(one) for one in bins if one.count]
                for group, bins in figures.calibration(self.marks).items()
            },
        }
        if with_errors:
            listed = figures.errors(self.marks, "wrong", "missed", "open")
            found["errors"] = [asdict(one) for one in listed]
        return found


async def evaluate(corpus: Corpus) -> Evaluation:
    """Research every site of the corpus, one after the other, and mark what was found."""
    marks: list[Mark] = []
    pages = 0
    for truth in corpus.sites:
        findings = await research(corpus, truth)
        marks += mark_site(truth, findings)
        pages += len(findings.pages)
    return Evaluation(corpus, pages, tuple(marks))


def mark_site(truth: Truth, findings: Findings) -> list[Mark]:
    """Every mark of one site."""
    marker = Marker(truth, findings)
    return [*mark_company(marker), *mark_people(marker)]
