"""The simulated learners: published figures on any seed, planted effects, coherence of each record."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.checks import check_clean
from edp_analysis.problems import UserError
from edp_analysis.simulation.checks import check_simulation, origin_of, published_figures
from edp_analysis.simulation.grants import simulate_grants, simulate_schools
from edp_analysis.simulation.learners import simulate_learners
from edp_analysis.simulation.settings import read_settings
from edp_analysis.simulation.truth import read_truth, truth_folder


def simulate(code, seed):
    campaign = load_campaign(code)
    settings = read_settings(campaign)
    learners = simulate_learners(campaign, settings, np.random.default_rng([seed, 1]))
    schools = simulate_schools(settings)
    grants = simulate_grants(campaign, settings, learners.clean, np.random.default_rng([seed, 2]))
    return campaign, settings, learners, schools, grants


@pytest.fixture(scope="module")
def truth():
    folder = truth_folder(find_root(), "2024")
    return {table: read_truth(folder, table) for table in ("apprenants", "ecoles", "financements")}


def rounded(part, whole, decimals=0):
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_truth_prints_the_published_reference(truth):
    """Every share of publication-2024.csv that the registry gives, recomputed and rounded half up."""
    campaign = load_campaign("2024")
    figures = published_figures(truth["apprenants"], truth["ecoles"], truth["financements"], campaign)
    published = pd.read_csv(campaign.reference, sep=";", keep_default_na=False).set_index("id")
    for name in [*figures]:
        if name in published.index and published.loc[name, "unite"] == "%":
            row = published.loc[name]
            found = rounded(*figures[name], int(row["decimales"]))
            assert found == Decimal(str(row["valeur"])), name
    assert sum(name.startswith("origine_") for name in figures) == 10
    known = 378 - figures["origine_vide"][0]
    assert rounded(known, 378) == 87  # the publication prints 88: the declared contradiction
    assert figures["jeunes"] == figures["inscriptions"] == (378, 1)


def test_budget_of_the_counting_year(truth):
    """115 × 5 000 € = 575 000 €, and 2 000 € beside: 577 000 € for schools; 37 500 € for the delegate."""
    grants = truth["financements"]
    region = grants[(grants["financeur"] == "Région Normandie") & (grants["exercice"] == 2023)]
    for_schools = region[region["ecole"].notna() & region["objet"].isin(["FONCTIONNEMENT", "ACCOMPAGNEMENT"])]
    assert for_schools["montant"].sum() == 577_000
    assert for_schools["ecole"].nunique() == 8
    assert region.loc[region["ecole"].isna(), "montant"].tolist() == [37_500]
    assert grants.loc[grants["objet"] == "ANIMATION", "exercice"].tolist() == [2019, 2020, 2021, 2022, 2023]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_give_the_same_figures_on_other_rows(truth, seed):
    campaign, settings, learners, schools, grants = simulate("2024", seed)
    check_simulation(learners.clean, schools, grants, campaign, settings)
    check_clean(learners.clean, "apprenants")
    check_clean(grants, "financements")
    assert set(learners.clean["id_jeune"]).isdisjoint(truth["apprenants"]["id_jeune"])


def test_another_campaign_from_its_file_alone():
    campaign, settings, learners, schools, grants = simulate("2028", 11)
    check_simulation(learners.clean, schools, grants, campaign, settings)
    check_clean(learners.clean, "apprenants")
    assert len(schools) == 12
    assert len(learners.clean) == 670
    assert learners.clean["date_entree"].max() <= pd.Timestamp(2028, 4, 30)


def test_truth_satisfies_the_contract(truth):
    for table, frame in truth.items():
        check_clean(frame, table)


def test_calendar(truth):
    """No completer in schools opened in 2023; certified are completers, who leave in late June or early July."""
    frame = truth["apprenants"].merge(truth["ecoles"], on="ecole")
    recent = frame["date_ouverture"] >= pd.Timestamp(2023, 9, 1)
    assert recent.sum() > 0
    done = frame["statut"] == "FIN_DE_FORMATION"
    assert not (recent & done).any()
    assert (frame.loc[frame["resultat_examen"].notna(), "statut"] == "FIN_DE_FORMATION").all()
    assert set(frame.loc[done, "date_sortie"].dt.strftime("%m-%d")) <= {f"06-{d}" for d in range(26, 31)} | {
        f"07-0{d}" for d in range(1, 9)
    }
    days = pd.concat([frame["date_entree"], frame["date_sortie"].dropna()])
    assert days.dt.day_of_week.max() < 5
    intakes = frame.assign(fini=frame["date_entree"] < pd.Timestamp(2022, 9, 1)).groupby("fini").size()
    assert intakes.to_dict() == {False: 148, True: 230}
    assert frame["date_entree"].between(pd.Timestamp(2018, 9, 1), pd.Timestamp(2024, 1, 31)).all()
    for title, group in frame.groupby("diplome_prepare"):
        code = next(code for code in load_codes("diplome").codes if code.code == title)
        assert all(code.valid_on(day.date()) for day in group["date_entree"])


def test_three_bases_of_certification_differ(truth):
    """134 of 246 leavers, of 166 completers, and of fewer presented."""
    frame = truth["apprenants"]
    presented = int(frame["presente_examen"].sum())
    assert 134 < presented < 166 < 246


def test_blanks_gather_in_some_schools(truth):
    frame = truth["apprenants"]
    keys = ["derniere_classe", "pays_dernier_etablissement", "dispositif_specialise"]
    blank = pd.Series([origin_of(*row) == "vide" for row in frame[keys].itertuples(index=False)])
    by_school = blank.groupby(frame["ecole"]).sum().sort_values(ascending=False)
    assert by_school.sum() == 48
    assert by_school.head(3).sum() >= 36


def test_negative_exits_are_mostly_early(truth):
    frame = truth["apprenants"]
    negative = frame["situation_sortie"].isin(
        ["RECHERCHE_EMPLOI", "RECHERCHE_FORMATION", "ABANDON_PERSONNEL", "INACTIF"]
    )
    assert (frame.loc[negative, "statut"] == "SORTIE_ANTICIPEE").mean() > 0.5
    early = frame["statut"] == "SORTIE_ANTICIPEE"
    assert negative[early].mean() > 0.5


def test_planted_effect_of_age_and_none_of_sex(truth):
    """Logit of early exit, intakes whose course has ended: odds ratio of a year near 1.5, of sex compatible with 1."""
    import statsmodels.api as sm

    frame = truth["apprenants"]
    old = frame[frame["date_entree"] < pd.Timestamp(2022, 9, 1)]
    x = sm.add_constant(
        pd.DataFrame({"age": old["age_entree"].astype(float), "femme": (old["sexe"] == "F").astype(float)})
    )
    fit = sm.Logit((old["statut"] == "SORTIE_ANTICIPEE").astype(float), x).fit(disp=False)
    low, high = np.exp(fit.conf_int().loc["age"])
    assert low > 1
    assert low < 1.5 < high
    assert np.exp(fit.params["age"]) == pytest.approx(1.5, abs=0.15)
    low, high = np.exp(fit.conf_int().loc["femme"])
    assert low < 1 < high


def test_planted_feminisation_is_composition(truth):
    """Within school, the conditional logit's interval holds 0; the overall share falls from 2018 to 2022."""
    from statsmodels.discrete.conditional_models import ConditionalLogit

    frame = truth["apprenants"]
    year = frame["date_entree"].dt.year.astype(float)
    girls = (frame["sexe"] == "F").astype(int)
    fit = ConditionalLogit(girls, (year - 2021).to_frame("annee"), groups=frame["ecole"]).fit(disp=False)
    low, high = np.asarray(fit.conf_int())[0]
    assert low < 0 < high
    share = girls.groupby(year).mean()
    assert share[2018] - share[2022] > 0.05


