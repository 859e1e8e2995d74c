"""The other schemes for youths out of school: whom they take, for how long, at what cost, with what result.

A cost or a result is set beside ours only when both are taken of the same base, or of a close one: the file then
says what differs, and the table repeats it. Otherwise the table says « base différente » and gives nothing to compare.
A fact without a source is not in the file, and reads « non trouvé ».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from edp_analysis.indicators.derived import par_cle, premieres_inscriptions
from edp_analysis.indicators.exits import sorties_favorables
from edp_analysis.indicators.outcomes import certification_presentes
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.indicators.territory import NOT_FOUND

__all__ = [
    "age_minimal",
    "couts",
    "dispositifs",
    "fermes_avant",
    "load_schemes",
    "peu_de_rupture",
    "publie",
    "resultats",
    "sources_dispositifs",
    "trop_jeunes",
    "trop_jeunes_par_age",
]

_COLUMNS = (
    "dispositif", "fait", "texte", "nombre", "minimum", "maximum", "unite", "base", "annee", "source", "note",
    "difference",
)  # fmt: skip
_FACTS = {"public": "Public", "age": "Âge", "statut": "Statut du jeune", "duree": "Durée"}
_BASES = {
    "jeune_accueilli": "par jeune accueilli dans l’année",
    "eleve_an": "par élève et par an",
    "jeune_prevu": "par jeune prévu au budget",
    "volontaire_an": "par volontaire et par an",
    "sortants_e2c": "sur les sortants, au sens du réseau E2C",
    "candidats_presentes": "sur les candidats présentés",
    "sortants_toutes_durees": "sur les sortants",
    "volontaires": "sur les volontaires",
    "jeunes_recus": "sur les jeunes reçus",
}
_SAME, _CLOSE, _OTHER, _NOTHING = "même base", "base proche", "base différente", "—"


def load_schemes(root: Path | None = None) -> pd.DataFrame:
    """Read the facts, one a row: scheme, kind of fact, words or number, base, year, source, difference with our base.

    Raises
    ------
    UserError
        The file is absent, or a fact has no source.
    """
    numbers = ("nombre", "minimum", "maximum")
    return read_declared("dispositifs.csv", _COLUMNS, ("dispositif", "fait", "source"), numbers, root)


def dispositifs(root: Path | None = None) -> pd.DataFrame:
    """Lay out whom each scheme takes: ``Dispositif``, ``Public``, ``Âge``, ``Statut du jeune``, ``Durée``."""
    facts = load_schemes(root)
    names = _described(facts)
    table = pd.DataFrame({"Dispositif": names})
    for fact, heading in _FACTS.items():
        texts = facts[facts["fait"] == fact].set_index("dispositif")["texte"]
        table[heading] = [texts.get(name, NOT_FOUND) for name in names]
    return table


def sources_dispositifs(root: Path | None = None) -> pd.DataFrame:
    """List the sources of each scheme, each once, with the facts they give."""
    facts = load_schemes(root)
    labels = {**_FACTS, "cout": "Coût", "resultat": "Résultat"}
    grouped = facts.assign(fait=facts["fait"].map(labels)).groupby(["dispositif", "source"], sort=False)["fait"]
    table = grouped.agg(", ".join).reset_index()
    return table.rename(columns={"dispositif": "Dispositif", "source": "Source", "fait": "Ce qu’elle établit"})


def couts(ours: Mapping[str, Indicator], root: Path | None = None) -> pd.DataFrame:
    """Set the published cost of each scheme beside ours, where the bases are the same or close.

    Parameters
    ----------
    ours : mapping of str to Indicator
        :func:`~edp_analysis.indicators.unit_costs.couts_unitaires`; the cost per youth welcomed has comparators, and
        so has the cost per learner present on the counting day, beside which a cost « per pupil » is set: a year of
        presence leaves the summer out, and would be dearer.
    root : pathlib.Path, optional

    Returns
    -------
    pandas.DataFrame
        ``Dispositif``, ``Coût publié`` (€), ``Base``, ``Année``, ``Comparaison``, ``Ce qui diffère`` (for a close
        base), ``Écoles de production`` (our indicator, « — » when the bases differ), ``Qui et quand`` (its
        population and period), ``Source``, ``Remarque``; « non trouvé » for a scheme of which nothing was published.
    """
    # Euros over a count read as nothing beside a published cost: the table keeps the amount.
    same = {
        base: replace(ours[unit], numerator=None, denominator=None)
        for base, unit in (("jeune_accueilli", "jeune_accueilli"), ("eleve_an", "apprenant_comptage"))
    }
    return _beside("cout", "Coût publié", same, root)


def resultats(apprenants: pd.DataFrame, version: str, root: Path | None = None) -> pd.DataFrame:
    """Set the published result of each scheme beside ours, where the bases are the same or close (as :func:`couts`).

    Two of our indicators have comparators: favourable exits in the sense of the E2C, success of the candidates.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    version : str
        Version of the classing of exits.
    root : pathlib.Path, optional
    """
    same = {
        "sortants_e2c": sorties_favorables(apprenants, version, "e2c"),
        "candidats_presentes": certification_presentes(apprenants),
    }
    return _beside("resultat", "Résultat publié", same, root)


def _described(facts: pd.DataFrame) -> list[str]:
    """Return the schemes of which one says whom they take; another row is a published figure, of no scheme."""
    return list(dict.fromkeys(facts.loc[facts["fait"].isin(list(_FACTS)), "dispositif"]))


def _beside(fact: str, heading: str, same: Mapping[str, Indicator], root: Path | None) -> pd.DataFrame:
    facts = load_schemes(root)
    described = _described(facts)
    rows: list[tuple[object, ...]] = []
    for name in dict.fromkeys(facts["dispositif"]):
        own = facts[(facts["dispositif"] == name) & (facts["fait"] == fact)]
        for item in own.itertuples(index=False):
            base, scale, differs = str(item.base), 100 if item.unite == "%" else 1, str(item.difference)
            ours = same.get(base)
            words = ", ".join(part for part in (str(item.texte), _BASES.get(base, base)) if part)
            compared = _OTHER if ours is None else _CLOSE if differs else _SAME
            rows.append(
                (
                    name, round(float(str(item.nombre)) / scale, 6), words, item.annee, compared,
                    differs if ours else "", ours or _NOTHING, ours.population if ours else "", item.source, item.note,
                )
            )  # fmt: skip
        if own.empty and name in described:
            rows.append((name, None, "", "", NOT_FOUND, "", _NOTHING, "", "", ""))
    columns = [
        "Dispositif", heading, "Base", "Année", "Comparaison", "Ce qui diffère", "Écoles de production",
        "Qui et quand", "Source", "Remarque",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({heading: "float64"})


def publie(dispositif: str, fait: str, root: Path | None = None) -> Indicator:
    """Return the published cost (``"cout"``) or result (``"resultat"``) of a scheme, for a sentence.

    Examples
    --------
    >>> publie("Apprentissage", "cout").value
    19200.0
    """
    facts = load_schemes(root)
    own = facts[(facts["dispositif"] == dispositif) & (facts["fait"] == fait) & facts["nombre"].notna()]
    label = f"{dispositif} : {fait} publié"
    if own.empty:
        return Indicator(f"{fait}_publie", label, None, "€" if fait == "cout" else "%", dispositif, reason=NOT_FOUND)
    item = own.iloc[0]
    scale = 100 if item["unite"] == "%" else 1
    words = f"{dispositif}, {item['annee']}, {_BASES.get(item['base'], item['base'])}"
    value = round(float(item["nombre"]) / scale, 6)
    return Indicator(f"{fait}_publie", label, value, str(item["unite"]), words, method=str(item["source"]))


def trop_jeunes(apprenants: pd.DataFrame, root: Path | None = None) -> dict[str, Indicator]:
    """Share of the youths who, on the day they entered, were younger than the minimum age of each other scheme.

    Returns
    -------
    dict of str to Indicator
        By scheme whose minimum age is known; an age that is not recorded is left out.
    """
    youths = premieres_inscriptions(apprenants)
    known = youths[youths["age_entree"].notna()]
    ages = load_schemes(root)
    ages = ages[(ages["fait"] == "age") & ages["minimum"].notna()]
    found = {}
    for rank, (name, minimum) in enumerate(zip(ages["dispositif"], ages["minimum"], strict=True), start=1):
        younger = par_cle(known, known["age_entree"].astype("float64") < float(minimum))
        found[str(name)] = share(
            f"trop_jeunes_{rank}", f"Trop jeunes pour entrer : {name}", younger,
            "jeunes entrés dont l’âge est connu", "âge à l’entrée, en années révolues, < âge minimal publié",
        )  # fmt: skip
    return found


def trop_jeunes_par_age(apprenants: pd.DataFrame, root: Path | None = None) -> dict[str, Indicator]:
    """Give :func:`trop_jeunes` once for each minimum age, in order: schemes that share one are named together.

    Returns
    -------
    dict of str to Indicator
        By « Moins de 16 ans : Micro-lycée, Mission locale… ».
    """
    younger, ages = trop_jeunes(apprenants, root), load_schemes(root)
    ages = ages[(ages["fait"] == "age") & ages["minimum"].notna()]
    found = {}
    for minimum, own in ages.groupby("minimum"):
        names = list(own["dispositif"])
        found[f"Moins de {float(str(minimum)):g} ans : {', '.join(names)}"] = younger[names[0]]
    return found


def age_minimal(dispositif: str, root: Path | None = None) -> Indicator:
    """Return the minimum age of a scheme.

    Examples
    --------
    >>> age_minimal("EPIDE").value
    17.0
    """
    facts = load_schemes(root)
    own = facts.loc[(facts["dispositif"] == dispositif) & (facts["fait"] == "age"), "minimum"].dropna()
    value = float(own.iloc[0]) if len(own) else None
    return Indicator(
        "age_minimal", f"Âge minimal : {dispositif}", value, "ans", dispositif, reason="" if len(own) else NOT_FOUND
    )


def fermes_avant(age: float, root: Path | None = None) -> Indicator:
    """Count the schemes that take nobody under an age, of those whose minimum age is known.

    Examples
    --------
    >>> fermes_avant(15).numerator == fermes_avant(15).denominator
    True
    """
    facts = load_schemes(root)
    ages = facts[(facts["fait"] == "age") & facts["minimum"].notna()]
    closed = tuple(ages.loc[ages["minimum"] >= age, "dispositif"])
    return Indicator(
        "dispositifs_fermes", "Dispositifs fermés aux plus jeunes", float(len(closed)) if len(ages) else None,
        "dispositifs", "dispositifs dont l’âge minimal est connu", len(closed), len(ages),
        reason="" if len(ages) else NOT_FOUND, rows=closed,
    )  # fmt: skip


def peu_de_rupture(apprenants: pd.DataFrame, dispositif: str, root: Path | None = None) -> Indicator:
    """Share of the youths out of school, on entering, for less time than a scheme asks for (in months)."""
    facts = load_schemes(root)
    asked = facts.loc[(facts["dispositif"] == dispositif) & (facts["unite"] == "mois"), "minimum"]
    youths = premieres_inscriptions(apprenants)
    known = youths[youths["mois_hors_scolarite"].notna()]
    words = "jeunes entrés dont la durée hors scolarité est connue"
    id, label = "peu_de_rupture", f"Pas assez longtemps hors de l’école pour entrer : {dispositif}"
    if asked.empty:
        return Indicator(id, label, None, "%", words, reason="durée d’interruption demandée non trouvée")
    shorter = par_cle(known, known["mois_hors_scolarite"].astype("float64") < float(asked.iloc[0]))
    return share(id, label, shorter, words, "mois hors scolarité à l’entrée < durée demandée")
