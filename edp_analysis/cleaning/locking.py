"""One process at a time in a folder, on every system, released by the system itself when a process dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from edp_analysis.problems import UserError

__all__ = ["exclusive"]

_PAUSE = 0.1


@contextmanager
def exclusive(path: Path, timeout: float = 300.0) -> Iterator[None]:
    """Hold a lock file while the block runs.

    Parameters
    ----------
    path : pathlib.Path
        Lock file; created if needed, and left in place (removing it would let two processes in).
    timeout : float, optional
        Seconds to wait.

    Raises
    ------
    UserError
        Another process still holds the lock after `timeout`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as handle:
        deadline = time.monotonic() + timeout
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise UserError(
                    f"Un autre calcul tient « {path.name} » depuis plus de {timeout:.0f} secondes.",
                    "Attendre qu'il finisse, ou l'arrêter, puis recommencer.",
                )
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            _unlock(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
