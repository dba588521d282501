"""A run: one request for a lead list."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.records.budget import Budget
from app.records.criteria import Criteria


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asked for. Paths are absolute; `sources` are NAME or NAME:PATH.

    `on_shortfall`: what happens when the sources hold too few: deliver, ask or fail.
    `allow_countries`: whose people are given out although the country gate would withhold them.
    `icp_text`: the content of `icp_file`, both empty for Sluice's own rules.
    `max_age`: seconds for which pages that any run read are used again; 0 reads every site anew.
    `rules_version`, `source_versions` (by source): what the run was made with.
    `max_stage_seconds`: by stage, "" for every other; a slower stage is warned of.
    """

    criteria: Criteria
    sources: tuple[str, ...]
    output_dir: str
    target_quantity: int = 50
    contacts_min: int = 1
    contacts_max: int = 3
    column_map: dict[str, str] = field(default_factory=dict)
    replay_dir: str = ""
    archive_dir: str = ""
    notes_dir: str = ""
    icp_file: str = ""
    icp_text: str = ""
    max_age: float = 86_400.0
    rules_version: str = ""
    source_versions: dict[str, str] = field(default_factory=dict)
    with_evidence: bool = False
    exclude_earlier: bool = False
    notify_email: str = ""
    stage_timeout: float = 3600.0
    max_stage_seconds: dict[str, float] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    on_shortfall: str = "deliver"
    allow_countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run as stored. `status` and `stage` use the words of app.pipeline.states. `route`: the
    stages that it goes through; `held`: those of them that wait until it is resumed."""

    id: UUID
    request: RunRequest
    status: str
    stage: str
    created_at: datetime
    route: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()

    @property
    def short_id(self) -> str:
        """The first eight characters: what people type and files are named by."""
        return str(self.id)[:8]
