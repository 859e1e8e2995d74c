"""What is assumed and not observed: conventions and hypotheses, each labelled, in files that an analyst may edit.

``data/reference/hypotheses.csv`` holds the numbers (capacity of a class, loss tried on a leg…), which a row may set for
one school; ``modele-economique.csv`` says what varies with the number of learners; ``adossement.csv`` what a host
structure could share.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.problems import UserError

__all__ = ["Hypotheses", "Model", "hypotheses_table", "load_hypotheses", "load_model", "load_sharing"]

_STATUSES = ("convention", "hypothèse")
_FRACTIONS = {
    "un sixième": 1 / 6, "un quart": 1 / 4, "un tiers": 1 / 3, "la moitié": 1 / 2, "deux tiers": 2 / 3,
    "trois quarts": 3 / 4,
}  # fmt: skip
_COLUMNS = ("code", "ecole", "libelle", "valeur", "unite", "statut", "source")
_MODEL = ("nature", "cle", "libelle", "part_fixe", "part_production", "achat_production", "statut", "source")
_SHARING = ("compte", "libelle", "partage_bas", "partage_haut", "statut", "source")


@dataclass(frozen=True)
class Hypotheses:
    """The numbers assumed: `rows` as read from ``hypotheses.csv``."""

    rows: pd.DataFrame

    def value(self, code: str, school: str = "") -> float:
        """Return a number, the one of the school where a row sets it, else the one of all schools.

        Raises
        ------
        UserError
            Nothing is declared under this code for all schools.
        """
        same = self.rows[self.rows["code"] == code]
        for owner in (school, ""):
            own = same.loc[same["ecole"] == owner, "valeur"]
            if len(own):
                return float(own.iloc[0])
        raise UserError(f"Hypothèse « {code} » non déclarée.", "L’ajouter à data/reference/hypotheses.csv.")

    def indicator(self, code: str) -> Indicator:
        """Return a number assumed for all schools, to be written in a sentence; a part is a percentage."""
        value = self.value(code)
        row = self.rows[(self.rows["code"] == code) & (self.rows["ecole"] == "")].iloc[0]
        unit = "%" if row["unite"] == "part" else str(row["unite"])
        return amount(code, str(row["libelle"]), value, unit, str(row["statut"]), str(row["source"]))


def load_hypotheses(root: Path | None = None) -> Hypotheses:
    """Read the numbers assumed.

    Examples
    --------
    >>> load_hypotheses().value("capacite_classe")
    14.0
    """
    rows = read_declared(
        "hypotheses.csv", _COLUMNS, ("code", "libelle", "valeur", "unite", "statut", "source"), ("valeur",), root
    )
    _check_status(rows, "hypotheses.csv")
    if rows.duplicated(["code", "ecole"]).any():
        twice = rows.loc[rows.duplicated(["code", "ecole"]), "code"].iloc[0]
        raise UserError(
            f"data/reference/hypotheses.csv : « {twice} » est donné deux fois.", "N’en garder qu’une ligne."
        )
    return Hypotheses(rows)


@dataclass(frozen=True)
class Model:
    """How charges (by account prefix) and products (by leg) move with the number of learners.

    Attributes
    ----------
    charges : pandas.DataFrame
        Indexed by account prefix: ``part_fixe``, ``part_production`` in [0, 1], ``achat_production`` (bool).
    products : mapping of str to float
        Fixed part of each leg of the triptych.
    """

    charges: pd.DataFrame
    products: dict[str, float]

    def split(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Attach to accounts (``compte``, ``solde_centimes``) the behaviour of the longest prefix that is declared."""
        prefixes = [longest_prefix(str(account), self.charges.index) for account in rows["compte"]]
        return pd.concat([rows.reset_index(drop=True), self.charges.loc[prefixes].reset_index(drop=True)], axis=1)


def load_model(root: Path | None = None) -> Model:
    """Read what is fixed and what varies.

    Raises
    ------
    UserError
        A share is outside [0, 1], a leg or the default row of charges (« 6 ») is missing.

    Examples
    --------
    >>> load_model().products["PRIVE"]
    1.0
    """
    rows = _read_model(root)
    charges = rows[rows["nature"] == "charge"].set_index("cle")
    products = rows[rows["nature"] == "produit"].set_index("cle")["part_fixe"]
    missing = sorted({"CA", "SUBVENTIONS", "PRIVE", "AUTRES"} - set(products.index)) + (
        [] if "6" in charges.index else ["6"]
    )
    if missing:
        raise UserError(f"data/reference/modele-economique.csv : ligne « {missing[0]} » absente.", "L’ajouter.")
    kept = charges[["part_fixe", "part_production"]].assign(achat_production=charges["achat_production"] == "oui")
    return Model(kept, {str(leg): float(share) for leg, share in products.items()})


