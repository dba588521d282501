"""Postgres in a box: one server per data folder, shared by every process that holds it.

    with hold(data_dir) as database:
        ...database.dsn...

The first holder starts the server, later ones join it, the end of the last one stops it, however it
ends (`app.db.keeper` says how). It listens on 127.0.0.1 alone, with a random password.

Postgres refuses to run as root: root's server runs as the account that owns the data, at first
`nobody`. If that account cannot reach the folder or the binaries (a home of mode 0700), the server
keeps one capability, to read and pass folders; no mode is changed. Only Linux has capabilities and
a signal on the death of a parent: elsewhere a killed keeper leaves its server to the next holder.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import pwd
import re
import secrets
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import asyncpg

from app.db import keeper
from app.db.binaries import find
from app.errors import DatabaseUnavailable

_SUPERUSER = "sluice"
_ACCOUNT = "nobody"
_LOG_SIZE_MAX = 10 * 1024 * 1024  # bytes; a longer log is set aside at the next start
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2  # linux/capability.h
_STARTS_MAX = 3  # by one call, when keepers are killed
_CREATED_BY_ANOTHER = (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError)
_NO_ANSWER = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_NOT_AS_ROOT = "Postgres does not run as root"
_ORDINARY_USER = "run Sluice as an ordinary user, or set SLUICE_DATABASE_URL"
_SETTINGS = {
    "listen_addresses": keeper.HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_checkpoints": "off",
}
_SETTINGS_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Hold(contextlib.AbstractContextManager["Hold"]):
    """A share in the running server; it stays up until every hold is released or its process ends.

    A child process does not inherit the hold: it takes its own.
    """

    def __init__(self, dsn: str, lock: int) -> None:
        self.dsn = dsn
        self._lock = lock
        os.register_at_fork(after_in_child=self.release)

    def release(self) -> None:
        """Give the share back; a second time does nothing."""
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(
    data_dir: Path, name: str = "sluice", *, durable: bool = True, within: float = 60.0
) -> Hold:
    """Start or join the server of `data_dir`, and make sure that the database `name` exists.

    `durable=False` turns fsync off if this call is the one that starts the server: for tests.
    `within` is in seconds. Raises DatabaseUnavailable with one line that says what to do.
    A hold whose server was lost (its keeper killed) is renewed by calling this again; the server
    comes back on its old port if that is free.
    """
    folder = data_dir.absolute() / "postgres"
    deadline = time.monotonic() + within
    try:
        _make_folder(folder)
        lock = keeper.open_lock(folder / keeper.HOLDERS_LOCK)
        try:
            _share(lock, folder, deadline)
            return Hold(_connect(folder, name, durable, deadline), lock)
        except BaseException:
            os.close(lock)
            raise
    except OSError as error:
        raise DatabaseUnavailable(
            f"cannot keep a database in {folder}: {error.strerror or error};"
            " set SLUICE_DATA_DIR to another folder, or SLUICE_DATABASE_URL to a server"
        ) from error


def has_data(data_dir: Path) -> bool:
    """Whether a database has been made there, and its folder was not removed since."""
    return all((data_dir / "postgres" / name).exists() for name in (keeper.DATA, keeper.PASSWORD))


async def hold_async(
    data_dir: Path, name: str = "sluice", *, durable: bool = True, within: float = 60.0
) -> Hold:
    """The same as `hold`, in a thread. Cancelled meanwhile, it releases what it then gets."""
    thread = asyncio.ensure_future(
        asyncio.to_thread(hold, data_dir, name, durable=durable, within=within)
    )
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        thread.add_done_callback(_release_result)
        raise


def _release_result(finished: asyncio.Future[Hold]) -> None:
    if not finished.cancelled() and finished.exception() is None:
        finished.result().release()


def _make_folder(folder: Path) -> None:
    """Create the folder, private; for root passable, since the server is another account."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _share(lock: int, folder: Path, deadline: float) -> None:
    """Take a share in the holders' lock; only a keeper that is stopping its server delays it."""
    while not keeper.try_lock(lock, fcntl.LOCK_SH):
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"the server in {folder} does not stop; end it by hand")
        time.sleep(0.005)


def _connect(folder: Path, name: str, durable: bool, deadline: float) -> str:
    """Start a keeper where there is none, and wait until its server answers; return the DSN."""
    starts = 0
    problem = "no answer"
    while time.monotonic() < deadline:
        lock = keeper.open_lock(folder / keeper.KEEPER_LOCK)
        try:
            if keeper.try_lock(lock, fcntl.LOCK_EX):
                if starts:
                    _raise_failure(folder, last=starts == _STARTS_MAX)
                _start_keeper(folder, durable, lock)
                starts += 1
        finally:
            os.close(lock)
        port = _read(folder / keeper.ADDRESS)
        if port:
            secret = _read(folder / keeper.PASSWORD)
            dsn = f"postgresql://{_SUPERUSER}:{secret}@{keeper.HOST}:{port}"
            problem = _ensure_database(dsn, name)
            if not problem:
                return f"{dsn}/{quote(name, safe='')}?sslmode=disable"
        time.sleep(0.005)
    raise DatabaseUnavailable(
        f"the built-in Postgres does not answer ({problem}); see {folder / keeper.LOG}"
    )


