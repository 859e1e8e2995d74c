"""The command as an analyst types it: French, exit codes, no traceback, nothing heavy before it is needed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edp_analysis import __version__, lab, terminal
from edp_analysis.cli import main
from edp_analysis.publication import run as run_module

HEAVY = ("pandas", "numpy", "matplotlib", "papermill", "nbconvert", "nbformat", "scipy", "jinja2", "rich", "pydantic")


def edp(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(left.value.code or 0), out, err


def test_help_is_in_french_and_lists_what_exists(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = edp(capsys, "--help")
    assert code == 0
    for word in ("Usage :", "Commandes :", "run", "check", "template", "simulate", "lab", "Afficher cette aide."):
        assert word in out
    assert not [english for english in ("Options:", "Commands:", "Show this", "install-completion") if english in out]


@pytest.mark.parametrize("command", ["run", "check", "template", "simulate", "lab"])
def test_each_command_has_a_french_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = edp(capsys, command, "--help")
    assert code == 0
    assert "Usage : edp" in out and "Options :" in out
    assert not [english for english in ("Arguments:", "Options:", "[default", "[required]", "<str>") if english in out]


def test_version_and_the_bare_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert edp(capsys, "--version")[:2] == (0, f"edp {__version__}\n")
    assert "Commandes :" in edp(capsys)[1]


def test_help_imports_nothing_heavy() -> None:
    """The time itself is measured by benchmarks/bench_help.py; what costs it is held here."""
    probe = (
        "import sys\nfrom edp_analysis.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rn"], "Commande « rn » inconnue. Peut-être : « run » ?"),
        (["run", "--frce"], "Option « --frce » inconnue. Peut-être : « --force » ?"),
        (["simulate"], "Il manque : CAMPAGNE."),
        (["simulate", "2024", "--seed", "x"], "un nombre entier est attendu"),
        (["run", "--jobs", "0"], "au moins 1 est attendu"),
        (["run", "2024", "2028"], "En trop dans la commande : 2028."),
        (["run", "--only"], "L'option --only demande une valeur."),
        (["run", "2O24"], "Campagne « 2O24 » inconnue."),
        (["run", "2024", "--audience", "public"], "pages publiques"),
        (["run", "2024", "--only", "profil"], "Peut-être : « profils » ?"),
        (["lab", "profil"], "Peut-être : « profils » ?"),
    ],
)
def test_what_is_not_understood_exits_2_with_one_french_message(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    code, out, err = edp(capsys, *words)
    assert code == 2 and out == ""
    assert err.startswith("ERREUR  ") and message in err


def test_json_stays_json_when_the_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = edp(capsys, "run", "2O24", "--json")
    assert code == 2
    answer = json.loads(out)
    assert "2O24" in answer["erreur"] and answer["remede"] and answer["code_sortie"] == 2


def test_an_unexpected_error_is_one_line_that_names_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("inattendu")

    monkeypatch.setattr(run_module, "run", fail)
    code, _, err = edp(capsys, "run", "2024")
    assert code == 2
    assert "ZeroDivisionError" in err
    log = Path(err.split("Détail : ")[1].strip())
    assert "Traceback" in log.read_text(encoding="utf-8")
    log.unlink()


@pytest.mark.lent
def test_run_says_where_to_look_and_json_holds_everything(
    small_project: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small_project.root)
    code, out, err = edp(capsys, "run")
    assert code == 0
    assert str(Path("reports/essai/interne/index.html")) in out
    assert "données simulées" in out and "Problèmes" in out and "Registre" in out
    assert "[ 2/2]" in err and "\x1b" not in out + err, "des lignes simples hors d'un terminal"
    assert re.search(r"02_second, première fois +\d+,\d s", err) and re.search(r"\[ 3/3\] .* +\d+,\d s", err)
    pages = len(list(small_project.site.rglob("*.html")))
    assert re.search(rf"Site écrit +{pages} pages, \d+,\d Mo .* en \d", out)

    code, out, err = edp(capsys, "run", "essai", "--json")
    answer = json.loads(out)
    assert code == answer["code_sortie"] == 0 and err == ""
    assert {"problemes", "bilan_lignes", "carnets", "registre", "site"} <= set(answer)
    assert [carnet["execute"] for carnet in answer["carnets"]] == [False, False]

    small_project.notebook("02_second", "## Le calcul", "{}['effectif']")
    code, out, err = edp(capsys, "run", "essai")
    assert code == 1
    for part in ("02_second.ipynb, cellule 5", "Le calcul", "KeyError", "edp lab second", "second.log", "intact"):
        assert part in out


def test_check_prints_each_problem_and_exits_1_on_a_blocking_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vide.xlsx").write_bytes(b"")
    (tmp_path / "ecoles.csv").write_text("bonjour;monde\n1;2\n", encoding="utf-8")
    code, out, _ = edp(capsys, "check", str(tmp_path))
    assert code == 1
    assert "vide.xlsx" in out and "ecoles.csv" in out and "[bloquant]" in out and "2 fichiers contrôlés" in out
    assert all(line.startswith("    ") for line in out.splitlines() if "Attendu :" in line), "une ligne par chose dite"
    code, out, _ = edp(capsys, "check", str(tmp_path), "--json")
    answer = json.loads(out)
    assert code == answer["code_sortie"] == 1
    assert {file["fichier"] for file in answer["fichiers"]} == {"vide.xlsx", "ecoles.csv"}


def test_check_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder or a wrong name is not « no problem »: nothing could be carried out."""
    code, out, _ = edp(capsys, "check", str(tmp_path))
    assert code == 2 and "aucun fichier" in out
    code, out, _ = edp(capsys, "check", str(tmp_path / "nexistepas.xlsx"))
    assert code == 2 and "n'existe pas" in out


