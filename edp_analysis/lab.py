"""JupyterLab on the project: in French, on the notebook asked for, with this very Python behind its cells.

What the server needs is written in a temporary folder and given to it by name. Nothing of the user's own settings is
changed, and what the user chose there (a language, a theme) wins over what is written here.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typer

from edp_analysis.campaign import find_root
from edp_analysis.problems import UserError
from edp_analysis.publication.kernelspec import own_kernel
from edp_analysis.publication.notebook import page_name
from edp_analysis.trust import approve

__all__ = ["find_notebook", "open_lab", "write_settings"]

_LOCALE = "fr_FR"
_PACK = "jupyterlab-language-pack-fr-FR"
_ASKS_ONLY = frozenset({"--help", "-h", "--help-all", "--version"})
_SAID_IN_ENGLISH = frozenset({"start_app", "_confirm_exit", "_signal_stop"})
"""Functions of the server whose only lasting messages, the address and the stop, are said here in French."""


def open_lab(notebook: str | None, browser: bool = True, extra: Sequence[str] = ()) -> int:
    """Serve JupyterLab at the project's root until Ctrl-C, on a notebook when one is named.

    Parameters
    ----------
    notebook : str, optional
        Any notebook of ``notebooks/``: see :func:`find_notebook`.
    browser : bool
        Open the browser.
    extra : sequence of str
        Options handed to JupyterLab as they are.

    Returns
    -------
    int
        Exit code: 0, however the server was stopped.

    Raises
    ------
    UserError
        The notebook is unknown, JupyterLab is not installed, or it did not start.
    """
    if _ASKS_ONLY.intersection(extra):  # its own help: no server, no notebook
        return subprocess.run([sys.executable, "-m", "jupyterlab", *extra], check=False).returncode
    root = find_root()
    path = None if notebook is None else find_notebook(root, notebook)
    typer.echo("JupyterLab démarre…", err=True)
    with tempfile.TemporaryDirectory(prefix="edp-lab-", ignore_cleanup_errors=True) as folder:
        try:
            with suppress(KeyboardInterrupt):  # before the server listens to it
                _serve(_prepare(root, path, Path(folder), browser, extra), root, path)
        except ModuleNotFoundError as error:
            missing = str(error.name).partition(".")[0]
            raise UserError(
                f"JupyterLab n'est pas installé en entier dans cet environnement : il manque « {missing} ».",
                f"Relancer « make setup », ou : python -m pip install jupyterlab ipykernel {_PACK}",
            ) from error
    typer.echo("JupyterLab est arrêté.", err=True)
    return 0


def find_notebook(root: Path, name: str) -> Path:
    """Find a notebook of the project, numbered or not.

    Parameters
    ----------
    root : pathlib.Path
        Project root; notebooks are looked for anywhere in ``notebooks/``.
    name : str
        A page name (``"profils"``), a stem (``"02_profils"``) or a path.

    Raises
    ------
    UserError
        No notebook of that name (the nearest is suggested), or several.
    """
    found = _notebooks(root)
    asked = [Path(name).absolute(), root / name]
    matches = (
        [path for path in found if path in asked]
        or [path for path in found if path.stem == name.removesuffix(".ipynb")]
        or [path for path in found if page_name(path) == page_name(Path(name))]
    )
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UserError(
            f"Plusieurs carnets s'appellent « {name} ».",
            f"Donner le chemin : {', '.join(path.relative_to(root).as_posix() for path in matches)}.",
        )
    pages = sorted(page_name(path) for path in found)
    near = difflib.get_close_matches(page_name(Path(Path(name).name)), pages, n=1, cutoff=0.5)
    hint = f" Peut-être : « {near[0]} » ?" if near else ""
    raise UserError(f"Carnet « {name} » inconnu.{hint}", f"Carnets du projet : {', '.join(pages) or 'aucun'}.")


def _notebooks(root: Path) -> list[Path]:
    """List every notebook of the project, but the copies that JupyterLab keeps in hidden folders."""
    folder = root / "notebooks"
    found = sorted(folder.rglob("*.ipynb"))
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def write_settings(folder: Path, installed: Path, french: bool) -> None:
    """Write the application settings: those of the installation, and ours underneath.

    Parameters
    ----------
    folder : pathlib.Path
        Created; for the traitlet ``LabApp.app_settings_dir``.
    installed : pathlib.Path
        Application settings of this JupyterLab; need not exist.
    french : bool
        The language pack is there. Asked for without it, French would only bring a complaint.

    Notes
    -----
    JupyterLab reads ``overrides.d`` first, then ``overrides.json``, then the user's choices, each over the former.
    """
    if installed.is_dir():
        shutil.copytree(installed, folder)
    defaults: dict[str, Any] = {
        # A question at the first start, and requests to a web site: nobody asked for them.
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    }
    if french:
        defaults["@jupyterlab/translation-extension:plugin"] = {"locale": _LOCALE}
    target = folder / "overrides.d" / "00-edp.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(defaults, indent=2) + "\n", encoding="utf-8", newline="\n")


def _prepare(root: Path, notebook: Path | None, folder: Path, browser: bool, extra: Sequence[str]) -> list[str]:
    """Write what the server needs, set what its kernels inherit, and return its options."""
    from jupyterlab.commands import get_app_dir

    french = bool(entry_points(group="jupyterlab.languagepack", name=_LOCALE))
    if not french:
        typer.echo(f"JupyterLab sera en anglais : il manque {_PACK} (« make setup » l'installe).", err=True)
    write_settings(folder / "settings", Path(get_app_dir()) / "settings", french)
    os.environ.update(own_kernel(folder / "data") | {"EDP_PROJET": str(root)})
    page = "/lab" if notebook is None else f"/lab/tree/{quote(notebook.relative_to(root).as_posix())}"
    return [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.app_settings_dir={folder / 'settings'}",
        f"--LabApp.default_url={page}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C, no question
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
        # Without this, ipykernel warns on every start that its sockets are not encrypted.
        "--KernelManager.transport_encryption=auto",
        *([] if browser else ["--no-browser"]),
        *extra,
    ]


def _serve(options: list[str], root: Path, notebook: Path | None) -> None:
    from jupyterlab.labapp import LabApp

    try:
        server = LabApp.initialize_server(options)
        _refuse_root(server)
        waiting = approve(_notebooks(root), server.contents_manager.notary)
        if notebook is not None and notebook in waiting:
            typer.echo(
                f"{notebook.name} : des sorties ne viennent pas du projet ; JupyterLab n'en montre ni dessin ni style"
                " tant que le carnet n'est pas rejoué.",
                err=True,
            )
        typer.echo(f"Adresse   {server.public_url}", err=True)
        typer.echo("Arrêter   Ctrl-C dans cette fenêtre", err=True)
        server.log.addFilter(lambda record: record.funcName not in _SAID_IN_ENGLISH)
        server.start()
    except SystemExit as stop:
        if stop.code:
            raise UserError("JupyterLab n'a pas démarré.", "Le message qui précède vient de lui.") from stop


def _refuse_root(server: Any) -> None:
    if getattr(os, "geteuid", lambda: -1)() == 0 and not server.allow_root:
        raise UserError(
            "JupyterLab ne se lance pas sous le compte root.",
            "Prendre un autre compte ; dans un conteneur : edp lab profils -- --allow-root",
        )
