"""bench/evaluate/pairs.py: how right it is to say that two rows are one company."""

from pathlib import Path

import pytest

from app.errors import InputError
from bench.evaluate.__main__ import main
from bench.evaluate.pairs import BUNDLED, evaluate_pairs, figures

BASELINE = 0.91
"""F1 on the bundled pairs, below which it must not fall."""


def test_the_figure_of_the_bundled_pairs_does_not_fall() -> None:
    figure = figures(evaluate_pairs(BUNDLED))["all"]

    assert figure.f1 >= BASELINE
    assert figure.pairs == 24
    assert figure.unmet == 0


def test_a_file_of_pairs_can_be_named_and_a_bad_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("label,id\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"pairs .*bad\.csv: not as bench/evaluate/pairs\.py says"):
        evaluate_pairs(bad)
    sites = Path("app/sample").absolute()
    arguments = ["--sites", str(sites / "web"), "--labels", str(sites / "labels.json")]

    assert main([*arguments, "--pairs", str(bad)]) == 2
    assert main([*arguments, "--pairs", str(BUNDLED)]) == 0
    assert "place_pairs: 24 pairs of places" in capsys.readouterr().out