def test_planted_school_effect_on_certification(truth):
    """Fewer failures where the campaign file says so: restauration (0.10) before chaudronnerie (0.40)."""
    frame = truth["apprenants"]
    done = frame[frame["statut"] == "FIN_DE_FORMATION"]
    rate = (done["resultat_examen"] == "ADMIS").groupby(done["ecole"]).mean()
    assert rate["EDP-01"] - rate["EDP-05"] > 0.2


def test_same_seed_same_rows():
    first, again = simulate("2024", 5), simulate("2024", 5)
    pd.testing.assert_frame_equal(first[2].clean, again[2].clean)
    pd.testing.assert_frame_equal(first[2].people, again[2].people)


def test_one_pair_of_twins():
    """Same surname, birth date and school, two first names: two youths."""
    people = simulate("2024", 5)[2].people
    twins = people[people.duplicated(["nom", "date_naissance"], keep=False)]
    assert len(twins) == 2
    assert twins["prenom"].nunique() == 2


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("resultat_examen", "AJOURNE", "certification_cursus_complet"),
        ("sexe", "X", "part_hommes|hommes"),
        ("situation_sortie", None, "situation absente"),
        ("date_sortie", pd.NaT, "sorti sans date"),
        ("id_jeune", "0" * 16, "jeunes"),
        ("derniere_classe", "9900", "origine_"),
    ],
)
def test_the_check_sees_one_changed_value(truth, column, value, message):
    """Each line is a planted fault: the check must name it, and nothing is written."""
    campaign = load_campaign("2024")
    settings = read_settings(campaign)
    broken = truth["apprenants"].copy()
    won = broken.index[(broken["resultat_examen"] == "ADMIS") & (broken["sexe"] == "H")][:2]
    if column == "derniere_classe":
        won = broken.index[broken["derniere_classe"] == "2001"][:4]
    broken.loc[won, column] = value
    with pytest.raises(UserError, match=message):
        check_simulation(broken, truth["ecoles"], truth["financements"], campaign, settings)


def test_the_check_sees_a_changed_grant(truth):
    campaign = load_campaign("2024")
    grants = truth["financements"].copy()
    chosen = grants.index[
        (grants["financeur"] == "Région Normandie")
        & (grants["objet"] == "FONCTIONNEMENT")
        & (grants["exercice"] == 2023)
    ][0]
    grants.loc[chosen, "montant"] += 5000
    with pytest.raises(UserError, match="forfait_comptage"):
        check_simulation(truth["apprenants"], truth["ecoles"], grants, campaign, read_settings(campaign))


@pytest.mark.parametrize(
    ("last_class", "country", "device", "origin"),
    [
        (None, None, None, "vide"),
        (None, None, "AUCUN", "vide"),
        (None, "FR", None, "vide"),
        (None, "MA", None, "etranger"),
        ("0009", None, None, "etranger"),
        ("1021", "PT", "SEGPA", "etranger"),
        ("1023", "FR", "ULIS", "ulis_segpa_itep"),
        ("1009", "FR", None, "ulis_segpa_itep"),
        ("1023", "FR", None, "college"),
        ("0001", None, None, "primaire"),
        ("2007", None, None, "lgt"),
        ("3003", None, None, "lp_niveau3"),
        ("3031", None, None, "lp_niveau4"),
        ("5907", None, None, "non_scolarise_ml"),
        ("9900", None, None, "autre"),
    ],
)
def test_origin_precedence(last_class, country, device, origin):
    """The written precedence, one hand-made person a branch."""
    assert origin_of(last_class, country, device) == origin
