"""Phase control from outside: stopped, looked at, resumed."""

import pytest

from tests.acceptance.conftest import SAMPLE, Cli

RUN = (
    *("run", "--source", f"csv_file:{SAMPLE / 'companies.csv'}"),
    *("--replay", str(SAMPLE / "web"), "--output-dir", "out", "--quantity", "5"),
)


async def test_a_run_stops_where_it_was_told_to_with_0_and_resume_goes_on(cli: Cli) -> None:
    stopped = await cli(*RUN, "--stop-after", "discovery", "--json")
    short = stopped.json["run"][:8]
    again = await cli("resume", short, "--stop-after", "3", "--json")
    resumed = await cli("resume", short, "--json")

    assert (stopped.code, stopped.json["status"], stopped.json["delivered"]) == (0, "paused", 0)
    assert again.code == 2
    assert again.complaint.startswith("sluice: discovery is complete already")
    assert (resumed.code, resumed.json["status"], resumed.json["delivered"]) == (0, "completed", 5)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--only", "export"], "to be complete first"),
        (["--skip", "company_research"], "would go without company_research"),
        (["--stop-after", "discovry"], "did you mean 'discovery'?"),
        (["--force"], "--force goes with --skip"),
    ],
)
async def test_phases_that_cannot_be_are_one_line_and_2(
    dry: Cli, flags: list[str], reason: str
) -> None:
    answer = await dry(*RUN, *flags)

    assert (answer.code, reason in answer.complaint) == (2, True)