HEADINGS = "Nom;Prénom;Date de naissance;Sexe;Date d'entrée;Date de sortie;Diplôme préparé;Statut;CP;Résultat;Situation"
YOUTH = "Véranec;Maëlle;17/05/2004;F;06/09/2021;;CAP RICS;présent;;;"


def test_check_outside_a_campaign_says_what_it_left_out(
    small_project: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file names no school of the campaign: seen with --campagne only, and without it the gap is said."""
    (small_project.root / "data" / "raw" / "essai" / "ecoles.csv").write_text(
        "Code école;Domaine;Département;Ouverture;Mode de financement\nEDP-01;Bois;14;01/09/2018;FSE\n",
        encoding="utf-8",
    )
    path = tmp_path / "suivi jardin.csv"
    path.write_text(f"Suivi des jeunes\n{HEADINGS}\n{YOUTH}\n", encoding="utf-8")
    code, out, _ = edp(capsys, "check", str(path))
    assert code == 0 and "apprenants, 1 ligne lue et 2 autres (titres" in out
    assert "Non vérifié ici : l'école, la période, les présents déclarés." in out and "--campagne CODE" in out
    code, out, _ = edp(capsys, "check", "--campagne", "essai", str(path))
    assert code == 1 and "Non vérifié" not in out
    assert "Attendu : EDP-01." in out and "Nommer le fichier par le code de l'école." in out


def test_check_of_a_whole_campaign_says_what_crosses_its_files(
    small_project: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """« Chacun, fichier par fichier : edp check … » holds: the inputs that a run misses are in it."""
    raw = small_project.root / "data" / "raw" / "essai"
    (raw / "ecoles").mkdir()
    (raw / "ecoles" / "EDP-01.csv").write_text(f"{HEADINGS}\n{YOUTH}\n", encoding="utf-8")
    assert "cette entrée n'a pas été reçue" in edp(capsys, "check", str(raw))[1]
    assert "cette entrée n'a pas été reçue" not in edp(capsys, "check", str(raw / "ecoles"))[1]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0,0 s"), (59.94, "59,9 s"), (59.96, "1 min 00 s"), (134, "2 min 14 s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert terminal.duration(seconds) == text


@pytest.mark.parametrize(
    ("words", "notebook", "browser", "extra"),
    [
        ((), None, True, []),
        (("profils", "--no-browser"), "profils", False, []),
        (("profils", "--", "--allow-root", "--port=9000"), "profils", True, ["--allow-root", "--port=9000"]),
        (("--", "--allow-root"), None, True, ["--allow-root"]),
    ],
)
def test_what_follows_two_dashes_goes_to_jupyterlab(
    words: tuple[str, ...],
    notebook: str | None,
    browser: bool,
    extra: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(lab, "open_lab", lambda *arguments: calls.append(arguments) or 0)
    code, _, err = edp(capsys, "lab", *words)
    assert (code, err) == (0, "")
    assert calls == [(notebook, browser, extra)]


def test_without_a_code_the_only_campaign_received_is_chosen(small_project: Any) -> None:
    assert terminal.chosen_campaign(None).code == "essai"
