"""From what a person typed to a request, checked in full before anything is created."""

import asyncio
import math
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app import fingerprints, registry
from app.errors import InputError, UnknownName
from app.mail import check_address
from app.pipeline.graph import Graph
from app.pipeline.icp_rules import parse_rules
from app.records.budget import Budget
from app.records.criteria import Criteria, build_criteria, country_code, folded, parse_criteria
from app.records.run import RunRequest
from app.settings import Settings
from app.sources._network import Network
from app.sources._paths import without_options
from app.versions import rules_version, source_version

QUANTITY_MAX = 1_000_000
CONTACTS_MAX = 1_000
ON_SHORTFALL = ("ask", "deliver", "fail")


def read_criteria(given: str | Mapping[str, object] | Criteria) -> Criteria:
    """Criteria from JSON text, "@FILE", plain values, or as they are. Raises InputError."""
    if isinstance(given, str):
        given = parse_criteria(_read(given[1:]) if given.startswith("@") else given)
    elif not isinstance(given, Criteria):
        given = build_criteria(given)
    return given.model_copy(update={"pms": _vendor(given.pms)}) if given.pms else given


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"criteria file {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError(f"criteria file {path} is no UTF-8 text; save it as UTF-8") from None


def _vendor(name: str) -> str:
    """The vendor that is meant, as it writes itself; its products' names are understood too.

    A vendor without a fingerprint is refused: no company could ever match.
    """
    vendors = [each for each in fingerprints.load().vendors if each.kind in fingerprints.PMS_KINDS]
    known = {_bare(alias): each.vendor for each in vendors for alias, _ in each.folded_names}
    known |= {_bare(each.vendor): each.vendor for each in vendors}
    if _bare(name) not in known:
        raise UnknownName("pms", name, {each.vendor for each in vendors})
    return known[_bare(name)]


def _bare(name: str) -> str:
    return folded(name).replace(" ", "")


def parse_limits(given: Iterable[str]) -> dict[str, float]:
    """Most seconds by stage, "" for every other, from SECONDS or STAGE=SECONDS. Raises InputError
    and UnknownName."""
    limits = {}
    for each in given:
        stage, _, seconds = each.rpartition("=")
        try:
            limits[stage and _stage_name(stage)] = _seconds(seconds)
        except ValueError:
            raise InputError(f"{each!r} is no [STAGE=]SECONDS with a number above 0") from None
    return limits


def _seconds(given: str) -> float:
    seconds = float(given)
    if not (seconds > 0 and math.isfinite(seconds)):
        raise ValueError(given)
    return seconds


def _stage_name(given: str) -> str:
    return Graph.of(registry.load_all("workers", "STAGE").values())[given].name


def parse_column_map(given: Sequence[str]) -> dict[str, str]:
    """{"website": "URL"} from ["website=URL"]. Raises InputError."""
    columns: dict[str, str] = {}
    for pair in given:
        name, equals, column = pair.partition("=")
        name, column = name.strip(), column.strip()
        if not (name and equals and column):
            raise InputError(f"--map {pair!r} is not NAME=COLUMN, for example website=URL")
        if name in columns:
            raise InputError(f"--map {name} is given twice; keep one")
        columns[name] = column
    return columns


async def check_request(request: RunRequest, settings: Settings) -> RunRequest:
    """The request with absolute paths, after every check that needs no database.

    Creates nothing. Raises InputError with one line that says what is wrong and what to do.
    """
    _check_numbers(request)
    if request.on_shortfall not in ON_SHORTFALL:
        raise UnknownName("--on-shortfall", request.on_shortfall, ON_SHORTFALL)
    sources = await _check_sources(request, settings)
    output = check_writable(request.output_dir, "output folder")
    replay = _existing(request.replay_dir, "replay folder") if request.replay_dir else ""
    notes = _existing(request.notes_dir, "notes folder") if request.notes_dir else ""
    archive = check_writable(request.archive_dir, "archive folder") if request.archive_dir else ""
    icp_file, icp_text = read_icp(request.icp_file) if request.icp_file else ("", "")
    files = {source: source.partition(":")[2] for source in sources}
    versions = await asyncio.to_thread(
        lambda: {source: version for source, path in files.items()
                 if path and (version := source_version(path)
                              or source_version(without_options(path)))}
    )  # fmt: skip
    address = check_address(request.notify_email) if request.notify_email else ""
    return replace(
        request,
        sources=sources,
        output_dir=output,
        replay_dir=replay,
        notes_dir=notes,
        archive_dir=archive,
        icp_file=icp_file,
        icp_text=icp_text,
        rules_version=rules_version(),
        source_versions=versions,
        notify_email=address,
        allow_countries=tuple(map(_country, request.allow_countries)),
        budget=_named(request.budget),
    )


