"""``edp lab``: the notebook asked for, in French unless the user chose otherwise, stopped without a word too many."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from edp_analysis import lab
from edp_analysis.problems import UserError

ROOT = Path(__file__).parent.parent
LANGUAGE = "@jupyterlab/translation-extension:plugin"
PATIENCE = 90  # seconds; three are enough on a machine that does nothing else


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("fiche_ecole", "ecoles/fiche_ecole.ipynb"),
        ("profils", "phase1/02_profils.ipynb"),
        ("02_profils", "phase1/02_profils.ipynb"),
        ("02_profils.ipynb", "phase1/02_profils.ipynb"),
        ("notebooks/phase1/02_profils.ipynb", "phase1/02_profils.ipynb"),
    ],
)
def test_any_notebook_of_the_project_is_found(name: str, found: str) -> None:
    assert lab.find_notebook(ROOT, name) == ROOT / "notebooks" / found


def test_a_path_is_read_from_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "notebooks" / "ecoles")
    assert lab.find_notebook(ROOT, "../phase1/02_profils.ipynb") == ROOT / "notebooks" / "phase1" / "02_profils.ipynb"


def test_an_unknown_notebook_gets_the_nearest_name() -> None:
    with pytest.raises(UserError) as raised:
        lab.find_notebook(ROOT, "fiche_ecoles")
    assert "Carnet « fiche_ecoles » inconnu. Peut-être : « fiche_ecole » ?" in raised.value.what
    assert "profils" in raised.value.remedy


@pytest.mark.lent
def test_the_help_of_jupyterlab_is_reached_without_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    assert lab.open_lab("profils", extra=["--help"]) == 0
    assert "Jupyter" in capfd.readouterr().out


def test_two_notebooks_of_one_name_are_told_apart_by_their_path(tmp_path: Path) -> None:
    for folder in ("a", "b", ".ipynb_checkpoints"):
        path = tmp_path / "notebooks" / folder / "essai.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match="Plusieurs carnets") as raised:
        lab.find_notebook(tmp_path, "essai")
    assert raised.value.remedy == "Donner le chemin : notebooks/a/essai.ipynb, notebooks/b/essai.ipynb."
    assert lab.find_notebook(tmp_path, "notebooks/b/essai.ipynb").parent.name == "b"


def overrides(settings: Path) -> dict[str, Any]:
    from jupyterlab_server.settings_utils import _get_overrides

    found, error = _get_overrides(str(settings))
    assert not error
    return dict(found)


def test_the_settings_of_the_installation_stay_and_win(tmp_path: Path) -> None:
    installed = tmp_path / "installe"
    installed.mkdir()
    (installed / "overrides.json").write_text(json.dumps({LANGUAGE: {"locale": "de_DE"}}), encoding="utf-8")
    (installed / "page_config.json").write_text("{}", encoding="utf-8")
    lab.write_settings(tmp_path / "reglages", installed, french=True)
    assert overrides(tmp_path / "reglages")[LANGUAGE] == {"locale": "de_DE"}
    assert (tmp_path / "reglages" / "page_config.json").is_file()


def test_french_is_asked_for_only_where_it_is_installed(tmp_path: Path) -> None:
    lab.write_settings(tmp_path / "avec", tmp_path / "absent", french=True)
    lab.write_settings(tmp_path / "sans", tmp_path / "absent", french=False)
    assert overrides(tmp_path / "avec")[LANGUAGE] == {"locale": "fr_FR"}
    assert LANGUAGE not in overrides(tmp_path / "sans")


@pytest.mark.parametrize("absent", ["jupyterlab.commands", "ipykernel.kernelspec"])
def test_without_jupyterlab_the_command_says_what_to_install(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    monkeypatch.setenv("EDP_PROJET", str(ROOT))
    with pytest.raises(UserError) as raised:
        lab.open_lab(None)
    assert f"il manque « {absent.partition('.')[0]} »" in raised.value.what
    assert "make setup" in raised.value.remedy and "pip install jupyterlab" in raised.value.remedy


@dataclass
class Server:
    """A running ``edp lab``, its user's folder and what it wrote."""

    process: subprocess.Popen[bytes]
    home: Path
    address: str

    def get(self, path: str) -> Any:
        """Ask the server's own interface, as the page in the browser does."""
        parts = urlsplit(self.address)
        token = parse_qs(parts.query)["token"][0]
        with urlopen(
            Request(f"{parts.scheme}://{parts.netloc}/{path}", headers={"Authorization": f"token {token}"}), timeout=30
        ) as answer:
            return json.load(answer)


