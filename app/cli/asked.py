"""The options of `sluice run` that say what is asked for."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.records.run import RunRequest
    from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """As typed; each is what the field of its name is in RunRequest."""

    criteria: Annotated[str, typer.Option(help="JSON, or @FILE.")] = "{}"
    quantity: Annotated[int, typer.Option(help="Companies asked for.")] = 50
    contacts_min: Annotated[int, typer.Option(help="Least contacts of a company.")] = 1
    contacts_max: Annotated[int, typer.Option(help="Most contacts of a company.")] = 3
    output_dir: Annotated[Path, typer.Option(help="Where the files go.")] = Path("leads")
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME[:PATH]", help="Where companies come from.")
    ] = None
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="NAME=COLUMN", help="Column of the source, e.g. website=URL."
        ),
    ] = None
    replay: Annotated[
        Path | None, typer.Option(help="Read DIR/<host>/<path> instead of the network.")
    ] = None
    archive: Annotated[Path | None, typer.Option(help="Keep what is fetched, for --replay.")] = None
    notes: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What you know: Markdown and text files.")
    ] = None
    max_age: Annotated[
        str | None,
        typer.Option(help="Use pages again that were read within 12h, 7d...; 0: read anew."),
    ] = None
    icp: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rules of fit and score, in TOML.")
    ] = None
    evidence: Annotated[bool, typer.Option(help="Add a source column for every column.")] = False
    exclude_earlier: Annotated[
        bool, typer.Option(help="Leave out companies that an earlier run delivered.")
    ] = False
    stage_timeout: Annotated[
        float | None,
        typer.Option("--timeout", help="Seconds for one stage; default: setting stage_timeout."),
    ] = None
    allow_country: Annotated[
        list[str] | None,
        typer.Option(metavar="COUNTRY", help="Give out people there; see: sluice help countries."),
    ] = None
    on_shortfall: Annotated[
        str, typer.Option(metavar="ask|deliver|fail", help="When the sources hold too few.")
    ] = "deliver"
    notify_email: Annotated[str, typer.Option(help="Send a notice there when the run ends.")] = ""
    budget: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Most for paid calls; then it pauses.")
    ] = None
    budget_stage: Annotated[
        list[str] | None, typer.Option(metavar="STAGE=AMOUNT", help="Most for one stage.")
    ] = None
    budget_company: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Most for any one company.")
    ] = None
    max_stage_seconds: Annotated[
        list[str] | None,
        typer.Option(metavar="[STAGE=]SECONDS", help="Warn of a stage that takes longer."),
    ] = None

    async def request(self, settings: "Settings") -> "RunRequest":
        """The checked request. Raises InputError."""
        from app.cli.companies import parse_duration
        from app.records.budget import parse_budget
        from app.records.run import RunRequest
        from app.request import check_request, parse_column_map, parse_limits, read_criteria

        timeout = settings.stage_timeout if self.stage_timeout is None else self.stage_timeout
        request = RunRequest(
            criteria=read_criteria(self.criteria),
            sources=tuple(self.source or ()),
            output_dir=str(self.output_dir),
            target_quantity=self.quantity,
            contacts_min=self.contacts_min,
            contacts_max=self.contacts_max,
            column_map=parse_column_map(self.map_ or ()),
            replay_dir=str(self.replay or ""),
            archive_dir=str(self.archive or ""),
            notes_dir=str(self.notes or ""),
            max_age=settings.max_age if self.max_age is None else parse_duration(self.max_age),
            icp_file=str(self.icp or ""),
            with_evidence=self.evidence,
            exclude_earlier=self.exclude_earlier,
            notify_email=self.notify_email,
            on_shortfall=self.on_shortfall,
            allow_countries=tuple(self.allow_country or ()),
            stage_timeout=timeout,
            max_stage_seconds=parse_limits(self.max_stage_seconds or ()),
            budget=parse_budget(self.budget, self.budget_company, self.budget_stage or ()),
        )
        return await check_request(request, settings)
