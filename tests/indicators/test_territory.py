"""Needs and other schemes: each figure has a source, none is shared out or compared across bases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, find_root, load_campaign
from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators import schemes, territory
from edp_analysis.indicators.comparators import load_comparators
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.territory import NOT_FOUND
from edp_analysis.problems import UserError

FILES = ("territoire.csv", "metiers.csv", "dispositifs.csv", "comparateurs.csv")


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign("2024")


@pytest.fixture
def declared(tmp_path) -> Path:
    """A project of which only the reference files are there."""
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copy(find_root() / "data" / "reference" / name, folder)
    return tmp_path


def edit(root: Path, name: str, before: str, after: str) -> None:
    path = root / "data" / "reference" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def schools(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["ecole", "domaine", "departement"])


THREE = schools(("EDP-01", "RESTAURATION", "76"), ("EDP-02", "USINAGE", "27"), ("EDP-03", "BOIS", "27"))


def cost(value: float) -> Indicator:
    return Indicator("cout", "Coût", value, "€", "écoles")


# -- territory --------------------------------------------------------------------------------------------------------


def test_departements_hold_their_schools_learners_and_needs(learners, campaign):
    """On 31/12/2023: two learners in EDP-02, one in EDP-03 (both in the Eure), one gone from EDP-01."""
    people = learners(
        {"ecole": "EDP-02"}, {"ecole": "EDP-02"}, {"ecole": "EDP-03"},
        {"ecole": "EDP-01", "date_sortie": "2023-06-30", "statut": "FIN_DE_FORMATION"},
    )  # fmt: skip
    table = territory.par_departement(people, THREE, campaign).set_index("code")
    assert table["Apprenants présents"].to_dict() == {"14": 0, "27": 3, "50": 0, "61": 0, "76": 0}
    assert table["Écoles"].to_dict() == {"14": 0, "27": 2, "50": 0, "61": 0, "76": 1}
    assert table.loc["27", "Domaines"] == "Bois, charpente ; Usinage, conduite d’installations"
    assert table.loc["50", "Domaines"] == "aucun"
    assert table["Chômage 2023"].to_dict() == pytest.approx({"14": 6.6, "27": 7.2, "50": 5.3, "61": 6.8, "76": 8.0})
    assert table["Établissements qui prévoient de recruter 2023"].to_dict() == pytest.approx(
        {"14": 33.5, "27": 27, "50": 33.5, "61": 29.5, "76": 31.5}
    )
    assert territory.presents(people, campaign).value == 3
    assert set(table["Décrocheurs"]) == {NOT_FOUND}, "aucune source par département : rien n'est réparti"


def test_a_need_is_of_the_last_year_the_campaign_knows(learners):
    from dataclasses import replace
    from datetime import date

    early = replace(load_campaign("2024"), extraction_date=date(2022, 4, 30))
    table = territory.par_departement(learners(), THREE, early)
    assert "Chômage 2021" in table
    assert "Établissements qui prévoient de recruter" in table
    assert table["Établissements qui prévoient de recruter"].isna().all()
    assert territory.chomage(early)["annee"].max() == 2021


def test_coverage_and_domains():
    covered = territory.departements_couverts(THREE)
    assert (covered.value, covered.denominator, covered.rows) == (2, 5, ("27", "76"))
    table = territory.domaines_par_departement(THREE).set_index("Domaine")
    assert table.loc["Usinage, conduite d’installations"].to_dict() == {
        "Calvados": 0, "Eure": 1, "Manche": 0, "Orne": 0, "Seine-Maritime": 0,
    }  # fmt: skip
    assert table.to_numpy().sum() == 3


def test_a_trade_without_source_is_not_called_in_demand():
    table = territory.metiers_par_domaine(THREE).set_index("Domaine")
    assert table.loc["Bois, charpente", ["Besoin en main-d’œuvre", "Source"]].tolist() == ["non établi", NOT_FOUND]
    assert "Besoins en main-d’œuvre 2023" in table.loc["Restauration", "Source"]
    blank = territory.domaines_sans_source(THREE)
    assert (blank.numerator, blank.denominator) == (1, 3)


def test_entrants_beside_a_regional_figure(learners):
    """Three youths entered in 2023-2024 (one of them twice), for about 10 000 leaving without a diploma: 0.3."""
    latest = {"annee_scolaire_entree": "2023-2024"}
    people = learners({**latest, "id_jeune": "j"}, {**latest, "id_jeune": "j"}, latest, latest, {})
    entered, gone = territory.entrants_derniere_annee(people), territory.sorties_sans_diplome()
    assert (entered.value, entered.population) == (3, "jeunes entrés en 2023-2024")
    assert (gone.value, gone.population) == (10_000, "Normandie, 2019")
    found = territory.entrants_pour_mille_sorties(people)
    assert (found.numerator, found.denominator, found.unit) == (3, 10_000, "pour mille")
    assert found.value == pytest.approx(0.3)


def test_a_whole_count_is_worded_as_a_whole():
    """Two of five, then all of them: « 5 sur 5 » is not French for all."""
    some = territory.departements_couverts(THREE)
    assert territory.couverture(some) == "{departements:nombre} des {region:nombre} départements ont une école"
    every = schools(*((f"EDP-0{rank}", "BOIS", code) for rank, code in enumerate(load_codes("departement").labels)))
    assert territory.couverture(territory.departements_couverts(every)) == (
        "les {region:nombre} départements de la région ont une école"
    )


def test_learners_present_by_departement(learners, campaign):
    """One in EDP-01 (Seine-Maritime), two in EDP-02 (Eure), one gone; every département of the region is there."""
    gone = {"ecole": "EDP-02", "date_sortie": "2023-06-30", "statut": "FIN_DE_FORMATION"}
    people = learners({"ecole": "EDP-01"}, {"ecole": "EDP-02"}, {"ecole": "EDP-02"}, gone)
    found = territory.presents_par_departement(people, THREE, campaign)
    assert {name: item.value for name, item in found.items()} == {
        "Calvados": 0, "Eure": 2, "Manche": 0, "Orne": 0, "Seine-Maritime": 1,
    }  # fmt: skip


def test_domains_taught_in_one_departement_only():
    """Usinage in two départements, bois in one: one of two."""
    three = schools(("EDP-01", "USINAGE", "76"), ("EDP-02", "USINAGE", "27"), ("EDP-03", "BOIS", "27"))
    found = territory.domaines_un_departement(three)
    assert (found.numerator, found.denominator, found.rows) == (1, 2, ("BOIS",))
    assert territory.domaines_un_departement(THREE.iloc[:0]).reason == "aucune école connue"


def test_the_highest_and_the_lowest_unemployment(campaign):
    """INSEE, 2023: 8.0 % in Seine-Maritime, 5.3 % in the Manche (the values of the file, read by eye)."""
    high, low = territory.chomage_extremes(campaign)
    assert (high.label, high.value, low.label, low.value) == (
        "Seine-Maritime", pytest.approx(0.080), "Manche", pytest.approx(0.053),
    )  # fmt: skip
    assert high.population == "population active, 2023"


def test_empty_tables_are_said(learners, campaign):
    none = THREE.iloc[:0]
    assert territory.departements_couverts(none).reason == "aucune école connue"
    assert territory.domaines_sans_source(none).reason == "aucune école connue"
    assert territory.entrants_pour_mille_sorties(learners()).reason == "aucun apprenant connu"
    assert territory.par_departement(learners(), none, campaign)["Écoles"].sum() == 0
    assert territory.domaines_par_departement(none).empty


def test_every_published_figure_has_a_source_and_a_year():
    frame = territory.load_territory()
    for column in ("libelle", "base", "annee", "source", "statut"):
        assert (frame[column].str.strip() != "").all()
    assert set(load_codes("departement").labels) <= set(frame.loc[frame["indicateur"] == "chomage", "code"])
    assert len(territory.besoins_regionaux()) == 3


@pytest.mark.parametrize(
    ("name", "before", "after", "named"),
    [
        ("territoire.csv", ";relevé;", ";;", "« statut » manque"),
        ("territoire.csv", ";33.5;", ";33,5;", "« 33,5 » n’est pas un nombre"),
        ("metiers.csv", "Tendance Ouest, article n° 401545 (tendanceouest.com)", "", "ligne 3 : « source » manque"),
        ("dispositifs.csv", "Weka, dossier pratique n° 12772 (weka.fr)", "", "ligne 2 : « source » manque"),
        ("dispositifs.csv", "dispositif;fait", "nom;fait", "colonnes inattendues"),
    ],
)
def test_a_planted_fault_is_named(declared, name, before, after, named):
    edit(declared, name, before, after)
    with pytest.raises(UserError, match=named):
        territory.load_territory(declared)
        territory.metiers_par_domaine(THREE, declared)
        schemes.load_schemes(declared)


# -- other schemes ----------------------------------------------------------------------------------------------------


def test_what_was_not_found_is_said():
    table = schemes.dispositifs().set_index("Dispositif")
    assert table.loc["Mission locale", "Durée"] == NOT_FOUND
    assert table.loc["EPIDE", "Âge"] == "17 à 25 ans"
    assert (table != "").all().all()


OURS = {"jeune_accueilli": cost(12_000), "annee_apprenant": cost(20_000), "apprenant_comptage": cost(18_000)}


def test_a_cost_is_set_beside_ours_when_what_differs_is_said():
    """A cost per pupil goes with our learners present on the counting day, not with twelve months of presence."""
    table = schemes.couts(OURS).set_index("Dispositif")
    kept, ours = ["Coût publié", "Comparaison"], table["Écoles de production"]
    assert table.loc["École de la deuxième chance (E2C)", kept].tolist() == [6_100, "base proche"]
    assert ours["École de la deuxième chance (E2C)"].value == 12_000
    assert table.loc["Apprentissage", kept].tolist() == [19_200, "base proche"]
    assert (ours["Apprentissage"].value, ours["Lycée professionnel"].value) == (18_000, 18_000)
    assert "financement du contrat" in table.loc["Apprentissage", "Ce qui diffère"]
    assert table.loc["Apprentissage", "Qui et quand"] == "écoles"
    assert table.loc["EPIDE", "Comparaison"] == "base différente"
    assert (ours["EPIDE"], table.loc["EPIDE", "Ce qui diffère"], table.loc["EPIDE", "Qui et quand"]) == ("—", "", "")
    assert table.loc["Micro-lycée", ["Comparaison", "Base", "Source"]].tolist() == [NOT_FOUND, "", ""], "said once"
    assert pd.isna(table.loc["Micro-lycée", "Coût publié"])


def test_a_base_is_the_same_only_when_nothing_is_said_to_differ(declared, learners):
    """Planted: without its difference the rate of apprentices reads « même base »; with it, as shipped, it does not."""
    people = learners({"presente_examen": True, "resultat_examen": "ADMIS"})
    shipped = schemes.resultats(people, "2024-1", declared).set_index("Dispositif")
    differs = '"Toutes spécialités ; une seule session"'
    edit(declared, "dispositifs.csv", f";Apprentis seulement;{differs}", ";Apprentis seulement;")
    planted = schemes.resultats(people, "2024-1", declared).set_index("Dispositif")
    assert shipped.loc["Apprentissage", "Comparaison"] == "base proche"
    assert planted.loc["Apprentissage", "Comparaison"] == "même base"


def test_results_are_set_beside_ours_when_what_differs_is_said(learners):
    """One candidate of two passed; of two leavers, one is an apprentice, the other has a contract of under 3 months."""
    gone = {"statut": "FIN_DE_FORMATION", "date_sortie": "2021-06-30", "presente_examen": True}
    people = learners(
        {**gone, "resultat_examen": "ADMIS", "situation_sortie": "APPRENTISSAGE"},
        {**gone, "resultat_examen": "AJOURNE", "situation_sortie": "CDD_MOINS_3M"},
    )
    table = schemes.resultats(people, "2024-1").set_index("Dispositif")
    kept, ours = ["Résultat publié", "Comparaison"], table["Écoles de production"]
    assert table.loc["École de la deuxième chance (E2C)", kept].tolist() == [0.61, "base proche"]
    assert "abandons" in table.loc["École de la deuxième chance (E2C)", "Ce qui diffère"]
    assert table.loc["Candidats au CAP, toutes voies", kept].tolist() == [0.849, "base proche"]
    assert (ours["École de la deuxième chance (E2C)"].value, ours["Candidats au CAP, toutes voies"].value) == (0.5, 0.5)
    assert "entrés en 2019-2020" in table.loc["Candidats au CAP, toutes voies", "Qui et quand"], (
        "our years are in the row"
    )
    assert table.loc["Prépa-apprentissage", kept].tolist() == [0.44, "base différente"]
    assert ours["Prépa-apprentissage"] == "—"
    none = schemes.resultats(learners(), "2024-1")["Écoles de production"]
    assert {item.reason for item in none if item != "—"} == {"aucun enregistrement dans le champ"}


def test_a_published_figure_of_no_scheme_has_no_empty_row(learners):
    """All candidates to the CAP are not a scheme: no row on whom it takes, nor on a cost it cannot have."""
    assert "Candidats au CAP, toutes voies" not in set(schemes.couts(OURS)["Dispositif"])
    assert {"Candidats au CAP, toutes voies", "Lycée professionnel"}.isdisjoint(schemes.dispositifs()["Dispositif"])
    assert "Lycée professionnel" not in set(schemes.resultats(learners(), "2024-1")["Dispositif"])


def test_a_published_figure_may_be_cited():
    cited = schemes.publie("École de la deuxième chance (E2C)", "resultat")
    assert (cited.value, cited.unit) == (0.61, "%")
    assert schemes.publie("Micro-lycée", "cout").reason == NOT_FOUND


def test_a_fact_written_in_two_files_is_the_same():
    """The comparators also hold the cost and the result of the E2C, and the cost of a pupil and of an apprentice."""
    known = load_comparators()
    facts = schemes.load_schemes().set_index(["dispositif", "fait"])["nombre"]
    e2c = known[(known["population"].str.contains("deuxième chance")) & (known["annee"] == "2024")]
    e2c = e2c.set_index("indicateur")["valeur"]
    assert facts["École de la deuxième chance (E2C)", "cout"] == e2c["cout_par_jeune"]
    assert facts["École de la deuxième chance (E2C)", "resultat"] == e2c["sorties_positives_e2c"]
    others = known[known["indicateur"] == "cout_par_jeune"].set_index("population")["valeur"]
    assert facts["Lycée professionnel", "cout"] == others["Lycéens professionnels, France"]
    assert facts["Apprentissage", "cout"] == others["Apprentis, France"]


def test_too_young_for_the_other_schemes(learners):
    """Ages 14, 15, 16 and one unknown: two of three are under 16, all under 17, one under 15."""
    people = learners({"age_entree": 14}, {"age_entree": 15}, {"age_entree": 16}, {"age_entree": None})
    found = schemes.trop_jeunes(people)
    counts = {name: (item.numerator, item.denominator) for name, item in found.items()}
    assert counts["École de la deuxième chance (E2C)"] == (2, 3)
    assert counts["EPIDE"] == (3, 3)
    assert counts["Apprentissage"] == (1, 3)
    assert "Lycée professionnel" not in counts
    assert len({item.id for item in found.values()}) == len(found)


def test_schemes_of_one_minimum_age_are_one_row(learners):
    """Minimum ages in the file: 15 (apprenticeship), 16 (six schemes), 17 (EPIDE); ages as above."""
    people = learners({"age_entree": 14}, {"age_entree": 15}, {"age_entree": 16}, {"age_entree": None})
    found = schemes.trop_jeunes_par_age(people)
    assert [item.numerator for item in found.values()] == [1, 2, 3]
    first, shared, last = found
    assert first == "Moins de 15 ans : Apprentissage" and last == "Moins de 17 ans : EPIDE"
    assert shared.startswith("Moins de 16 ans : ") and shared.count(",") == 5
    closed = schemes.fermes_avant(16)
    assert (closed.numerator, closed.denominator) == (7, 8)
    assert schemes.age_minimal("Lycée professionnel").reason == NOT_FOUND


def test_months_out_of_school_against_what_a_scheme_asks(learners):
    """Out for 2, 6 and 9 months, one unknown: one of three under the six months of a micro-lycée."""
    people = learners(*({"mois_hors_scolarite": months} for months in (2, 6, 9, None)))
    found = schemes.peu_de_rupture(people, "Micro-lycée")
    assert (found.numerator, found.denominator) == (1, 3)
    assert schemes.peu_de_rupture(people, "EPIDE").reason == "durée d’interruption demandée non trouvée"
    assert schemes.peu_de_rupture(learners({}), "Micro-lycée").reason == "aucun enregistrement dans le champ"
