"""Reports and lists of companies at the command line."""

import pytest

from tests.acceptance.conftest import SAMPLE, Cli

RUN = ["run", "--source", f"csv_file:{SAMPLE / 'companies.csv'}", "--replay", str(SAMPLE / "web"),
       "--quantity", "3"]  # fmt: skip


async def test_a_run_warns_of_slow_stages_and_its_report_is_written(cli: Cli) -> None:
    ran = await cli(*RUN, "--max-stage-seconds", "3600", "--max-stage-seconds", "4=0.001", "--json")
    run_id = ran.json["run"]
    markdown = await cli("report", run_id)
    page = await cli("report", run_id, "--format", "html", "--output", "report.html", "--json")
    calm = await cli("report", run_id, "--max-stage-seconds", "3600", "--json")
    listed = await cli("companies", run_id, "--stage", "readiness", "--json")
    stuck = await cli("companies", run_id, "--stuck", "24h")

    [research] = [time for time in ran.json["timing"] if time["stage"] == "company_research"]
    assert research["total"] == research["success"] + research["skipped"] + research["failed"] > 0
    [warning] = ran.json["slow_stages"]
    assert warning.startswith("stage company_research took")
    assert markdown.out.startswith(f"# Run {run_id[:8]} is completed: 3 asked, 3 delivered")
    assert warning in markdown.out
    assert page.json["path"] == str(cli.folder / "report.html")
    assert "<h2>Stage graph</h2>" in (cli.folder / "report.html").read_text()
    assert calm.json["slow_stages"] == []
    assert listed.json["total"] == len(listed.json["companies"]) >= 3
    assert {each["status"] for each in listed.json["companies"]} == {"ready"}
    assert stuck.out.strip() == f"run {run_id[:8]} has no such company"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("report 1 --format pdf", "unknown report 'pdf'"),
        ("report 1 --max-stage-seconds soon", "'soon' is no [STAGE=]SECONDS"),
        ("companies 1 --stage contact_reserch", "did you mean 'contact_research'?"),
        ("companies 1 --stuck soon", "'soon' is no duration: give a number with s, m, h or d"),
    ],
)
async def test_wrong_words_are_one_line_and_2(dry: Cli, words: str, complaint: str) -> None:
    answer = await dry(*words.split())

    assert answer.code == 2
    assert complaint in answer.complaint
