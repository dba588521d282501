"""`sluice explain`: what a person sees of one company of a run."""

from datetime import datetime

from tests.acceptance.conftest import SAMPLE, Cli


async def _run(cli: Cli, *more: str) -> str:
    answer = await cli(
        *("run", "--source", f"csv_file:{SAMPLE / 'companies.csv'}", "--replay"),
        *(str(SAMPLE / "web"), "--quantity", "3", "--json", *more),
    )
    return str(answer.json["run"])


async def test_every_value_stands_with_where_it_was_seen_and_every_rule_with_its_points(
    cli: Cli,
) -> None:
    run = await _run(cli)

    told = (await cli("explain", run, "https://www.bluestemyard.example/", "--json")).json
    shown = (await cli("explain", run[:8], "bluestemyard.example")).out

    assert told["delivered"]
    assert told["why"] == "delivered: row 1 of the companies file"
    facts = [
        fact
        for subject in (told, *told["people"])
        for value in subject["values"]
        for fact in value["evidence"]
    ]
    kept = ("source_url", "quote", "seen_at", "rule", "confidence", "method")
    assert all(fact[name] not in ("", None) for fact in facts for name in kept)
    assert all(value["evidence"] for value in told["values"])
    assert all(gap["kind"] and gap["detail"] for gap in told["people"][0]["absences"])
    software = next(each for each in told["icp"]["rules"] if each["rule"] == "icp.knows_software")
    assert (software["points"], software["verdict"]) == (5, "met")
    assert max(map(len, shown.splitlines())) <= 100
    assert "\x1b" not in shown
    for word in ("pms_detected: Buildium", "icp.knows_software", "Dana Okonjo-Reyes"):
        assert word in shown


async def test_rows_that_were_merged_stand_with_what_spoke_for_it_and_against(cli: Cli) -> None:
    firm = "https://www.bluestemyard.example,7 Elm St,Austin,TX,US"
    header = "company,website,street,city,state,country,phone"
    for name, row in (
        ("a", f"Bluestem Yard,{firm},512-555-0101"),
        ("b", f"Bluestem,{firm},5125550199"),
    ):
        (cli.folder / f"{name}.csv").write_text(f"{header}\n{row}\n")
    sources = [word for name in "ab" for word in ("--source", f"csv_file:{name}.csv")]
    answer = await cli("run", *sources, "--replay", str(SAMPLE / "web"), "--json")
    run = answer.json["run"]

    told = (await cli("explain", run, "bluestemyard.example", "--json")).json
    shown = (await cli("explain", run, "bluestemyard.example")).out
    status = (await cli("status", run)).out

    [merged] = told["merged"]
    assert merged["source_ref"] == "csv_file:b.csv#row=2"
    assert "row.domain" in [each["rule"] for each in merged["same"]]
    assert {"rule": "phone.other", "why": "other phone numbers"} in merged["other"]
    assert merged["confidence"] > 0.9
    assert "although other phone numbers (phone.other)" in " ".join(shown.split())
    assert "rows of one company differ in phone (1)" in status
    checked = [told["suppression_checked_at"]]
    checked += [each["suppression_checked_at"] for each in told["people"] if each["delivered"]]
    assert len(checked) > 1
    assert all(datetime.fromisoformat(each).tzinfo for each in checked)


async def test_a_company_that_is_left_out_says_why_and_a_typing_error_is_one_line(
    cli: Cli,
) -> None:
    run = await _run(cli, "--quantity", "40", "--criteria", '{"pms": "Buildium"}')

    left = await cli("explain", run, "Barrow & Tine Rentals")
    wrong = await cli("explain", run, "bluestmyard.example", "--json")
    far = await cli("explain", run, "42")

    assert "not delivered: a company without a website" in left.out
    assert (wrong.code, far.code) == (2, 2)
    assert "did you mean 'bluestemyard.example'" in wrong.complaint
    assert "has no company '42'" in far.complaint
