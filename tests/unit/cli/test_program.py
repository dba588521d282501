"""Commands, flags and usage errors, without a process of their own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli import main
from app.cli.program import build


def _commands(group: Any, before: str = "") -> Iterator[str]:
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from _commands(each, f"{before}{name} ")
        else:
            yield f"{before}{name}"


COMMANDS = sorted(_commands(get_command(build())))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list of companies, and no database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLUICE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("SLUICE_DATABASE_DEADLINE", "0.1")
    monkeypatch.setenv("SLUICE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "list.csv").write_text("name,website\nCompany One,https://one.example\n")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_takes_json(
    home: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code = main([*command.split(), "--help"])

    assert code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["run", "--criteria", '{"state": }'], "criteria: not JSON at line 1, column 11"),
        (["run", "--criteria", '{"sate": "TX"}'], "unknown criterion 'sate': did you mean 'state'"),
        (["run", "--criteria", "@nowhere.json"], "criteria file nowhere.json: No such file"),
        (["run", "--quantity", "0"], "quantity 0 is not between 1 and"),
        (["run", "--quantity", "many"], "'--quantity'"),
        (
            ["run", "--load-state", "x", "--quantity", "9"],
            "as it was created: say it without --quan",
        ),
        (["run", "--resume-session", "--detach"], "as it was created: say it without --detach"),
        (["run", "--skip", ","], "--skip ',' names no stage"),
        (["run", "--contacts-min", "4"], "contacts-min 4 is above contacts-max 3"),
        (["run"], "no source: give --source NAME[:PATH]"),
        (["run", "--source", "csv_fille:x"], "unknown source 'csv_fille': did you mean 'csv_file'"),
        (["run", "--source", "csv_file"], "source csv_file needs a path"),
        (["run", "--source", "csv_file:nowhere.csv"], "nowhere.csv"),
        (["run", "--source", "csv_file:list.csv", "--map", "website"], "--map 'website'"),
        (["run", "--source", "csv_file:list.csv", "--output-dir", "list.csv"], "cannot be written"),
        (["run", "--source", "csv_file:list.csv", "--replay", "nowhere"], "does not exist"),
        (["run", "--source", "csv_file:list.csv", "--notify-email", "x"], "e-mail address 'x'"),
        (["worker", "discovry"], "unknown stage 'discovry': did you mean 'discovery'?"),
        (["rnu"], "No such command 'rnu'"),
        (["run", "--quantty", "5"], "No such option: --quantty"),
        (["status"], "Missing argument 'RUN'"),
        (["help", "cooking"], "no help on 'cooking'"),
        (["--log-level", "loud", "version"], "setting log_level"),
        (["run", "--source", "csv_file:list.csv", "--on-shortfall", "aks"], "did you mean 'ask'"),
        (["run", "--source", "csv_file:list.csv", "--allow-country", "XX"], "'XX' is no country"),
        (["review", "abc", "imprt", "x.csv"], "unknown action 'imprt': did you mean 'import'?"),
        (["plan", "--source", "csv_fil:x.csv"], "did you mean 'csv_file'?"),
        (["run", "--source", "csv_file:list.csv", "--notes", "gone"], "notes folder"),
        (["decide", "abc", "acept"], "unknown answer 'acept': did you mean 'accept'?"),
        (["decide", "abc", "accept", "--criteria", "{}"], "belong to the answer widen"),
        (["suppress", "add", "a b"], "'a b' is no e-mail address, domain or phone number"),
        (["suppress", "add", "a@b"], "'a@b' is no e-mail address"),
        (["suppress", "add", "one.example", "--country", "Utopia"], "country 'Utopia'"),
        (["suppress", "import", "nowhere.txt"], "nowhere.txt: No such file"),
        (["suppress", "import", "list.csv", "--country", "Utopia"], "list.csv line 2: country"),
    ],
)
def test_bad_input_is_one_line_and_2_and_creates_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    code = main([*arguments, "--json"])

    out, err = capsys.readouterr()
    [line] = err.splitlines()
    assert code == 2
    assert reason in line
    assert line.startswith("sluice: ")
    assert json.loads(out) == {"error": line.removeprefix("sluice: "), "exit_code": 2}
    assert [path.name for path in home.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("arguments", [["--json", "version"], ["version", "--json"]])
def test_common_flags_stand_before_or_behind_the_command(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code = main(arguments)

    assert code == 0
    assert list(json.loads(capsys.readouterr().out)) == ["version"]


def test_a_flag_behind_the_command_wins(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--data-dir", "one", "config", "--data-dir", "two", "--json"])

    settings = json.loads(capsys.readouterr().out)["settings"]
    assert [each["value"] for each in settings if each["setting"] == "data_dir"] == ["two"]


@pytest.mark.parametrize("arguments", [[], ["db"]])
def test_without_a_command_the_help_is_shown(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code = main(arguments)

    assert code == 0
    assert "Commands:" in capsys.readouterr().out


def test_an_unexpected_error_is_one_line_and_its_traceback_is_in_the_log(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("app.wiring.load_graph", broken)

    code = main(["graph"])

    [line] = capsys.readouterr().err.splitlines()
    log = home / "data" / "logs" / "sluice.log"
    assert code == 1
    assert line == f"sluice: unexpected error: ZeroDivisionError: odd; traceback in {log}"
    assert "in broken" in log.read_text()


def test_a_setting_that_cannot_be_read_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "sluice.toml").write_text("lease = = 3")

    code = main(["config"])

    [line] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert line.startswith("sluice: sluice.toml cannot be read")
