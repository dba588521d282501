"""The planner: counts what the sources hold, makes a plan, and asks the reviewers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from app import registry
from app.clock import Clock
from app.db.pool import Database
from app.db.queries import query
from app.db.requests import pack_request
from app.errors import SluiceError
from app.pipeline.plan import Deficiency, Known, Plan, Supply, make_plan, mended
from app.records.run import RunRequest
from app.reviewers import Reviewer, Vote
from app.settings import Settings
from app.sources import Counting, Opened

ROUNDS = 3
"""So often the plan is mended; after that it goes on with a warning."""
_COUNTED = 4
"""Sources are counted up to so many times the quantity; more makes no other plan."""
_LEAST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class Round:
    """The votes on one plan, by reviewer."""

    votes: Mapping[str, Vote]

    @property
    def deficiencies(self) -> list[Deficiency]:
        """All that is named, in the order of the reviewers."""
        return [each for vote in self.votes.values() for each in vote.deficiencies]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with every round of votes. `refused`: why it may not go on, or empty."""

    plan: Plan
    rounds: tuple[Round, ...]
    refused: str = ""

    def summary(self) -> dict[str, Any]:
        """As JSON holds it: plan, votes (the last round), rounds, refused."""
        last = self.rounds[-1].votes
        return {
            "plan": asdict(self.plan),
            "votes": [{"reviewer": name, **asdict(vote)} for name, vote in last.items()],
            "rounds": [
                {name: vote.answer for name, vote in each.votes.items()} for each in self.rounds
            ],
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans of one process."""

    database: Database
    clock: Clock
    settings: Settings
    reviewers: Mapping[str, Reviewer]

    @classmethod
    def of(cls, database: Database, clock: Clock, settings: Settings) -> "Planner":
        """With every reviewer there is."""
        return cls(database, clock, settings, registry.load_all("app.reviewers", "REVIEWER"))

    async def plan(
        self, request: RunRequest, opened: Sequence[Opened], batch: int, run_id: UUID | None = None
    ) -> Planned:
        """A plan for the request, reviewed. `batch`: companies of the first batch. `run_id`: the
        run itself, which does not count as an earlier one."""
        known = await self._known(request, run_id)
        supplies = [await self._supply(request, each) for each in opened]
        plan = make_plan(request.target_quantity, supplies, known, batch)
        return self.review(plan, request, known)

    def review(self, plan: Plan, request: RunRequest, known: Known) -> Planned:
        """Ask the reviewers, mend what they name and ask again, ROUNDS times at most."""
        rounds: list[Round] = []
        while True:
            votes = {name: ask(plan, request, known) for name, ask in self.reviewers.items()}
            rounds.append(Round(votes))
            answers = {vote.answer for vote in votes.values()}
            if "FAIL" in answers:
                failed = [vote for vote in votes.values() if vote.answer == "FAIL"]
                why = "; ".join(each.reason for vote in failed for each in vote.deficiencies)
                return Planned(plan, tuple(rounds), why or "a reviewer voted FAIL without a reason")
            if answers == {"PASS"}:
                return Planned(plan, tuple(rounds))
            better = mended(plan, rounds[-1].deficiencies, known)
            if better == plan or len(rounds) > ROUNDS:
                said = [each.reason for each in rounds[-1].deficiencies]
                warnings = tuple(dict.fromkeys((*plan.warnings, *said)))
                return Planned(replace(plan, warnings=warnings), tuple(rounds))
            plan = better

    async def _supply(self, request: RunRequest, opened: Opened) -> Supply:
        supply = Supply(opened.name, own=not opened.licence)
        if not isinstance(opened.source, Counting):
            return supply
        most = max(request.target_quantity * _COUNTED, _LEAST_COUNTED)
        try:
            count, exact = await opened.source.count(request.criteria, most, self.clock.now())
        except SluiceError as error:
            return replace(supply, error=str(error))
        return replace(supply, count=count, exact=exact)

    async def _known(self, request: RunRequest, run_id: UUID | None) -> Known:
        packed = pack_request(request)
        wanted = {name: packed[name] for name in ("criteria", "sources", "target_quantity")}
        row = await self.database.fetchrow(
            query("plan.known"), run_id, json.loads(json.dumps(wanted))
        )
        stored = bool(request.replay_dir)
        return Known(
            row["tried"],
            row["passed"],
            row["company_cost"],
            tuple(row["same"]),
            self.settings.concurrency,
            self.settings.host_spacing,
            self.settings.max_pages,
            stored,
        )
