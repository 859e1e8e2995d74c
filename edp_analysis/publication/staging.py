"""A site built beside the former one, which it replaces in one move or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `target` when the block ends well.

    When the block raises, the former folder is left as it was. Both are on the same disk, so that the move is a
    rename; a former site that cannot be put aside (a page open on Windows) is left in place and the error raised.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "site") as staging:
    ...         _ = (staging / "index.html").write_text("neuf", encoding="utf-8")
    ...     [path.name for path in Path(folder).iterdir()]
    ['site']
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # A hidden neighbour: mkdtemp makes it private, the site inside it has ordinary rights.
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as work:
        staging, former = Path(work) / "nouveau", Path(work) / "ancien"
        staging.mkdir()
        yield staging
        if target.exists():
            target.rename(former)
        try:
            staging.rename(target)
        except OSError:
            if former.exists():
                former.rename(target)
            raise
        if former.exists():
            shutil.rmtree(former)
