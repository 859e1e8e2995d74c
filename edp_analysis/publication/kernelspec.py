"""The kernel of notebooks: this very Python, whatever other kernel the user has installed under the same name."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["own_kernel"]


def own_kernel(folder: Path) -> dict[str, str]:
    """Write a kernel ``python3`` that is this Python, and return the variable that puts it before all others.

    Outside a virtual environment that the user owns, Jupyter looks into the user's own folder first: there, a
    ``python3`` of another environment would take the notebooks, and lack the project.

    Parameters
    ----------
    folder : pathlib.Path
        Created if need be; must live as long as kernels are started.

    Returns
    -------
    dict of str to str
        ``JUPYTER_PATH``, its former value after `folder`.

    Notes
    -----
    Name and label are the usual ones, so that a notebook saved in JupyterLab is the same file as before.
    """
    from ipykernel.kernelspec import KERNEL_NAME, write_kernel_spec

    (folder / "kernels").mkdir(parents=True, exist_ok=True)
    write_kernel_spec(folder / "kernels" / KERNEL_NAME)
    former = os.environ.get("JUPYTER_PATH")
    return {"JUPYTER_PATH": os.pathsep.join([str(folder), *([former] if former else [])])}
