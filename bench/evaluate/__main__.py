"""Parse, evaluate, print."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from app.errors import SluiceError
from app.log import configure_log
from bench.evaluate.baseline import baseline_of, fallen, read_baseline, write_baseline
from bench.evaluate.corpus import Corpus, at_hand, open_corpus
from bench.evaluate.evaluation import Evaluation, evaluate
from bench.evaluate.pairs import figures_json, files_at_hand, report_pairs
from bench.evaluate.report import report

SUMMARY = "How right the research is, field by field, on sites whose truth is known."


def main(argv: Sequence[str] | None = None) -> int:
    """0; 2 where the words or the files are wrong."""
    parser = _parser()
    given = parser.parse_args(argv)
    if len(given.sites) != len(given.labels):
        parser.error("--sites and --labels go together: one of each for every corpus")
    configure_log("warning", "json")
    try:
        evaluations = [asyncio.run(evaluate(one)) for one in _corpora(given)]
        _print(evaluations, given)
        if given.write_baseline:
            write_baseline(_sample(evaluations))
    except SluiceError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.evaluate", description=SUMMARY)
    parser.add_argument(
        "--sites",
        action="append",
        default=[],
        metavar="DIR",
        type=Path,
        help="a folder per host; may be repeated (the bundled sample and what lies beside)",
    )
    parser.add_argument(
        "--labels", action="append", default=[], metavar="FILE", type=Path, help="what is true"
    )
    parser.add_argument(
        "--pairs",
        action="append",
        default=[],
        metavar="FILE",
        type=Path,
        help="labelled pairs of places (the bundled ones and what lies beside)",
    )
    parser.add_argument("--errors", action="store_true", help="list every error with its page")
    parser.add_argument("--json", action="store_true", help="a JSON list, one object per corpus")
    parser.add_argument(
        "--write-baseline", action="store_true", help="the sample's figures must not fall again"
    )
    return parser


def _corpora(given: argparse.Namespace) -> list[Corpus]:
    pairs = list(zip(given.sites, given.labels, strict=True))
    return [open_corpus(*pair) for pair in pairs] if pairs else at_hand()


def _sample(evaluations: Sequence[Evaluation]) -> Evaluation:
    found = [one for one in evaluations if one.corpus.is_bundled]
    if not found:
        raise SluiceError("--write-baseline needs the bundled sample; leave --sites away")
    return found[0]


def _print(evaluations: Sequence[Evaluation], given: argparse.Namespace) -> None:
    if given.json:
        found: list[object] = [one.as_json(with_errors=given.errors) for one in evaluations]
        found += [{"pairs": str(file), **figures_json(file)} for file in _pairs(given)]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in evaluations:
        print(report(one, with_errors=given.errors), end="\n\n")
        if one.corpus.is_bundled and not given.write_baseline:
            print("\n".join(_compared(one)), end="\n\n")
    for file in _pairs(given):
        print(report_pairs(file, with_errors=given.errors), end="\n\n")


def _pairs(given: argparse.Namespace) -> list[Path]:
    """Those that were named; without any, all at hand, unless only certain sites are asked for."""
    return given.pairs or ([] if given.sites else files_at_hand())


def _compared(evaluation: Evaluation) -> list[str]:
    worse = fallen(baseline_of(evaluation), read_baseline())
    return [f"below the baseline: {line}" for line in worse] or ["nothing is below the baseline"]


if __name__ == "__main__":
    sys.exit(main())
