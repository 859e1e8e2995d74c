"""A campaign in, a site out: replaced whole or not at all, and rerun only when something it depends on changed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.problems import UserError
from edp_analysis.publication import kernels
from edp_analysis.publication.cache import Entry, Key, load_entry, save_entry
from edp_analysis.publication.register import Verdict
from edp_analysis.publication.report import Event, RunReport
from edp_analysis.publication.run import run


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def reasons(report: RunReport) -> dict[str, str]:
    return {notebook.page: notebook.reason if notebook.ran else "" for notebook in report.notebooks}


@pytest.mark.lent
def test_a_site_is_built_once_and_only_what_changed_runs_again(small_project: Any) -> None:
    campaign = load_campaign("essai")
    events: list[Event] = []
    first = run(campaign, events=events.append)
    assert first.exit_code == 0 and first.replaced
    assert reasons(first) == {"premier": "jamais exécuté", "second": "jamais exécuté"}
    assert [e.step for e in events if e.state == "fin"] == ["données", "carnets", "registre", "pages"]
    built = tree(small_project.site)
    assert {"index.html", "premier.html", "second.html", "manifest.json", "carnets/01_premier.ipynb"} <= set(built)
    assert "Premier constat" in built["premier.html"].decode() and b"premier.html" in built["index.html"]

    again = run(campaign)
    assert reasons(again) == {"premier": "", "second": ""}
    assert tree(small_project.site) == built, "un second passage donne les mêmes octets"

    small_project.notebook("02_second", 'page.finding("Constat récrit")')
    assert reasons(run(campaign)) == {"premier": "", "second": "carnet modifié"}
    assert "Constat récrit" in (small_project.site / "second.html").read_text(encoding="utf-8")

    (campaign.raw / "ecoles").mkdir()
    (campaign.raw / "ecoles" / "EDP-01.csv").write_bytes(b"")
    blocked = run(campaign)
    assert reasons(blocked) == {"premier": "données changées", "second": "données changées"}
    assert blocked.exit_code == 1 and blocked.replaced, "un fichier bloqué n'arrête pas la construction"

    forced = run(campaign, only=["premier"], force=True)
    assert reasons(forced) == {"premier": "forcé", "second": ""}
    manifest = json.loads((small_project.site / "manifest.json").read_text(encoding="utf-8"))
    assert [(c["carnet"], c["motif"], c["a_jour"]) for c in manifest["carnets"]] == [
        ("notebooks/01_premier.ipynb", "forcé", True),
        ("notebooks/02_second.ipynb", "données changées", True),
    ]
    assert (small_project.site / "second.html").is_file(), "les pages des autres carnets restent"


@pytest.mark.lent
def test_a_failed_notebook_leaves_the_former_site_and_does_not_stop_the_others(small_project: Any) -> None:
    campaign = load_campaign("essai")
    run(campaign)
    before = tree(small_project.site)
    small_project.notebook("01_premier", "## Le calcul", "{}['effectif']")
    small_project.notebook("02_second", 'page.finding("Constat récrit")')
    report = run(campaign)
    assert tree(small_project.site) == before
    assert [p.name for p in small_project.site.parent.iterdir()] == ["interne"], "rien ne traîne à côté du site"
    assert not report.replaced and report.exit_code == 1
    (failure,) = report.failures
    assert (failure.notebook, failure.cell, failure.heading) == ("01_premier.ipynb", 5, "Le calcul")
    assert "KeyError" in failure.cause and failure.remedy and Path(failure.log).is_file()
    assert report.as_dict()["carnets"][0]["echec"]["cell"] == 5
    second = report.notebooks[1]
    assert second.ran and second.failure is None

    small_project.notebook("01_premier", 'page.finding("Premier constat")')
    mended = run(campaign)
    assert mended.replaced and reasons(mended) == {"premier": "", "second": ""}, "ce qui a réussi n'est pas refait"
    assert "Constat récrit" in (small_project.site / "second.html").read_text(encoding="utf-8")


@pytest.mark.lent
def test_a_page_that_was_not_asked_for_is_kept_and_said_to_be_old(small_project: Any) -> None:
    campaign = load_campaign("essai")
    run(campaign)
    small_project.notebook("02_second", 'page.finding("Constat récrit")')
    report = run(campaign, only=["01_premier"])
    assert [notebook.stale for notebook in report.notebooks] == [False, True]
    assert "Second constat" in (small_project.site / "second.html").read_text(encoding="utf-8")
    assert "exécution précédente" in (small_project.site / "index.html").read_text(encoding="utf-8")


@pytest.mark.lent
def test_one_notebook_alone_never_mixes_two_states_of_the_campaign(small_project: Any) -> None:
    """Thresholds changed since: the page not run again would stand beside the new one. Refused, unless asked for."""
    run(load_campaign("essai"))
    before = tree(small_project.site)
    path = small_project.root / "campaigns" / "essai.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("pourcentage = 20", "pourcentage = 60"), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        run(load_campaign("essai"), only=["premier"])
    assert "campagne modifiée" in caught.value.what and "antérieur : second." in caught.value.what
    assert "edp run essai" in caught.value.remedy and "--force" in caught.value.remedy
    assert len(f"{caught.value.what}\n{caught.value.remedy}".splitlines()) == 4
    assert tree(small_project.site) == before

    forced = run(load_campaign("essai"), only=["premier"], force=True)
    assert [notebook.stale for notebook in forced.notebooks] == [False, True]
    assert "exécution précédente" in (small_project.site / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("file", "cause"), [(None, "aucun de leurs fichiers n'est dans data/raw/essai/ecoles"), (b"", "edp check")]
)
def test_schools_without_any_learner_stop_before_the_notebooks(
    small_project: Any, file: bytes | None, cause: str
) -> None:
    raw = small_project.root / "data" / "raw" / "essai"
    lines = ["Code école;Domaine;Département;Ouverture;Mode de financement", "EDP-01;Bois;14;01/09/2018;FSE"]
    (raw / "ecoles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (raw / "ecoles").mkdir()
    if file is not None:
        (raw / "ecoles" / "EDP-01.csv").write_bytes(file)
    with pytest.raises(UserError, match="1 école est connue") as caught:
        run(load_campaign("essai"))
    assert cause in str(caught.value)


@pytest.mark.lent
def test_two_clean_builds_give_the_same_bytes(make_project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    for name in ("un", "deux"):
        project = make_project(name)
        monkeypatch.setenv("EDP_PROJET", str(project.root))
        run(load_campaign("essai"))
        built.append(tree(project.site))
    assert built[0] == built[1]
    assert not any(str(project.root).encode() in content for content in built[1].values()), "aucun chemin de machine"


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise AssertionError("un noyau a démarré")

    monkeypatch.setattr(kernels, "_run_kernel", refuse)


@pytest.mark.usefixtures("no_kernel")
def test_parameters_are_refused_before_any_kernel_starts_and_all_together(small_project: Any) -> None:
    small_project.notebook("01_premier", parameters='campgne = "essai"  # texte, code')
    small_project.notebook("02_second", parameters='campagne = "essai"  # texte, code')
    with pytest.raises(UserError) as caught:
        run(load_campaign("essai"))
    text = str(caught.value)
    assert "« campagne » inconnu. Peut-être : « campgne »" in text
    assert "02_second.ipynb : paramètre « audience » inconnu" in text
    assert "Aucun carnet n'a été exécuté" in text


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"audience": "public"}, "pages publiques"),
        ({"audience": "intrene"}, "interne"),
        ({"only": ["premeir"]}, "« premeir » inconnu. Peut-être : « premier »"),
    ],
)
def test_what_cannot_be_done_is_refused_first(small_project: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        run(load_campaign("essai"), **arguments)
    assert not small_project.site.exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_campaign_that_received_nothing_is_refused(small_project: Any) -> None:
    raw = small_project.root / "data" / "raw" / "essai"
    (raw / "ORIGIN.toml").unlink()
    raw.rmdir()
    with pytest.raises(UserError, match="Rien n'a été reçu") as caught:
        run(load_campaign("essai"))
    assert "simul" not in caught.value.remedy, "cette campagne n'a pas de section [simulation]"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], 0),
        ([Verdict.FOUND, Verdict.CONTRADICTORY, Verdict.NOT_RECOMPUTABLE], 0),
        ([Verdict.FOUND, Verdict.DIFFERENT], 1),
    ],
)
def test_only_a_different_figure_makes_the_register_fail(verdicts: list[Verdict], expected: int) -> None:
    entries: Any = tuple(SimpleNamespace(verdict=verdict) for verdict in verdicts)
    tables: Any = SimpleNamespace(problems=())
    assert RunReport(tables, "interne", Path("site"), True, (), entries).exit_code == expected


PARTS = {"carnet": "1", "parametres": "1", "campagne": "1", "donnees": "1", "code": "1", "versions": "1"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"carnet": "2"}, "carnet modifié"),
        ({"parametres": "2"}, "paramètres changés"),
        ({"campagne": "2"}, "campagne modifiée"),
        ({"donnees": "2"}, "données changées"),
        ({"code": "2"}, "code changé"),
        ({"versions": "2"}, "versions changées"),
        ({"donnees": "2", "code": "2"}, "données changées, code changé"),
    ],
)
def test_the_reason_names_what_changed(changed: dict[str, str], reason: str) -> None:
    entry = Entry(Key(PARTS), "jamais exécuté", "")
    key = Key({**PARTS, **changed})
    assert key.why(entry) == reason
    assert (key.digest == entry.key.digest) == (not changed)
    assert key.why(entry, force=True) == "forcé"


def test_an_executed_notebook_that_was_touched_is_not_trusted(tmp_path: Path) -> None:
    executed = tmp_path / "premier.ipynb"
    executed.write_text("{}", encoding="utf-8")
    saved = save_entry(executed, Key(PARTS), "jamais exécuté")
    assert load_entry(executed) == saved
    executed.write_text("{ }", encoding="utf-8")
    assert load_entry(executed) is None
    executed.write_text("{}", encoding="utf-8")
    executed.with_suffix(".json").write_text('{"cle": ', encoding="utf-8")
    assert load_entry(executed) is None
