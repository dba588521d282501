"""`sluice run --icp FILE`: a person's own rules."""

from tests.acceptance.conftest import SAMPLE, Cli

RULES = """
[[rule]]
id = "my.software"
weight = 10
condition = "one_of"
needs = ["pms_detected"]
values = ["Buildium"]
rejects = "not_ours"
"""


def _run(file: str, *more: str) -> tuple[str, ...]:
    source = f"csv_file:{SAMPLE / 'companies.csv'}"
    return ("run", "--source", source, "--replay", str(SAMPLE / "web"), "--icp", file,
            "--quantity", "40", "--json", *more)  # fmt: skip


async def test_a_run_goes_by_its_own_copy_of_the_file_from_first_to_last(cli: Cli) -> None:
    """The file may be changed or gone by the time that a worker, here or elsewhere, needs it."""
    file = cli.folder / "mine.toml"
    file.write_text(RULES)
    detached = (await cli(*_run("mine.toml", "--detach"))).json["run"]
    file.unlink()

    told = (await cli("resume", detached, "--json")).json
    explained = (await cli("explain", detached, "bluestemyard.example", "--json")).json

    assert told["icp"]["file"] == str(file)
    assert len(told["icp"]["digest"]) == 8
    assert "not_ours" in {each["cause"] for each in told["missing"]}
    assert [rule["rule"] for rule in explained["icp"]["rules"]] == ["my.software"]


async def test_a_file_that_is_wrong_is_told_by_line_and_rule_before_anything_is_created(
    dry: Cli,
) -> None:
    (dry.folder / "mine.toml").write_text(RULES.replace("one_of", "oneof"))

    wrong = await dry(*_run("mine.toml"))
    missing = await dry(*_run("none.toml"))

    assert (wrong.code, missing.code) == (2, 2)
    assert "mine.toml, line 5, rule my.software: unknown condition 'oneof'" in wrong.complaint
    assert "none.toml: No such file" in missing.complaint
    assert [each.name for each in dry.folder.iterdir()] == ["mine.toml"]
