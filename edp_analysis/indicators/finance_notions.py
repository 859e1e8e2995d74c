"""Each financial notion as a numerator and a denominator over the chart, so that groups pool by ratio of sums.

Formulas: PCG 2023 art. 842-1 to 842-4 for the functional balance sheet and the self-financing capacity, règlement
ANC 2018-06 for the lines of an association; the conventions that are choices (autonomy, days of cash) print which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edp_analysis.indicators.exercises import Exercise
from edp_analysis.indicators.triptych import Legs, legs

__all__ = ["NOTIONS", "Notion", "self_financing_subtractive"]

Cents = Callable[[Exercise], "int | float | None"]


@dataclass(frozen=True)
class Notion:
    """A financial notion.

    Attributes
    ----------
    id, label, unit, method : str
        As in :class:`~edp_analysis.indicators.result.Indicator`; unit ``"€"``, ``"%"``, ``"jours"``, ``"années"`` or
        ``"€/apprenant"``.
    top : callable
        Exercise → cents (already multiplied by the days, for days); ``None`` when an input is not there.
    bottom : callable or None
        Exercise → cents or learners; ``None`` for an amount.
    missing : str
        Why `top` or `bottom` may be ``None``, in French.
    undefined : str
        Why the ratio has no value when `bottom` is zero or negative.
    """

    id: str
    label: str
    unit: str
    method: str
    top: Cents
    bottom: Cents | None = None
    missing: str = ""
    undefined: str = "n.c. : dénominateur nul ou négatif"


def _products(x: Exercise) -> int:
    return -x.debit(lambda line: line.side == "PRODUIT")


def _charges(x: Exercise) -> int:
    return x.debit(lambda line: line.side == "CHARGE")


def _result(x: Exercise) -> int:
    return _products(x) - _charges(x)


def _operating_products(x: Exercise) -> int:
    return -x.debit(lambda line: line.side == "PRODUIT" and line.section == "EXPLOITATION")


def _operating_result(x: Exercise) -> int:
    return -x.debit(lambda line: line.section == "EXPLOITATION")


def _ebe(x: Exercise) -> int:
    return x.lines(
        "CHIFFRE_AFFAIRES", "PARRAINAGES", "PRODUCTION_STOCKEE", "PRODUCTION_IMMOBILISEE", "CONCOURS_PUBLICS",
        "SUBVENTIONS_EXPLOITATION", "GENEROSITE_DU_PUBLIC", "CONTRIBUTIONS_FINANCIERES", "COTISATIONS",
        "ACHATS", "VARIATION_STOCKS", "SERVICES_EXTERIEURS", "IMPOTS_ET_TAXES", "PERSONNEL",
    )  # fmt: skip


def _caf(x: Exercise) -> int:
    """Additive route: the result, without what is neither received nor paid."""
    return _result(x) + x.debit(lambda line: line.block == "RESULTAT" and not line.in_cash_flow)


def self_financing_subtractive(x: Exercise) -> int:
    """Return the self-financing capacity from the EBE down, in cents: the other route, which must agree."""
    return _ebe(x) + x.lines(
        "AUTRES_PRODUITS", "TRANSFERTS_DE_CHARGES", "AUTRES_CHARGES", "AIDES_FINANCIERES", "PRODUITS_FINANCIERS",
        "CHARGES_FINANCIERES", "PRODUITS_EXCEPTIONNELS", "CHARGES_EXCEPTIONNELLES", "IMPOT_BENEFICES",
    )  # fmt: skip


def _frng(x: Exercise) -> int:
    return -x.block("RD") - x.block("ES")


def _bfr(x: Exercise) -> int:
    return x.block("BFR")


def _cash(x: Exercise) -> int:
    return x.block("TN")


def _total(x: Exercise) -> int:
    """Net total of the assets; an account that may be on either side is placed by its balance, third by third."""
    sides = (item for item in x.accounts if item.line.side in ("ACTIF", "SOLDE"))
    return sum(item.cents for item in sides if item.line.side == "ACTIF" or item.cents > 0)


def _net_position(x: Exercise) -> int:
    return x.lines("FONDS_PROPRES", "FONDS_AVEC_REPRISE", "RESERVES", "REPORT_A_NOUVEAU", "RESULTAT") + _result(x)


def _equity(x: Exercise) -> int:
    own = x.lines("FONDS_CONSOMPTIBLES", "SUBVENTIONS_INVESTISSEMENT", "PROVISIONS_REGLEMENTEES")
    return _net_position(x) + own


def _loans(x: Exercise) -> int:
    return x.lines("EMPRUNTS", "EMPRUNTS_PARTICIPATIFS")


def _debt(x: Exercise) -> int:
    """Account 16 without accrued interest, net of premiums, and bank overdrafts."""
    term = _loans(x) + x.lines("DEPOTS_RECUS", "PARTICIPATION_SALARIES", "PRIMES_REMBOURSEMENT")
    overdraft = sum(-item.cents for item in x.accounts if item.line.block == "TN" and item.cents < 0)
    return term + overdraft


def _paid_charges(x: Exercise) -> int:
    return x.debit(lambda line: line.paid_out)


def _in_days(top: Callable[[Exercise], int]) -> Cents:
    return lambda x: top(x) * 365 * x.months / 12


def _leg(name: str) -> Cents:
    def top(x: Exercise) -> int:
        split: Legs = legs(x)
        return int(getattr(split, name))

    return top


def _heads(x: Exercise) -> int | None:
    return x.heads


def _sales(x: Exercise) -> int:
    return x.lines("CHIFFRE_AFFAIRES")


def _gross_assets(x: Exercise) -> int:
    return -x.lines("IMMOBILISATIONS")


_NO_HEADS = "n.c. : aucun apprenant connu au jour de comptage"
_OF_TOTAL = "/ total net du bilan"
_TAX = "taxe d’apprentissage repérée au libellé ; fonds privés logés en 74 d’après la table des financements"

NOTIONS: tuple[Notion, ...] = (
    Notion("produits", "Produits", "€", "Σ classe 7 (hors 87)", _products),
    Notion("charges", "Charges", "€", "Σ classe 6 (hors 86)", _charges),
    Notion("resultat_net", "Résultat net", "€", "Σ7 − Σ6", _result),
    Notion("resultat_exploitation", "Résultat d’exploitation", "€", "(70 à 75, 781, 789, 791) − (60 à 65, 681, 689)",
           _operating_result),
    Notion("ebe_associatif", "Excédent brut d’exploitation, variante associative", "€",
           "valeur ajoutée + 73 + 74 + 754 + 755 + 756 − 63 − 64", _ebe),
    Notion("caf", "Capacité d’autofinancement", "€",
           "résultat + 68 − 78 + valeur comptable − prix des cessions − 777 ; fonds dédiés neutralisés", _caf),
    Notion("frng", "Fonds de roulement net global", "€", "ressources durables − emplois stables bruts (PCG 842-4)",
           _frng),
    Notion("bfr", "Besoin en fonds de roulement", "€", "stocks + créances − dettes non financières (PCG 842-4)", _bfr),
    Notion("tresorerie_nette", "Trésorerie nette", "€", "comptes 50 à 58, découverts déduits ; = FRNG − BFR", _cash),
    Notion("total_bilan", "Total net du bilan", "€", "actif net, tiers par tiers", _total),
    Notion("fonds_propres", "Fonds propres", "€", "10 + 11 + 12 + 13 + 14 + résultat", _equity),
    Notion("situation_nette", "Situation nette", "€", "fonds propres hors 13, 14 et fonds consomptibles",
           _net_position),
    Notion("autonomie", "Autonomie financière", "%", f"fonds propres {_OF_TOTAL}", _equity, _total),
    Notion("autonomie_11a", "Autonomie financière hors subventions d’investissement", "%",
           f"situation nette {_OF_TOTAL}", _net_position, _total),
    Notion("autonomie_11b", "Autonomie financière hors 13 et hors apports avec droit de reprise", "%",
           f"(situation nette − 103) {_OF_TOTAL}", lambda x: _net_position(x) - x.lines("FONDS_AVEC_REPRISE"), _total),
    Notion("autonomie_11c", "Autonomie financière avec fonds dédiés", "%", f"(fonds propres + 19) {_OF_TOTAL}",
           lambda x: _equity(x) + x.lines("FONDS_DEDIES"), _total),
    Notion("autonomie_11d", "Autonomie financière avec quasi-fonds propres", "%",
           f"(fonds propres + 1671 + 1674 + 1675) {_OF_TOTAL}",
           lambda x: _equity(x) + x.lines("EMPRUNTS_PARTICIPATIFS"), _total),
    Notion("jours_tresorerie", "Jours de trésorerie", "jours",
           "trésorerie nette × 365 / charges décaissables (60 à 67 et 69, hors 603 et cessions)", _in_days(_cash),
           _paid_charges),
    Notion("jours_frng", "Fonds de roulement en jours de charges", "jours", "FRNG × 365 / charges décaissables",
           _in_days(_frng), _paid_charges),
    Notion("couverture_emplois", "Couverture des emplois stables", "%", "ressources durables / emplois stables bruts",
           lambda x: -x.block("RD"), lambda x: x.block("ES")),
    Notion("emprunts", "Emprunts restant dus", "€", "16 hors 165, 166, 1688, 169 et intérêts courus", _loans),
    Notion("endettement", "Endettement", "%", "(16 hors intérêts courus + découverts) / fonds propres", _debt, _equity,
           undefined="n.c. : fonds propres nuls ou négatifs"),
    Notion("capacite_remboursement", "Capacité de remboursement", "années", "dettes financières / CAF", _debt, _caf,
           undefined="n.c. : capacité d’autofinancement nulle ou négative"),
    Notion("subventions_a_recevoir", "Subventions à recevoir", "€", "solde du compte 441",
           lambda x: -x.lines("SUBVENTIONS_A_RECEVOIR")),
    Notion("delai_subventions", "Délai d’encaissement des subventions", "jours", "441 × 365 / 74",
           _in_days(lambda x: -x.lines("SUBVENTIONS_A_RECEVOIR")), lambda x: x.lines("SUBVENTIONS_EXPLOITATION")),
    Notion("part_ca", "Chiffre d’affaires", "%", "70 (hors parrainages) / produits", _leg("sales"), _products),
    Notion("part_subventions_publiques", "Subventions publiques, hors taxe d’apprentissage", "%",
           f"(73 + 74 publics) / produits ; {_TAX}", _leg("public"), _products),
    Notion("part_contributions_privees", "Contributions privées, taxe d’apprentissage comprise", "%",
           f"(754 + 755 + parrainages + fonds privés en 74 + taxe) / produits ; {_TAX}", _leg("private_with_tax"),
           _products),
    Notion("part_subventions_avec_taxe", "Subventions publiques, taxe d’apprentissage comprise", "%",
           f"(73 + 74 publics + taxe) / produits ; {_TAX}", _leg("public_with_tax"), _products),
    Notion("part_contributions_hors_taxe", "Contributions privées, hors taxe d’apprentissage", "%",
           f"(754 + 755 + parrainages + fonds privés en 74) / produits ; {_TAX}", _leg("private"), _products),
    Notion("part_taxe_apprentissage", "Taxe d’apprentissage", "%", "taxe d’apprentissage reçue / produits",
           _leg("tax"), _products),
    Notion("part_autres_produits", "Autres produits", "%", "autres produits (dont 777, 78, 789) / produits",
           _leg("others"), _products),
    Notion("poids_personnel", "Poids du personnel", "%", "64 / charges", lambda x: -x.lines("PERSONNEL"), _charges),
    Notion("vetuste", "Vétusté des équipements", "%", "amortissements (28) / immobilisations brutes (20 à 24)",
           lambda x: x.lines("AMORTISSEMENTS"), _gross_assets),
    Notion("couverture_dotations", "Couverture des dotations par les subventions d’investissement", "%",
           "quote-part virée au résultat / dotations (68 hors 689)", lambda x: x.lines("QUOTE_PART_SUBVENTIONS"),
           lambda x: -x.lines("DOTATIONS")),
    Notion("apprenants_comptage", "Apprenants au jour de comptage", "apprenants",
           "inscriptions en cours au jour de comptage de l’exercice",
           lambda x: None if x.heads is None else x.heads * 100, missing=_NO_HEADS),
    Notion("cout_apprenant", "Coût par apprenant", "€/apprenant", "charges / apprenants au jour de comptage", _charges,
           _heads, missing=_NO_HEADS, undefined=_NO_HEADS),
    Notion("ca_apprenant", "Chiffre d’affaires par apprenant", "€/apprenant",
           "70 (hors parrainages) / apprenants au jour de comptage", _sales, _heads, missing=_NO_HEADS,
           undefined=_NO_HEADS),
)  # fmt: skip