def _named(budget: Budget) -> Budget:
    """The budget with its stages by name, however they were given. Raises UnknownName."""
    stages = {_stage_name(key): most for key, most in budget.stages.items()}
    return replace(budget, stages=stages)


def _country(given: str) -> str:
    if code := country_code(given):
        return code
    raise InputError(f"--allow-country {given!r} is no country; write it as DE or Germany")


def _check_numbers(request: RunRequest) -> None:
    if not 1 <= request.target_quantity <= QUANTITY_MAX:
        raise InputError(
            f"quantity {request.target_quantity} is not between 1 and {QUANTITY_MAX:,}"
        )
    least, most = request.contacts_min, request.contacts_max
    if not (0 <= least <= CONTACTS_MAX and 0 <= most <= CONTACTS_MAX):
        raise InputError(f"contacts {least} to {most}: both must be between 0 and {CONTACTS_MAX:,}")
    if least > most:
        raise InputError(
            f"contacts-min {least} is above contacts-max {most}: lower the one or raise the other"
        )
    if not (request.max_age >= 0 and math.isfinite(request.max_age)):
        raise InputError(f"max-age {request.max_age:g} is no number of seconds, 0 or more")
    if not (request.stage_timeout > 0 and math.isfinite(request.stage_timeout)):
        raise InputError(f"timeout {request.stage_timeout:g} is no number of seconds above 0")


async def _check_sources(request: RunRequest, settings: Settings) -> tuple[str, ...]:
    if not request.sources:
        known = ", ".join(registry.names("app.sources"))
        raise InputError(f"no source: give --source NAME[:PATH], for example csv_file:list.csv"
                         f" (known: {known})")  # fmt: skip
    network = Network(settings.user_agent, settings.allow_addresses)
    checked = []
    for given in request.sources:
        name, _, path = given.partition(":")
        kind = registry.load("app.sources", name, "SOURCE")
        if kind.needs_path and not path:
            raise InputError(f"source {name} needs a path: --source {name}:PATH")
        path = kind.absolute(path) if path else ""
        await kind.open(path, request.column_map, network).check(request.criteria)
        checked.append(f"{name}:{path}" if path else name)
    return tuple(checked)


def read_icp(given: str) -> tuple[str, str]:
    """The absolute path and the checked text of an ICP file."""
    path = Path(given).expanduser().absolute()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"ICP file {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError(f"ICP file {path} is no UTF-8 text; save it as UTF-8") from None
    if not text.strip():
        raise InputError(f"ICP file {path} is empty")
    parse_rules(text, path.name)
    return str(path), text


def read_again(request: RunRequest) -> RunRequest:
    """The request with what its ICP file says now; as it is where the file is gone. Raises
    InputError for a file that is wrong now."""
    if not request.icp_file or not Path(request.icp_file).exists():
        return request
    return replace(request, icp_text=read_icp(request.icp_file)[1])


def _existing(given: str, what: str) -> str:
    folder = Path(given).expanduser().absolute()
    if not folder.is_dir():
        raise InputError(f"{what} {folder} does not exist")
    return str(folder)


def check_writable(given: str, what: str) -> str:
    """The absolute path of a folder that can be created and written; it is left as it was."""
    folder = Path(given).expanduser().absolute()
    created = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, probe = tempfile.mkstemp(prefix=".sluice-", dir=folder)
        os.close(descriptor)
        Path(probe).unlink()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{what} {folder} cannot be written: {why}") from None
    finally:
        for each in created:
            with suppress(OSError):
                each.rmdir()
    return str(folder)
