"""Several files written all or none: drafts beside their targets, then renamed together.

A reader sees the old file or the new one, whole. The last draft of a set is its seal, a manifest of
the others (app.packagers._manifest): files without their seal are no export. The process may die at
any moment; whoever writes into the folder next takes back what of a set came without its seal, and
removes the drafts. A draft belongs to a living process as long as its lock is held.

The folder may be reached through a symbolic link; a target that is one is replaced, not followed.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportFailed
from app.packagers import Artifact
from app.packagers._manifest import listed

LOCK_SECONDS = 10.0
"""Who holds a folder for longer is stopped, and is not waited for: files of different snapshots
have different names, those of the same snapshot the same bytes."""

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})
_DRAFT = re.compile(r"\.(.+)\.[0-9a-f]{8}\.sluice-tmp")


@dataclass(slots=True)
class Draft:
    """A file in the making: `temporary` will become `target`."""

    kind: str
    target: Path
    temporary: Path
    file: BinaryIO
    rows: int = 0
    backup: Path | None = None
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, data: bytes, rows: int) -> None:
        """Append bytes that hold this many rows. Raises ExportFailed."""
        with _naming(self.target):
            self.file.write(data)
        self.digest.update(data)
        self.rows += rows

    def artifact(self) -> Artifact:
        """What was written."""
        return Artifact(self.kind, self.target, self.rows, self.digest.hexdigest())


def start(kind: str, target: Path) -> Draft:
    """A draft of `target`; its folder is made if missing, and swept. Raises ExportFailed."""
    with _naming(target):
        _make(target.parent)
        with _alone(target.parent):
            _sweep(target.parent)
            temporary = _beside(target)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(temporary, flags, 0o666)
            _try_lock(descriptor)
        return Draft(kind, target, temporary, os.fdopen(descriptor, "wb"))


def publish(drafts: Sequence[Draft]) -> tuple[Artifact, ...]:
    """Bring all drafts to disk and to their names, in order. Raises ExportFailed; then nothing has
    changed."""
    for draft in drafts:
        with _naming(draft.target):
            draft.file.flush()
            os.fsync(draft.file.fileno())
    folders = sorted({draft.target.parent for draft in drafts})
    with ExitStack() as stack:
        for folder in folders:
            with _naming(folder):
                stack.enter_context(_alone(folder))
        _rename(drafts, folders)
    return tuple(draft.artifact() for draft in drafts)


def discard(drafts: Sequence[Draft]) -> None:
    """Remove what is left beside the targets."""
    for draft in drafts:
        for path in (draft.temporary, draft.backup):
            if path:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        with suppress(OSError):
            draft.file.close()


def _rename(drafts: Sequence[Draft], folders: Sequence[Path]) -> None:
    for draft in drafts:
        with _naming(draft.target):
            draft.backup = _back_up(draft.target)
    renamed: list[Draft] = []
    try:
        for draft in drafts:
            with _naming(draft.target):
                draft.temporary.replace(draft.target)
                renamed.append(draft)
        for folder in folders:
            with _naming(folder):
                _sync_folder(folder)
    except BaseException:
        for draft in reversed(renamed):
            _restore(draft)
        raise


def _back_up(target: Path) -> Path | None:
    """The file that is there now, under a second name."""
    if not os.path.lexists(target):
        return None
    backup = _beside(target)
    try:
        os.link(target, backup, follow_symlinks=False)
    except OSError:
        shutil.copy2(target, backup, follow_symlinks=False)
    return backup


def _restore(draft: Draft) -> None:
    with suppress(OSError):
        if draft.backup:
            draft.backup.replace(draft.target)
        else:
            draft.target.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Take back sets that a dead process did not seal, and remove its drafts."""
    found = ((path, _DRAFT.fullmatch(path.name)) for path in folder.glob(".*.sluice-tmp"))
    dead = [(path, folder / name[1]) for path, name in found if name and _is_abandoned(path)]
    for draft, seal in dead:
        if not os.path.lexists(seal):
            for name, digest in listed(draft).items():
                _take_back(folder / name, digest)
    for draft, _ in dead:
        draft.unlink(missing_ok=True)


def _take_back(target: Path, digest: str) -> None:
    if target.is_file() and not target.is_symlink():
        with target.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == digest
        if same:
            target.unlink(missing_ok=True)


def _is_abandoned(draft: Path) -> bool:
    """Whether nobody holds the draft's lock; where there are no locks, it counts as held."""
    try:
        descriptor = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return _try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else sweeps or renames in this folder meanwhile, where the file system has locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    deadline = time.monotonic() + LOCK_SECONDS
    try:
        while not _try_lock(descriptor) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _make(folder: Path) -> None:
    """The folder and those above it, on disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        _sync_folder(each.parent)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.sluice-tmp")


def _sync_folder(folder: Path) -> None:
    """Bring the new names to disk, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportFailed(
            f"{path}: cannot be written: {reason}; make room or choose another --output-dir"
        ) from error