def _read_model(root: Path | None) -> pd.DataFrame:
    filled = ("nature", "cle", "libelle", "part_fixe", "statut", "source")
    rows = read_declared("modele-economique.csv", _MODEL, filled, ("part_fixe", "part_production"), root)
    _check_status(rows, "modele-economique.csv")
    _check_shares(rows, ("part_fixe", "part_production"), "modele-economique.csv")
    return rows


def load_sharing(root: Path | None = None) -> pd.DataFrame:
    """Read what a host structure could share: ``compte`` (prefix), ``libelle``, ``partage_bas``, ``partage_haut``."""
    rows = read_declared(
        "adossement.csv", _SHARING, ("compte", "libelle", "partage_bas", "partage_haut", "statut", "source"),
        ("partage_bas", "partage_haut"), root,
    )  # fmt: skip
    _check_status(rows, "adossement.csv")
    _check_shares(rows, ("partage_bas", "partage_haut"), "adossement.csv")
    wrong = rows[rows["partage_bas"] > rows["partage_haut"]]
    if len(wrong):
        what = f"data/reference/adossement.csv, compte {wrong['compte'].iloc[0]} : la borne basse passe la haute."
        raise UserError(what, "Corriger les deux bornes.")
    return rows


def hypotheses_table(root: Path | None = None) -> pd.DataFrame:
    """Lay out, for readers, every number assumed, what is fixed, and every share a host structure could take.

    Returns
    -------
    pandas.DataFrame
        ``Groupe``, ``Ce qui est supposé``, ``Valeur``, ``Statut``, ``Source``.
    """
    numbers, sharing, model = load_hypotheses(root).rows, load_sharing(root), _read_model(root)
    labels = numbers["libelle"] + numbers["ecole"].map(lambda school: f" ({school})" if school else "")
    values = [
        _share(value) if unit == "part" else f"{_plain(value)} {unit}"
        for value, unit in zip(numbers["valeur"], numbers["unite"], strict=True)
    ]
    moves = [_moves(fixed, part) for fixed, part in zip(model["part_fixe"], model["part_production"], strict=True)]
    ranges = [
        f"entre {_share(low)} et {_share(high)} de la charge"
        for low, high in zip(sharing["partage_bas"], sharing["partage_haut"], strict=True)
    ]
    groups = model["nature"].map(
        {
            "charge": "Charges : ce qui suit l’effectif, et la part de l’atelier",
            "produit": "Produits : ce qui suit l’effectif",
        }
    )
    return pd.DataFrame(
        {
            "Groupe": [*["Nombres supposés"] * len(numbers), *groups, *["Charges partageables"] * len(sharing)],
            "Ce qui est supposé": [*labels, *model["libelle"], *sharing["libelle"]],
            "Valeur": [*values, *moves, *ranges],
            "Statut": [*numbers["statut"], *model["statut"], *sharing["statut"]],
            "Source": [*numbers["source"], *model["source"], *sharing["source"]],
        }
    )


def _moves(fixed: float, part: float) -> str:
    """Say how a charge or a product moves: « fixe, deux tiers à l’atelier »."""
    words = {0.0: "suit l’effectif", 1.0: "fixe"}.get(fixed, f"{_share(fixed)} fixe, le reste suit l’effectif")
    if pd.isna(part):
        return words
    return f"{words}, {'toute' if part == 1 else _share(part)} à l’atelier"


def _share(value: float) -> str:
    """Write a simple fraction in words, another share as a percentage."""
    for words, exact in _FRACTIONS.items():
        if abs(value - exact) < 0.0005:
            return words
    return f"{_plain(value * 100)} %"


def longest_prefix(account: str, prefixes: pd.Index) -> str:
    """Return the longest of the prefixes that an account begins with, empty when none does."""
    return next((account[:n] for n in range(len(account), 0, -1) if account[:n] in prefixes), "")


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _check_status(rows: pd.DataFrame, name: str) -> None:
    wrong = sorted(set(rows["statut"]) - set(_STATUSES))
    if wrong:
        raise UserError(f"data/reference/{name} : statut « {wrong[0]} » inconnu.", "Écrire convention ou hypothèse.")


def _check_shares(rows: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    for column in columns:
        known = rows[column].dropna()
        if not known.between(0, 1).all():
            what = f"data/reference/{name} : « {column} » vaut {known[~known.between(0, 1)].iloc[0]:g}."
            raise UserError(what, "Écrire une part entre 0 et 1.")
