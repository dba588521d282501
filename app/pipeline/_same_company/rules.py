"""The rules by which two rows are one company or two: id, weight, source. All of them.

A weight is a natural logarithm of odds: how much likelier two rows that meet the rule are to be one
company than two rows that do not (record linkage after Fellegi and Sunter, with weights that allow
for each other). The sum over the rules that are met, with START, is the score; above 0 the rows are
one company, and 1 / (1 + e^-score) is how likely that is.

Sources: "fitted" = logistic regression with an L2 penalty of 0.5 on half of 997 labelled pairs of
Overture places and older records (label: one place or two), rounded to a tenth; rules that the
pairs say nothing about have the weight 0 and stand for the reader. "judged" = set by hand, since
those pairs all lie close together, with few or no cases of the kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

START: Final = -0.4
"""The score of two rows that meet no rule; fitted, so that as many are joined wrongly as missed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`text` says to a person what two rows have in common, or not."""

    id: str
    weight: float
    source: Literal["fitted", "judged", "definition"]
    text: str


_TABLE: Final = (
    Rule("row.same", 12.0, "definition", "the rows say the same"),
    Rule("row.domain", 12.0, "definition", "the same domain: a run has one row for each"),
    # names, without legal form and stop words
    Rule("name.same", 2.2, "fitted", "the same name"),
    Rule("name.close", 1.7, "fitted", "one name adds its kind of business or its place"),
    Rule("name.begins", 2.0, "fitted", "one name is the beginning of the other"),
    Rule("name.generic", 0.0, "judged", "the same name, but one that many firms have"),
    Rule("name.part", -0.8, "fitted", "one name is a part of the other"),
    Rule("name.other_kind", -1.3, "fitted", "the same name with another kind of business"),
    Rule("name.other_number", -1.3, "fitted", "the names have different numbers"),
    Rule("name.overlap", -1.3, "fitted", "the names share a word and differ in others"),
    Rule("name.department", -1.5, "fitted", "one is a department or a machine of the other"),
    Rule("name.other", -1.5, "judged", "the names share no telling word"),
    Rule("name.alone", -1.7, "judged", "nothing but the names can be compared"),
    # phones
    Rule("phone.same", 1.5, "fitted", "the same phone number"),
    Rule("phone.same_central", -0.8, "fitted", "the same number of a call centre"),
    Rule("phone.other", -1.2, "fitted", "other phone numbers"),
    # addresses
    Rule("street.same", 0.1, "fitted", "the same street and number"),
    Rule("street.and_name", 2.5, "fitted", "names that agree, at one address"),
    Rule("street.same_number", 0.0, "fitted", "the same number in a street written otherwise"),
    Rule("street.next_door", 0.0, "fitted", "the same street, a number next to it"),
    Rule("street.no_number", 0.0, "fitted", "the same street, a number missing"),
    Rule("street.other_number", -1.5, "fitted", "the same street, another number"),
    Rule("street.other", -2.0, "fitted", "another street"),
    Rule("distance.near", 0.5, "judged", "less than 150 metres apart"),
    Rule("distance.far", -2.0, "judged", "more than a kilometre apart"),
    Rule("postcode.same", 0.2, "fitted", "the same postcode"),
    Rule("postcode.other", -0.8, "fitted", "other postcodes"),
    Rule("city.same", 0.0, "fitted", "the same city"),
    Rule("city.other", -0.2, "fitted", "other cities, beside closer evidence"),
    Rule("city.elsewhere", -2.0, "judged", "other cities, and nothing closer is known"),
    Rule("state.other", -2.0, "judged", "other states"),
    Rule("country.other", -4.0, "judged", "other countries"),
    # websites; those of marketplaces, directories and mail providers are nobody's
    Rule("web.page", 1.0, "fitted", "the same web page"),
    Rule("web.domain", 1.0, "fitted", "the same domain"),
    Rule("web.named", 1.4, "fitted", "one has no website, its name is the domain of the other"),
    Rule("web.like", 0.8, "fitted", "domains that differ in the ending or a letter"),
    Rule("web.other", -0.4, "fitted", "other domains"),
    Rule("web.alone", -2.0, "judged", "other domains, and neither phone nor address to compare"),
    Rule("web.other_page", -0.5, "fitted", "two pages of one domain"),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in _TABLE})

DISAGREEING: Final = frozenset(
    {
        *("name.overlap", "name.other", "name.other_kind", "name.other_number"),
        *("phone.other", "street.other", "street.other_number", "postcode.other"),
        *("city.other", "city.elsewhere", "state.other", "country.other", "web.other"),
    }
)
"""Met by rows of one company that say different things of what stands before the dot."""
