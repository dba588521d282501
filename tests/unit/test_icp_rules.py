"""app/pipeline/icp_rules.py: the file of rules, Sluice's own and a person's."""

from dataclasses import replace

import pytest

from app.errors import InputError
from app.pipeline.icp import Known, judge, mismatch
from app.pipeline.icp_rules import DEFAULT, parse_rules
from app.records.company import Company
from app.records.criteria import Criteria

COMPANY = Company(
    "Maple Gate",
    domain="maplegate.example",
    state="TX",
    pms_detected="AppFolio",
    units_estimate=400,
)
OWN = """
tier_a = 0.9
tier_b = 0.1

[[rule]]
id = "my.state"
asks = "It is in Texas or Oklahoma."
weight = 10
condition = "one_of"
needs = ["state"]
values = ["tx", "OK"]
rejects = "wrong_region"

[[rule]]
id = "my.size"
weight = 30
condition = "at_least"
needs = ["units_estimate"]
number = 500

[[rule]]
id = "my.words"
weight = 20
condition = "says"
needs = ["pages"]
values = ["owner portal", "24/7"]

[[rule]]
id = "my.franchise"
weight = 0
condition = "silent_on"
needs = ["pages"]
values = ["franchise"]
rejects = "franchise"
unless_asked = ["keywords"]
"""


def test_the_rules_that_come_with_sluice_say_what_they_ask_and_what_they_need() -> None:
    rules = parse_rules()

    assert all(rule.asks and rule.asked.needs for rule in rules.rules)
    assert parse_rules(DEFAULT.read_text()).digest == rules.digest
    assert parse_rules(DEFAULT.read_text() + "\n# mine\n").digest != rules.digest


def test_a_persons_own_rules_score_and_reject_as_they_say() -> None:
    rules = parse_rules(OWN)
    pages = Known(text="Owner portals, open 24/7.", confidence={"state": 0.8, "units_estimate": 1})

    icp = judge(COMPANY, Criteria(), pages, rules)

    assert {each.rule: (each.verdict, each.points) for each in icp.applied} == {
        "my.state": ("met", 10),
        "my.size": ("failed", 0),
        "my.words": ("met", 20),
        "my.franchise": ("met", 0),
    }
    assert (icp.fit, icp.tier) == (True, "B")
    franchise = replace(pages, text="A franchise of Big House")
    for company, known, cause in (
        (replace(COMPANY, state="CA"), pages, "wrong_region"),
        (COMPANY, franchise, "franchise"),
    ):
        skip = mismatch(company, Criteria(), known, rules)
        assert skip
        assert skip.cause == cause
        assert judge(company, Criteria(), known, rules).disqualifiers == (cause,)
    assert mismatch(COMPANY, Criteria(keywords=("franchise",)), franchise, rules) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"one_of"', '"one_off"', "line 9, rule my.state: unknown condition 'one_off': did"),
        ('["state"]', '["stat"]', "line 10, rule my.state: unknown value 'stat': did"),
        ("weight = 30", "wieght = 30", "line 16, rule my.size: unknown key 'wieght': did you mean"),
        ("weight = 30", "weight = -1", "line 16, rule my.size: weight -1 is no whole number"),
        ("number = 500", "", "line 14, rule my.size: condition at_least needs a whole number"),
        ("number = 500", 'values = ["a"]', "rule my.size: condition at_least takes no values"),
        ('id = "my.size"', 'id = "my.state"', "line 15, rule my.state: is there twice"),
        ('id = "my.size"', "", "line 14, rule 2: needs an id"),
        ('["keywords"]', '["keyword"]', "unknown criterion 'keyword': did you mean 'keywords'"),
        ('"wrong_region"', '"Wrong Region"', "line 12, rule my.state: rejects 'Wrong Region'"),
        ("tier_b = 0.1", "tier_b = 7", "line 3: tier_b 7 is no share from 0 to 1"),
        ("tier_a = 0.9", "tier_a = 0", "tier_a 0 is below tier_b 0.1"),
        ("[[rule]]", "[[rules]]", "did you mean 'rule'"),
        ('needs = ["units_estimate"]', "needs = []", "what it rests on, of: units_estimate"),
        ('values = ["tx", "OK"]', 'values = ["?"]', "with a letter or a digit"),
        ("[[rule]]", "[[rule", "is no TOML"),
        (OWN, "tier_a = 1", "has no [[rule]]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_its_rule(old: str, new: str, told: str) -> None:
    assert old in OWN

    with pytest.raises(InputError) as caught:
        parse_rules(OWN.replace(old, new), "mine.toml")

    assert told in str(caught.value)
    assert str(caught.value).startswith("mine.toml")
    assert "\n" not in str(caught.value)
