"""The keeper: a small process that owns a Postgres server and ends it after its last user.

    python -I -S keeper.py PLAN     (in the server's folder; PLAN is a `Plan` as JSON)

It uses the standard library alone, so that it starts in 0.05 s and stays below 15 MB. Its folder:

    data/          the cluster; belongs to the account that the server runs as
    password       the superuser's, mode 0600
    address        the port of the last server that took connections
    failure        one line: why the last keeper gave up
    postgres.log   what server and keeper say
    holders.lock   shared by every process that uses the server; the keeper tries to have it alone
    keeper.lock    the keeper's for life; who starts a keeper takes it and hands the descriptor over
    server.lock    inherited by every process of the server: free means that none of them is left

The locks are flock(2) locks: the kernel frees them however a process ends. Nobody left on
`holders.lock` means a fast shutdown; who comes meanwhile waits for the lock, then starts anew.
A server that dies is started again, on its port. SIGTERM ends the server and the keeper.
Linux tells the server to stop when the keeper is killed; elsewhere the next keeper tells it.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import NamedTuple

DATA = Path("data")
PASSWORD = Path("password")
ADDRESS = Path("address")
FAILURE = Path("failure")
LOG = Path("postgres.log")
HOLDERS_LOCK = Path("holders.lock")
KEEPER_LOCK = Path("keeper.lock")
SERVER_LOCK = Path("server.lock")

HOST = "127.0.0.1"

_LOOK_EVERY = 0.1  # seconds between two looks whether any holder is left
_ORPHANS_END_WITHIN = 30.0  # seconds for the processes of an earlier server
_QUICK_DEATH = 10.0  # seconds; three lives in a row shorter than this, and the keeper gives up
_STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

# linux/prctl.h, linux/securebits.h, linux/capability.h
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_SECUREBITS = 1, 8, 28
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_SECBIT_NO_SETUID_FIXUP, _SECBIT_KEEP_CAPS = 1 << 2, 1 << 4
_LINUX_CAPABILITY_VERSION_3 = 0x20080522


class Failure(Exception):
    """The server cannot run; one line says why."""


class Account(NamedTuple):
    """Who a server that root starts runs as; a capability that it keeps, 0 for none."""

    uid: int
    gid: int
    capability: int = 0


class Plan(NamedTuple):
    """What to run: the commands of initdb and of the server, each still without its folder.

    `port` is tried first, 0 for any; `lock` is the inherited descriptor of `keeper.lock`.
    """

    initdb: list[str]
    postgres: list[str]
    port: int
    account: Account | None
    lock: int

    @classmethod
    def read(cls, text: str) -> "Plan":
        """The plan that `json.dumps` wrote."""
        initdb, postgres, port, account, lock = json.loads(text)
        return cls(initdb, postgres, port, Account(*account) if account else None, lock)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take a flock (LOCK_SH or LOCK_EX) if that needs no waiting."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_lock(path: Path) -> int:
    """Open a lock file; the descriptor is not inherited by programs that are started."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def write_whole(path: Path, text: str) -> None:
    """Write a private file so that a reader finds all of it or the old one, after a crash too.

    It belongs to the owner of its folder, so that a root process leaves nothing that locks him out.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make names that were created or renamed in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _become(account: Account) -> None:
    """Change this process to the account, with its one capability kept over the next exec."""
    if account.capability:
        _keep_capabilities()
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if account.capability:
        bit = 1 << account.capability
        header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable
        _call("capset", header, sets)
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, account.capability)


def _keep_capabilities() -> None:
    """Let capabilities outlive setuid.

    Without _SECBIT_NO_SETUID_FIXUP, access(2) ignores them for an ordinary uid, and Postgres asks
    access(2) about its own binary. Setting it needs CAP_SETPCAP; without that, a private folder of
    data still works, private binaries do not.
    """
    try:
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP | _SECBIT_KEEP_CAPS)
    except OSError:
        _prctl(_PR_SET_KEEPCAPS, 1)


def _prctl(option: int, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    _call("prctl", ctypes.c_int(option), *(ctypes.c_ulong(value) for value in padded))


def _call(name: str, *values: object) -> None:
    """Call a function of the C library that answers 0 or sets errno."""
    if ctypes.CDLL(None, use_errno=True)[name](*values) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _spawn(
    program: list[str], account: Account | None, end: int, lock: int, secret: str | None = None
) -> int:
    """Start a program as a child that shares `lock` and gets the signal `end` if we die.

    A password goes through a pipe, named by the last argument: the pipe belongs to the account,
    which may not read our password file.
    """
    keeper = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # before exec, our handler would swallow `end`
        os.set_inheritable(lock, True)
        if account:
            _become(account)
        if sys.platform == "linux":
            _prctl(_PR_SET_PDEATHSIG, end)  # after `_become`: a change of uid clears it
            if os.getppid() != keeper:
                os._exit(1)
        if secret:
            program = [*program, f"--pwfile=/dev/fd/{_pipe_with(secret)}"]
        os.execv(program[0], program)  # noqa: S606 - no shell is wanted
    except BaseException as error:
        _say(f"cannot start {program[0]}: {error}")
    finally:
        os._exit(127)


def _pipe_with(text: str) -> int:
    """The read end of a pipe that holds a short text; inheritable."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    os.set_inheritable(read, True)
    return read


def _ended(child: int) -> bool:
    return os.waitpid(child, os.WNOHANG)[0] != 0


