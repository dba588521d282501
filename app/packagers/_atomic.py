"""Several files written all or none: drafts beside their targets, then renamed together.

A reader sees the old file or the new one, whole. The process may die at any moment: a file is never
half, though of two files one may be new already; writing the same snapshot again completes it.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportFailed
from app.packagers import Artifact

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})


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
    """A draft of `target`; its folder is made if missing. Raises ExportFailed."""
    with _naming(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _beside(target)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        return Draft(kind, target, temporary, os.fdopen(os.open(temporary, flags, 0o666), "wb"))


def publish(drafts: Sequence[Draft]) -> tuple[Artifact, ...]:
    """Bring all drafts to disk and to their names. Raises ExportFailed; then nothing has changed.

    A target that is a symbolic link is replaced, not followed.
    """
    for draft in drafts:
        with _naming(draft.target):
            draft.file.flush()
            os.fsync(draft.file.fileno())
            draft.file.close()
            draft.backup = _back_up(draft.target)
    renamed: list[Draft] = []
    try:
        for draft in drafts:
            with _naming(draft.target):
                draft.temporary.replace(draft.target)
                renamed.append(draft)
        for folder in {draft.target.parent for draft in drafts}:
            with _naming(folder):
                _sync_folder(folder)
    except BaseException:
        for draft in renamed:
            _restore(draft)
        raise
    return tuple(draft.artifact() for draft in drafts)


def discard(drafts: Sequence[Draft]) -> None:
    """Remove what is left beside the targets."""
    for draft in drafts:
        with suppress(OSError):
            draft.file.close()
        for path in (draft.temporary, draft.backup):
            if path:
                with suppress(OSError):
                    path.unlink(missing_ok=True)


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


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")


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