def environment(home: Path) -> dict[str, str]:
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
        "TMPDIR": "tmp",
    }
    for name in folders.values():
        (home / name).mkdir(exist_ok=True)
    own = {variable: str(home / name) for variable, name in folders.items()}
    other = home / "data" / "kernels" / "python3"  # a kernel of the same name, where the user's folder comes first
    other.mkdir(parents=True, exist_ok=True)
    (other / "kernel.json").write_text(
        '{"argv": ["/nulle/part/python3"], "display_name": "Autre", "language": "python"}', encoding="utf-8"
    )
    own["JUPYTER_PREFER_ENV_PATH"] = "0"
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, **own, "HOME": str(home), "EDP_PROJET": str(ROOT), "PYTHONPATH": path}


def start(home: Path, *words: str) -> subprocess.Popen[bytes]:
    with (home / "journal").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "edp_analysis.cli", "lab", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(home),
            # A shell that runs the tests behind may have told its children to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )


def written(home: Path) -> str:
    return (home / "journal").read_text(encoding="utf-8", errors="replace")


def wait_for(server: Server) -> Server:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.process.poll() is None:
        lines = [line.split() for line in written(server.home).splitlines() if line.startswith("Adresse ")]
        if lines:
            server.address = lines[0][1]
            try:
                server.get("api/status")
            except URLError:  # said before it listens
                pass
            else:
                return server
        time.sleep(0.1)
    raise AssertionError(f"le serveur n'a pas répondu :\n{written(server.home)}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if sys.platform == "win32":
        pytest.skip("Ctrl-C ne s'envoie pas ainsi sous Windows")
    home = tmp_path_factory.mktemp("utilisateur")
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    except OSError as error:
        pytest.skip(f"aucun port ne s'ouvre sur cette machine ({error})")
    process = start(home, "fiche_ecole", "--no-browser", "--", "--allow-root", f"--port={port}")
    try:
        yield wait_for(Server(process, home, ""))
    finally:
        process.kill()
        process.wait()


@pytest.mark.lent
def test_the_interface_is_in_french_unless_the_user_chose(server: Server) -> None:
    asked = server.get(f"lab/api/settings/{LANGUAGE}")
    assert asked["schema"]["properties"]["locale"]["default"] == "fr_FR"
    assert asked["settings"] == {}, "les réglages de la personne ne sont pas touchés"
    translated = server.get("lab/api/translations/fr_FR")
    assert translated["message"] == "" and "Fichier" in str(translated["data"])
    chosen = server.home / "config" / "lab" / "user-settings" / "@jupyterlab" / "translation-extension"
    chosen.mkdir(parents=True)
    (chosen / "plugin.jupyterlab-settings").write_text('{"locale": "en"}', encoding="utf-8")
    assert server.get(f"lab/api/settings/{LANGUAGE}")["settings"] == {"locale": "en"}


@pytest.mark.lent
def test_it_opens_on_the_notebook_whose_figures_are_approved(server: Server) -> None:
    assert urlsplit(server.address).path == "/lab/tree/notebooks/ecoles/fiche_ecole.ipynb"
    cells = server.get("api/contents/notebooks/ecoles/fiche_ecole.ipynb")["content"]["cells"]
    code = [cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code"]
    assert code and all(code)


@pytest.mark.lent
def test_its_kernel_is_this_python_whatever_the_user_installed(server: Server) -> None:
    specs = server.get("api/kernelspecs")
    assert specs["default"] == "python3"
    assert specs["kernelspecs"]["python3"]["spec"]["argv"][0] == sys.executable


@pytest.mark.lent
def test_ctrl_c_stops_it_and_leaves_nothing_behind(server: Server) -> None:
    """Last of the module: the server is gone after it."""
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(timeout=PATIENCE) == 0
    said = written(server.home)
    assert said.splitlines() == [
        "JupyterLab démarre…",
        f"Adresse   {server.address}",
        "Arrêter   Ctrl-C dans cette fenêtre",
        "JupyterLab est arrêté.",
    ]
    assert list((server.home / "tmp").iterdir()) == []


@pytest.mark.lent
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="le refus ne concerne que root")
def test_root_is_told_how(tmp_path: Path) -> None:
    process = start(tmp_path, "--no-browser")
    assert process.wait(timeout=PATIENCE) == 2
    assert written(tmp_path).splitlines()[-2:] == [
        "ERREUR  JupyterLab ne se lance pas sous le compte root.",
        "  Prendre un autre compte ; dans un conteneur : edp lab profils -- --allow-root",
    ]
