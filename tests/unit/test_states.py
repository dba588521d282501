"""States: the words in code are the words in SQL, and illegal moves name the legal ones."""

import re

import pytest

from app.db.migrate import own_component
from app.errors import InputError
from app.pipeline.states import ITEM_STATES, RUN_MOVES, STAGE_MOVES, check_move

MIGRATIONS = "\n".join(migration.text for migration in own_component().migrations)


def _checked(table: str, column: str) -> set[str]:
    body = MIGRATIONS.split(f"CREATE TABLE {table} ")[1].split(");")[0]
    words = re.search(rf"CHECK \({column} IN \(([^)]*)\)", body)
    assert words is not None
    return set(re.findall(r"'(\w+)'", words[1]))


@pytest.mark.parametrize(
    ("table", "moves"), [("runs", RUN_MOVES), ("stages", STAGE_MOVES)], ids=["runs", "stages"]
)
def test_code_and_constraints_know_the_same_states(
    table: str, moves: dict[str, frozenset[str]]
) -> None:
    assert _checked(table, "status") == set(moves)
    assert set().union(*moves.values()) <= set(moves)


def test_code_and_constraints_know_the_same_states_of_items() -> None:
    assert _checked("items", "state") == set(ITEM_STATES)


def test_an_illegal_move_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(InputError, match="cannot become complete; it can become: running, skipped"):
        check_move("stage", STAGE_MOVES, "pending", "complete")
