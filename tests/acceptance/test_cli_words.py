"""What the command line says before it needs a database: help, versions, bad input."""

import json

import pytest

from tests.acceptance.conftest import Cli

COMMANDS = [
    "run",
    "resume",
    "watch",
    "status",
    "runs",
    "cancel",
    "items",
    "retry",
    "rerun",
    "explain",
    "plan",
    "context",
    "decide",
    "review",
    "export",
    "forget",
    "budget",
    "costs",
    "companies",
    "report",
    "up",
    "worker",
    "workers",
    "graph",
    "doctor",
    "config",
    "help",
    "version",
]


async def test_help_names_every_command(dry: Cli) -> None:
    answer = await dry("--help")

    listed = [line.split()[0] for line in answer.out.partition("Commands:")[2].splitlines() if line]
    assert answer.code == 0
    assert listed[: len(COMMANDS) + 3] == [*COMMANDS, "stage", "suppress", "db"]


async def test_help_loads_nothing_heavy(dry: Cli) -> None:
    dry.env["PYTHONPROFILEIMPORTTIME"] = "1"

    answer = await dry("--help")

    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in answer.err.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"asyncpg", "pydantic", "aiohttp", "procrastinate", "duckdb", "structlog"}


async def test_help_explains_the_exit_codes(dry: Cli) -> None:
    answer = await dry("help", "exit-codes", "--json")

    assert list(answer.json["exit_codes"]) == [*"01234567", "130", "143"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["run", "--criteria", '{"state": }'], "criteria: not JSON at line 1, column 11"),
        (["run", "--quantty", "5"], "No such option: --quantty"),
        (["run", "--source", "csv_file:list.csv", "--output-dir", "list.csv"], "cannot be written"),
    ],
)
async def test_bad_input_is_one_line_and_2_and_creates_nothing(
    dry: Cli, arguments: list[str], reason: str
) -> None:
    """The same from outside as tests/unit/cli/test_program.py, which has the long list."""
    (dry.folder / "list.csv").write_text("name,website\nCompany One,https://one.example\n")

    answer = await dry(*arguments, "--json")

    assert answer.code == 2
    assert reason in answer.complaint
    assert answer.json == {"error": answer.complaint.removeprefix("sluice: "), "exit_code": 2}
    assert [path.name for path in dry.folder.iterdir()] == ["list.csv"]


async def test_a_bad_setting_in_the_environment_is_named(dry: Cli) -> None:
    dry.env["SLUICE_CONCURENCY"] = "5"

    answer = await dry("config")

    assert answer.code == 2
    assert "did you mean 'SLUICE_CONCURRENCY'?" in answer.complaint


@pytest.mark.parametrize("command", ["runs", "status abc", "worker all", "db status"])
async def test_a_database_that_cannot_be_reached_is_5(dry: Cli, command: str) -> None:
    answer = await dry(*command.split())

    assert answer.code == 5
    assert "cannot be reached" in answer.complaint
    assert "SLUICE_DATABASE_URL" in answer.complaint


async def test_a_missing_mail_server_is_said_at_the_start(dry: Cli) -> None:
    (dry.folder / "list.csv").write_text("name,website\nCompany One,https://one.example\n")

    answer = await dry("run", "--source", "csv_file:list.csv", "--notify-email", "a@list.example")

    assert answer.events[0]["message"] == "no mail will be sent: SLUICE_SMTP_HOST is not set"


async def test_what_the_law_asks_for_is_said_at_the_start(dry: Cli) -> None:
    (dry.folder / "list.csv").write_text("name,website\nCompany One,https://one.example\n")
    run = ("run", "--source", "csv_file:list.csv", "--criteria", '{"country": "Germany"}')

    said = [event["message"] for event in (await dry(*run)).events]
    dry.env["SLUICE_CONTACT"] = "https://us.example/bot"
    unsaid = (await dry(*run, "--allow-country", "Germany")).events

    assert said[0].startswith("people in DE (by the criteria) are withheld unless --allow-country")
    assert said[1].startswith("the sites that are read cannot reach you: set SLUICE_CONTACT")
    assert unsaid == []


async def test_an_output_folder_that_was_probed_is_not_left_behind(dry: Cli) -> None:
    (dry.folder / "list.csv").write_text("name,website\nCompany One,https://one.example\n")

    answer = await dry("run", "--source", "csv_file:list.csv", "--output-dir", "new/out")

    assert answer.code == 5
    assert not (dry.folder / "new").exists()


async def test_config_says_where_each_value_is_from_and_hides_secrets(dry: Cli) -> None:
    (dry.folder / "sluice.toml").write_text('concurrency = 7\nsmtp_password = "hidden"\n')
    dry.env["SLUICE_DATABASE_URL"] = "postgresql://u:hidden@db.example/x"

    answer = await dry("config", "--json", "--data-dir", "here")

    settings = {each["setting"]: each for each in answer.json["settings"]}
    assert (settings["concurrency"]["value"], settings["concurrency"]["from"]) == (
        "7",
        "sluice.toml",
    )
    assert settings["data_dir"]["from"] == "flag"
    assert settings["database_url"]["from"] == "SLUICE_DATABASE_URL"
    assert settings["lease"]["from"] == "default"
    assert settings["smtp_password"]["value"] == "***"
    assert "hidden" not in answer.out + answer.err


async def test_the_graph_is_printed_in_order(dry: Cli) -> None:
    answer = await dry("graph", "--json")

    stages = answer.json["stages"]
    assert [stage["number"] for stage in stages] == sorted(stage["number"] for stage in stages)
    assert [stage["stage"] for stage in stages if stage["off"]] == ["package", "outreach"]


async def test_the_graph_is_drawn_with_arrows(dry: Cli) -> None:
    answer = await dry("graph")

    assert "discovery --> company_research" in answer.out.splitlines()


async def test_a_folder_named_workers_is_not_mistaken_for_ours(dry: Cli) -> None:
    from app.clock import SystemClock
    from app.fleet import Fleet
    from app.settings import Settings

    command = Fleet(Settings(), SystemClock())._command(("export",))

    assert command[1:] == ["-P", "-m", "workers", "export", "--until-idle"]


async def test_criteria_may_be_read_from_a_file(dry: Cli) -> None:
    (dry.folder / "list.csv").write_text("name,website\nCompany One,https://one.example\n")
    (dry.folder / "criteria.json").write_text(json.dumps({"state": "TX"}))

    answer = await dry("run", "--criteria", "@criteria.json", "--source", "csv_file:list.csv")

    assert answer.code == 5
