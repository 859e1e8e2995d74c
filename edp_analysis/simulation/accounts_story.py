"""What happens to a school in a year, told as entries in its books."""

from __future__ import annotations

import numpy as np

from edp_analysis.contract.schema import normalise_text
from edp_analysis.simulation.accounts_plan import Plan, Story, Year, to_cents
from edp_analysis.simulation.books import Books

__all__ = ["live_year"]

_MACHINES, _FITTINGS = ("215400", "Matériel industriel"), ("218100", "Installations et agencements")
_WRITTEN_OFF = {
    "215400": ("281540", "Amortissements du matériel industriel"),
    "218100": ("281810", "Amortissements des installations et agencements"),
}
_CUSTOMERS, _SUPPLIERS = ("411000", "Clients et usagers"), ("401000", "Fournisseurs")
_GRANTS_DUE = ("441000", "Subventions à recevoir")
_STAFF, _SOCIAL = ("428200", "Personnel, congés à payer"), ("431000", "Sécurité sociale")
_DONORS, _FOUNDERS = ("467000", "Donateurs et mécènes"), ("468000", "Apporteurs")
_APPRENTICESHIP_TAX = ("741000", "Solde de la taxe d'apprentissage")
_CHARGES = (  # account, wording, share of what is left to spend, owed to, share paid before closing
    (("641000", "Rémunérations du personnel"), 0.44, _STAFF, 0.95),
    (("645000", "Charges de sécurité sociale et de prévoyance"), 0.16, _SOCIAL, 0.90),
    (("601000", "Achats de matières premières"), 0.16, _SUPPLIERS, 0.86),
    (("606000", "Achats non stockés"), 0.05, _SUPPLIERS, 0.90),
    (("613000", "Locations immobilières et mobilières"), 0.07, _SUPPLIERS, 1.0),
    (("615000", "Entretien et réparations"), 0.03, _SUPPLIERS, 0.90),
    (("622000", "Honoraires"), 0.03, _SUPPLIERS, 0.80),
    (("625000", "Déplacements, missions et réceptions"), 0.02, _SUPPLIERS, 1.0),
    (("631200", "Taxe d'apprentissage versée"), 0.005, ("447000", "Autres impôts et taxes"), 0.5),
    (("616000", "Primes d'assurances"), 0.035, _SUPPLIERS, 1.0),
)


def live_year(books: Books, plan: Plan, story: Story, year: Year, rng: np.random.Generator) -> None:
    """Write one exercise of a school in its books, which must hold the balance brought forward."""
    books.appropriate()
    _settle(books)
    if year.age == 0:
        _found(books, plan, year)
    _invest(books, plan, year, rng)
    _earn(books, plan, story, year, rng)
    if year.age == plan.sells_at_age:
        _sell_machine(books, plan, year)
    _depreciate(books, plan, year)
    _service_loan(books, plan, year)
    _dedicate(books, plan, year)
    _spend(books, plan, story, year, rng)
    if plan.loan_account[0] == "164000" and year.age >= 1:
        books.volunteer(to_cents(rng.uniform(4_000, 9_000)))


def _settle(books: Books) -> None:
    """Collect and pay what the last exercise left open."""
    for account, cents in sorted(books.opening.items()):
        side = (account, books.labels[account])
        if account.startswith(("411", "441", "467", "468")) and cents > 0:
            books.collect(side, cents)
        elif account.startswith(("401", "404", "428", "431", "447")) and cents < 0:
            books.pay(side, -cents)


def _found(books: Books, plan: Plan, year: Year) -> None:
    books.receive_capital(("102400", "Apports sans droit de reprise"), _FOUNDERS, plan.own_funds, plan.own_funds)
    books.receive_capital(
        ("103400", "Apports avec droit de reprise"), _FOUNDERS, plan.returnable_funds, plan.returnable_funds
    )
    books.borrow(plan.loan_account, plan.loan)
    for account, share in ((_MACHINES, 0.8), (_FITTINGS, 0.2)):
        cents = round(plan.equipment * share)
        books.invest(account, cents, round(cents * 0.93))
        plan.assets.append((account[0], cents, year.age))
    label = ("131800", "Subventions d'équipement, autres")
    books.receive_capital(label, _GRANTS_DUE, plan.capital_grant, round(plan.capital_grant * 0.9))