def _say(text: str) -> None:
    sys.stderr.write(f"keeper: {text}\n")
    sys.stderr.flush()


def _complaint() -> str:
    """The last line of the log that names an error, for the one-line message."""
    lines = LOG.read_text(errors="replace").splitlines()[-40:]
    blamed = [line for line in lines if "FATAL" in line or "error:" in line or "keeper:" in line]
    return (blamed or lines or ["nothing was logged"])[-1]


def _free_port(wanted: int = 0) -> int | None:
    """A port of the loopback address that can be listened on now: `wanted`, or any for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError:
            return None
        return int(probe.getsockname()[1])


class Keeper:
    """One server: create its cluster, start it, watch it, stop it. Works in the current folder."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.port = plan.port
        self.holders = open_lock(HOLDERS_LOCK)
        self.signals = _signals_as_bytes(signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)

    def run(self) -> None:
        """Keep the server up until nobody holds it, or until this process is told to end."""
        self._create_cluster()
        deaths = 0
        while True:
            server = self._start()
            started = time.monotonic()
            if not self._server_died(server):
                return _stop(server)
            deaths = deaths + 1 if time.monotonic() - started < _QUICK_DEATH else 1
            if deaths == 3:
                raise Failure(f"the server died three times in a row: {_complaint()}")
            ADDRESS.unlink(missing_ok=True)
            _say("the server died; starting it again")

    def _create_cluster(self) -> None:
        """initdb into a side folder, renamed when it is whole: a killed initdb leaves no half."""
        if DATA.exists():
            return
        lock = _sole_server_lock()
        draft = Path("data.new")
        if draft.exists():
            import shutil

            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        account = self.plan.account
        if account:
            os.chown(draft, account.uid, account.gid)
        command = [*self.plan.initdb, f"--pgdata={draft}"]
        child = _spawn(command, account, signal.SIGTERM, lock, secret=PASSWORD.read_text())
        status = os.waitpid(child, 0)[1]
        os.close(lock)
        if status:
            raise Failure(f"initdb failed: {_complaint()}")
        draft.rename(DATA)
        _sync_folder(Path())

    def _start(self) -> int:
        """Start the server, on its old port if that is free; return its pid once it answers."""
        lock = _sole_server_lock()
        (DATA / "postmaster.pid").unlink(missing_ok=True)  # stale: the lock says nobody is left
        try:
            for _ in range(5):
                port = _free_port(self.port) or _free_port() or 0
                command = [*self.plan.postgres, "-D", str(DATA.absolute()), "-c", f"port={port}"]
                server = _spawn(command, self.plan.account, signal.SIGINT, lock)
                if _wait_ready(server):
                    self.port = port
                    write_whole(ADDRESS, str(port))
                    return server
                if "TCP/IP" not in _complaint():
                    break  # nobody took the port from us, so another one would not help
        finally:
            os.close(lock)
        raise Failure(f"postgres ended at once: {_complaint()}")

    def _server_died(self, server: int) -> bool:
        """Watch until the server has died (True), or until it is time to stop it (False)."""
        while not try_lock(self.holders, fcntl.LOCK_EX):
            select.select([self.signals], [], [], _LOOK_EVERY)
            arrived = _pending(self.signals)
            if signal.SIGTERM in arrived or signal.SIGINT in arrived:
                return False
            if _ended(server):
                return True
        return False


def _sole_server_lock() -> int:
    """The server's lock, once no process of an earlier server is left."""
    descriptor = open_lock(SERVER_LOCK)
    deadline = time.monotonic() + _ORPHANS_END_WITHIN
    while not try_lock(descriptor, fcntl.LOCK_EX):
        if sys.platform != "linux":
            _interrupt_orphan()
        if time.monotonic() > deadline:
            raise Failure("processes of an earlier server are still running in this folder")
        time.sleep(0.01)
    return descriptor


def _interrupt_orphan() -> None:
    """Ask an earlier server, which nothing told of its keeper's death, for a fast shutdown."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int((DATA / "postmaster.pid").read_text().splitlines()[0]), signal.SIGINT)


def _wait_ready(server: int) -> bool:
    """Whether the server came to take connections; however long its recovery takes."""
    while not _ended(server):
        with contextlib.suppress(FileNotFoundError):
            lines = (DATA / "postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and lines[0] == str(server) and lines[7].strip() == "ready":
                return True
        time.sleep(0.005)
    return False


def _stop(server: int) -> None:
    """Fast shutdown; immediate, then forced, if that hangs."""
    for number, patience in _STOP_STEPS:
        os.kill(server, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _ended(server):
                return
            time.sleep(0.005)


def _signals_as_bytes(*numbers: int) -> int:
    """A descriptor that gets one byte per signal, so that none is missed between two looks."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in numbers:
        signal.signal(number, lambda *_: None)
    return read


def _pending(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 512)
    except BlockingIOError:
        return b""


def main(arguments: list[str]) -> int:
    """Leave the caller behind, then keep the server. The caller reaps the first process at once."""
    if os.fork():
        return 0
    os.umask(0o077)
    plan = Plan.read(arguments[0])
    os.set_inheritable(plan.lock, False)
    try:
        Keeper(plan).run()
    except Exception as error:
        text = str(error) if isinstance(error, (Failure, OSError)) else repr(error)
        _say(text)
        write_whole(FAILURE, text)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