def _read(path: Path) -> str:
    """The text of a small file, empty if there is none."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _ensure_database(dsn: str, name: str) -> str:
    """Create the database if it is missing; return what is wrong, empty if nothing is."""
    with ThreadPoolExecutor(max_workers=1) as pool:  # the caller's may have an event loop running
        return pool.submit(asyncio.run, _ensure_database_async(dsn, name)).result()


async def _ensure_database_async(dsn: str, name: str) -> str:
    options = {"ssl": False, "timeout": 5.0}
    try:
        try:
            connection = await asyncpg.connect(f"{dsn}/{quote(name, safe='')}", **options)
            await connection.close(timeout=5.0)
        except asyncpg.InvalidCatalogNameError:
            connection = await asyncpg.connect(f"{dsn}/postgres", **options)
            identifier = name.replace('"', '""')
            try:
                with contextlib.suppress(*_CREATED_BY_ANOTHER):
                    await connection.execute(f'CREATE DATABASE "{identifier}"')
            finally:
                await connection.close(timeout=5.0)
    except _NO_ANSWER as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def _start_keeper(folder: Path, durable: bool, lock: int) -> None:
    """Start the keeper, which inherits its lock from us, so that there is never a second one."""
    plan = _make_plan(folder, durable, lock)
    (folder / keeper.FAILURE).unlink(missing_ok=True)
    (folder / keeper.ADDRESS).unlink(missing_ok=True)
    with _open_log(folder / keeper.LOG) as log:
        launch = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", keeper.__file__, json.dumps(plan)],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            start_new_session=True,
            check=False,
        )  # it returns at once: the keeper leaves this first process
    if launch.returncode:
        raise DatabaseUnavailable(f"the keeper of the database failed; see {folder / keeper.LOG}")


def _environment() -> dict[str, str]:
    """No PG* variable may steer the server; a fixed zone spares initdb a search."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _make_plan(folder: Path, durable: bool, lock: int) -> keeper.Plan:
    """Decide which binaries run, as whom and how; create the password at the first start."""
    binaries = find(folder / keeper.DATA)
    _make_password(folder)
    settings = _SETTINGS if durable else _SETTINGS | _SETTINGS_NOT_DURABLE
    return keeper.Plan(
        initdb=[str(binaries.folder / "initdb"), *_initdb_options(binaries.major, durable)],
        postgres=[
            str(binaries.folder / "postgres"),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        port=int(_read(folder / keeper.ADDRESS) or 0),
        account=_choose_account(folder, binaries.folder),
        lock=lock,
    )


def _initdb_options(major: int, durable: bool) -> list[str]:
    options = [f"--username={_SUPERUSER}", "--auth=scram-sha-256", "--encoding=UTF8"]
    if major >= 17:
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        options += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
    if major >= 16:
        # Slow hashing protects weak passwords; 256 random bits need none, and pools open faster.
        options += ["--set=scram_iterations=1"]
    return options if durable else [*options, "--no-sync"]


def _make_password(folder: Path) -> None:
    path = folder / keeper.PASSWORD
    if _read(path):
        return
    if (folder / keeper.DATA).exists():
        raise DatabaseUnavailable(
            f"the password of the database in {folder} is gone: restore the file {path},"
            " or move the folder away to start with an empty database"
        )
    keeper.write_whole(path, secrets.token_urlsafe(32))


def _open_log(path: Path) -> BinaryIO:
    """The log, to be appended to; a long one is set aside."""
    if path.exists() and path.stat().st_size > _LOG_SIZE_MAX:
        path.replace(path.with_name(f"{path.name}.1"))
    if not path.exists():
        keeper.write_whole(path, "")
    return path.open("ab")


def _raise_failure(folder: Path, last: bool) -> None:
    """Raise what the last keeper wrote when it gave up; one that was killed wrote nothing."""
    failure = _read(folder / keeper.FAILURE) or ("its keeper was killed" if last else "")
    if failure:
        raise DatabaseUnavailable(
            f"the built-in Postgres did not start: {failure}; see {folder / keeper.LOG}"
        )


def _choose_account(folder: Path, binaries: Path) -> keeper.Account | None:
    """None for an ordinary user; for root the account of the data, at first `nobody`."""
    if os.geteuid() != 0:
        return None
    data = folder / keeper.DATA
    owner = data.stat() if data.exists() else None
    account = keeper.Account(owner.st_uid, owner.st_gid) if owner and owner.st_uid else _nobody()
    barred = [path for path in (folder, binaries) if not _can_pass(account, path)]
    if not barred:
        return account
    others_execute = (binaries / "postgres").stat().st_mode & stat.S_IXOTH
    enough = [_CAP_DAC_READ_SEARCH] if others_execute else []
    for capability in (*enough, _CAP_DAC_OVERRIDE):
        if _permitted_capabilities() >> capability & 1:
            return account._replace(capability=capability)
    raise DatabaseUnavailable(
        f"{_NOT_AS_ROOT}, and the account {account.uid} cannot reach {barred[0]}:"
        " set SLUICE_DATA_DIR to a folder that everybody may pass, or set SLUICE_DATABASE_URL"
    )


def _nobody() -> keeper.Account:
    try:
        entry = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        problem = f"{_NOT_AS_ROOT}, and there is no account {_ACCOUNT!r}: {_ORDINARY_USER}"
        raise DatabaseUnavailable(problem) from None
    return keeper.Account(entry.pw_uid, entry.pw_gid)


def _can_pass(account: keeper.Account, folder: Path) -> bool:
    """Ask the kernel, as that account: mode bits alone would miss access lists."""
    try:
        answer = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'cd "$0"', folder],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise DatabaseUnavailable(
            f"{_NOT_AS_ROOT}, and this root may not change its account: {_ORDINARY_USER}"
        ) from error
    return answer.returncode == 0


def _permitted_capabilities() -> int:
    """A bit set; empty where there is no Linux to tell."""
    found = re.search(r"CapPrm:\s*([0-9a-f]+)", _read(Path("/proc/self/status")))
    return int(found[1], 16) if found else 0