def _invest(books: Books, plan: Plan, year: Year, rng: np.random.Generator) -> None:
    rows = year.grants[year.grants["objet"] == "INVESTISSEMENT"].sort_values("id_financement")
    total = 0
    for row in rows.itertuples(index=False):
        cents = to_cents(float(str(row.montant)))
        books.receive_capital(_capital_account(str(row.financeur)), _GRANTS_DUE, cents, round(cents * 0.8))
        total += cents
    if year.age == 0:
        return
    renewal = max(to_cents(rng.uniform(4_000, 16_000)), round(total * 1.15))
    books.invest(_MACHINES, renewal, round(renewal * 0.9))
    plan.assets.append((_MACHINES[0], renewal, year.age))


def _earn(books: Books, plan: Plan, story: Story, year: Year, rng: np.random.Generator) -> None:
    heads = max(year.heads, 3)
    running = year.grants[year.grants["objet"] != "INVESTISSEMENT"].sort_values("id_financement")
    for row in running.itertuples(index=False):
        cents = to_cents(float(str(row.montant)))
        _receive_grant(books, str(row.objet), str(row.financeur), str(row.nature_financeur), cents, rng)
    if not (running["objet"] == "FONCTIONNEMENT").any():  # before the table begins
        _receive_grant(books, "FONCTIONNEMENT", "Région", "PUBLIC", year.lump_sum * heads, rng)
        _receive_grant(books, "FONCTIONNEMENT", "État", "PUBLIC", round(year.lump_sum * heads * 0.6), rng)
        _receive_grant(books, "TAXE_APPRENTISSAGE", "Entreprises", "PRIVE", round(year.lump_sum * heads * 0.15), rng)
    activity = story.activity.get(str(year.end.year), 1.0) * (0.55 if year.age == 0 else 1.0)
    sales = round(plan.sales_per_learner * heads * activity * rng.uniform(0.94, 1.06))
    work, goods = round(sales * 0.85), sales - round(sales * 0.85)
    books.earn(("706000", "Prestations de services"), _CUSTOMERS, work, round(work * 0.9))
    books.earn(("701000", "Ventes de produits finis"), _CUSTOMERS, goods, round(goods * 0.93))
    gifts = to_cents(rng.uniform(1_500, 6_000))
    books.earn(("754110", "Dons manuels"), _DONORS, gifts, gifts)
    fees = 100 * 100 * (4 + year.heads // 3)
    books.earn(("756000", "Cotisations"), _CUSTOMERS, fees, fees)


def _receive_grant(books: Books, purpose: str, funder: str, nature: str, cents: int, rng: np.random.Generator) -> None:
    account = _running_account(purpose, funder, nature)
    owed_by = _DONORS if purpose == "MECENAT" else _GRANTS_DUE
    # The balance of the apprenticeship tax is booked when it is cashed; grants come late, which starves the cash.
    share = 1.0 if purpose in ("TAXE_APPRENTISSAGE", "MECENAT") else rng.uniform(0.70, 0.88)
    books.earn(account, owed_by, cents, round(cents * share))


def _sell_machine(books: Books, plan: Plan, year: Year) -> None:
    """Sell a tenth of the first machines, on the first day of the exercise, for a little more than their book value."""
    account, cents, bought = plan.assets[0]
    gross = cents // 10
    plan.assets[0] = (account, cents - gross, bought)
    written_off = gross * (year.age - bought) // 8
    cost = ("675000", "Valeurs comptables des éléments d'actif cédés")
    price = ("775000", "Produits des cessions d'éléments d'actif")
    if year.regime != "2018":
        cost, price = ("652000", "Valeurs comptables des immobilisations cédées"), ("757000", price[1])
    books.sell_equipment(
        (_MACHINES, _WRITTEN_OFF[account], cost, price), gross, written_off, gross - written_off + 50_000
    )


def _depreciate(books: Books, plan: Plan, year: Year) -> None:
    for account, written_off in _WRITTEN_OFF.items():
        total = sum(_share(cents, year.age - bought, 8) for kind, cents, bought in plan.assets if kind == account)
        books.depreciate(written_off, total)
    granted = -sum(books.balance(account) for account in books.accounts if account.startswith("131"))
    left = -sum(books.balance(account) for account in books.accounts if account.startswith("13"))
    release = ("777000", "Quote-part des subventions d'investissement virée au résultat")
    if year.regime != "2018":
        release = ("747000", release[1])
    books.release_grants(release, min(_share(granted, 0, 8), left))


def _service_loan(books: Books, plan: Plan, year: Year) -> None:
    """Pay interest, and after three years of grace a seventh of the loan a year."""
    accrued = ("168800", "Intérêts courus")
    books.pay(accrued, plan.interest_due)
    interest = round(books.effects.debt * 0.021)
    books.spend(("661000", "Charges d'intérêts"), accrued, interest, round(interest * 0.75))
    plan.interest_due = interest - round(interest * 0.75)
    if year.age >= 3:
        books.repay(plan.loan_account, min(round(plan.loan / 7.5), books.effects.debt))


def _dedicate(books: Books, plan: Plan, year: Year) -> None:
    """Keep, in the largest schools, part of a grant for the next year, every third year."""
    books.use_dedicated(plan.dedicated)
    plan.dedicated = year.lump_sum if year.age % 3 == 1 and year.heads >= 20 else 0
    books.dedicate(plan.dedicated)


def _spend(books: Books, plan: Plan, story: Story, year: Year, rng: np.random.Generator) -> None:
    """Spend what leads to the margin of the story, in the usual proportions."""
    mean = 0.03 if year.rank is None else story.first_margin + (story.last_margin - story.first_margin) * year.rank
    margin = mean + plan.margin_offset + rng.normal(0, 0.012) - (0.04 if year.age == 0 else 0)
    target = round(books.effects.revenue * (1 - margin)) - books.effects.charges
    stock = to_cents(rng.uniform(200, 1_500))
    weights = np.array([share for _, share, _, _ in _CHARGES]) * rng.uniform(0.93, 1.07, len(_CHARGES))
    parts = [round(float(part)) for part in weights / weights.sum() * max(target + stock, 0)]
    for (account, _, owed_to, paid), cents in zip(_CHARGES, parts, strict=True):
        books.spend(account, owed_to, cents, round(cents * paid))
    books.stock_up(stock)


def _running_account(purpose: str, funder: str, nature: str) -> tuple[str, str]:
    if purpose == "TAXE_APPRENTISSAGE":
        return _APPRENTICESHIP_TAX
    if purpose == "MECENAT":
        return ("754200", "Mécénat")
    name = normalise_text(funder).split()
    if nature == "PRIVE":
        return ("741800", "Subventions de fonctionnement, fédération et fondations")
    if "region" in name:
        return ("741100", "Subvention de fonctionnement, Région")
    if "etat" in name:
        return ("741200", "Subvention de fonctionnement, État")
    return ("741300", "Subventions de fonctionnement, autres")


def _capital_account(funder: str) -> tuple[str, str]:
    if "region" in normalise_text(funder).split():
        return ("131200", "Subventions d'équipement, Région")
    return ("131800", "Subventions d'équipement, autres")


def _share(cents: int, age: int, years: int) -> int:
    """Straight-line share of year `age` (from 0); the last year takes what rounding left."""
    if not 0 <= age < years:
        return 0
    part = cents // years
    return cents - part * (years - 1) if age == years - 1 else part
