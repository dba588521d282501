"""A run that is out of budget, at the command line."""

from decimal import Decimal

import pytest

from app.errors import BudgetExceeded
from app.pipeline.stage import Work
from app.records.budget import parse_budget
from app.settings import Settings
from app.wiring import open_engine
from tests.acceptance.conftest import SAMPLE, Cli
from tests.factories import a_request

SOURCE = ["--source", f"csv_file:{SAMPLE / 'companies.csv'}", "--replay", str(SAMPLE / "web")]


async def test_a_paused_run_is_4_and_goes_on_when_it_is_approved(
    cli: Cli, settings: Settings
) -> None:
    request = a_request(
        sources=(SOURCE[1],),
        replay_dir=SOURCE[3],
        output_dir=str(cli.folder / "leads"),
        target_quantity=2,
        budget=parse_budget("1.00", None, ()),
    )
    async with open_engine(settings) as engine:
        run = await engine.orchestrator.create(request)
        work = Work(1, "company_research", 1, run)
        with pytest.raises(BudgetExceeded):
            async with engine.budget.call(work, "verifier", Decimal("1.50")):
                pass
        async with engine.budget.call(work, "verifier", Decimal("0.25")):
            pass

    run_id = str(run.id)
    paused = await cli("watch", run_id, "--json")
    text = await cli("watch", run_id)
    shown = await cli("budget", run_id, "--json")
    wrong = await cli("budget", run_id, "raise", "0.5")
    approved = await cli("budget", run_id, "approve", "--json")
    ended = await cli("resume", run_id, "--json")
    costs = await cli("costs", run_id, "--json")

    assert (paused.code, paused.json["status"], text.code) == (4, "paused", 4)
    assert f"sluice budget {run_id[:8]} approve" in text.out
    assert shown.json["limits"] == [{"of": "run", "limit": "1.00", "spent": "0.25", "left": "0.75"}]
    assert shown.json["waiting"] == [
        {"stage": "company_research", "provider": "verifier", "reserved": "1.50"}
    ]
    assert (wrong.code, wrong.complaint) == (
        2,
        "sluice: the limit is 1.00 already: raise it to more than that",
    )
    assert (approved.code, approved.json["status"]) == (0, "active")
    assert (ended.code, ended.json["status"]) == (0, "completed")
    assert costs.json["total"] == "0.25"
    assert [each["name"] for each in costs.json["provider"]] == ["verifier"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--budget", "lots"], "budget 'lots' is no amount: give a number such as 5.00"),
        (["--budget-stage", "company_reserch=2"], "did you mean 'company_research'?"),
        (["--budget-stage", "4"], "'4' is not STAGE=AMOUNT"),
    ],
)
async def test_a_wrong_budget_is_one_line_and_2(
    dry: Cli, options: list[str], complaint: str
) -> None:
    answer = await dry("run", *SOURCE, *options)

    assert answer.code == 2
    assert complaint in answer.complaint
