"""The states, drawn once. SQL holds the same words in CHECK constraints.

stage   pending --> running --> complete --> needs_rerun --> running
           |           `------> failed ----> needs_rerun
           `-----> skipped

run     active <--> paused | needs_decision
        active --> completed | failed | cancelled

item    ready <--> leased --> done | skipped | review | failed | quarantined
        failed | quarantined --> ready   (sluice retry)
"""

from app.errors import InputError

STAGE_MOVES: dict[str, frozenset[str]] = {
    "pending": frozenset({"running", "skipped"}),
    "running": frozenset({"complete", "failed"}),
    "complete": frozenset({"needs_rerun"}),
    "failed": frozenset({"needs_rerun"}),
    "needs_rerun": frozenset({"running"}),
    "skipped": frozenset(),
}
RUN_MOVES: dict[str, frozenset[str]] = {
    "active": frozenset({"paused", "needs_decision", "completed", "failed", "cancelled"}),
    "paused": frozenset({"active", "cancelled"}),
    "needs_decision": frozenset({"active", "cancelled"}),
    "completed": frozenset({"active"}),
    "failed": frozenset({"active"}),
    "cancelled": frozenset(),
}
FINISHED_RUN = frozenset({"completed", "failed", "cancelled"})
SETTLED_STAGE = frozenset({"complete", "skipped"})
ITEM_STATES = ("ready", "leased", "done", "skipped", "review", "failed", "quarantined")


def check_move(kind: str, moves: dict[str, frozenset[str]], old: str, new: str) -> None:
    """Raise InputError, naming the legal moves, when `old` may not become `new`."""
    if new not in moves[old]:
        legal = ", ".join(sorted(moves[old])) or "none"
        raise InputError(f"{kind} is {old} and cannot become {new}; it can become: {legal}")


def before(moves: dict[str, frozenset[str]], new: str) -> list[str]:
    """The states that may become `new`."""
    return sorted(old for old, legal in moves.items() if new in legal)
