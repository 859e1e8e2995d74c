"""A small double-entry ledger that also keeps, apart from its accounts, what each event does to the indicators.

The accounts are what an accountant would print. The counters of :class:`Effects` are kept by event (« a sale raises
the result and the working capital »), never read back from account numbers: they are the truth against which the
indicators recomputed from the accounts are compared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

__all__ = ["Books", "Effects"]


@dataclass
class Effects:
    """Running totals in cents: revenue, charges and self-financing of the exercise; stocks at closing.

    Attributes
    ----------
    revenue, charges, cash_flow : int
        Of the exercise: produits, charges, capacité d'autofinancement.
    working_capital, cash, debt : int
        At the closing date: fonds de roulement, trésorerie nette, emprunts restant dus.
    """

    revenue: int = 0
    charges: int = 0
    cash_flow: int = 0
    working_capital: int = 0
    cash: int = 0
    debt: int = 0

    def next_exercise(self) -> Effects:
        """Start another exercise: the flows restart from zero, the stocks go on."""
        return replace(self, revenue=0, charges=0, cash_flow=0)


@dataclass
class Books:
    """The ledger of one school.

    Attributes
    ----------
    labels : dict of str to str
        Wording of each account used.
    opening, debit, credit : mapping of account to cents
        Balance brought forward (debit positive) and movements of the exercise.
    effects : Effects
    """

    labels: dict[str, str] = field(default_factory=dict)
    opening: dict[str, int] = field(default_factory=dict)
    debit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    credit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    effects: Effects = field(default_factory=Effects)

    def balance(self, account: str) -> int:
        """Return the balance of an account in cents, debit positive."""
        return self.opening.get(account, 0) + self.debit.get(account, 0) - self.credit.get(account, 0)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Accounts in use this exercise, in order of number."""
        return tuple(sorted({*self.opening, *self.debit, *self.credit}))

    def post(self, debit: tuple[str, str], credit: tuple[str, str], cents: int) -> None:
        """Write one entry; each side is (account, wording)."""
        if cents < 0:
            raise ValueError(f"écriture négative : {debit[0]} / {credit[0]} / {cents}")
        if cents == 0:
            return
        self.labels.setdefault(*debit)
        self.labels.setdefault(*credit)
        self.debit[debit[0]] += cents
        self.credit[credit[0]] += cents

    def carry_over(self) -> None:
        """Open the next exercise: classes 1 to 5 go on, the result becomes account 12, classes 6 to 8 restart."""
        closing = {account: self.balance(account) for account in self.accounts}
        result = -sum(cents for account, cents in closing.items() if account[0] in "67")
        self.opening = {account: cents for account, cents in closing.items() if account[0] in "12345" and cents}
        account, label = ("120000", "Excédent de l'exercice") if result >= 0 else ("129000", "Déficit de l'exercice")
        if result:
            self.labels.setdefault(account, label)
            self.opening[account] = self.opening.get(account, 0) - result
        self.debit, self.credit = defaultdict(int), defaultdict(int)
        self.effects = self.effects.next_exercise()

    # What a school does. Each event writes its entries and says, on its own, what it changes.

    def earn(self, account: tuple[str, str], owed_by: tuple[str, str], cents: int, collected: int) -> None:
        """Record revenue, of which `collected` cents reach the bank before closing."""
        self.post(owed_by, account, cents)
        self.effects.revenue += cents
        self.effects.cash_flow += cents
        self.effects.working_capital += cents
        self.collect(owed_by, collected)

    def collect(self, owed_by: tuple[str, str], cents: int) -> None:
        """Receive money that was owed."""
        self.post(_BANK, owed_by, cents)
        self.effects.cash += cents

    def spend(self, account: tuple[str, str], owed_to: tuple[str, str], cents: int, paid: int) -> None:
        """Record a charge, of which `paid` cents leave the bank before closing."""
        self.post(account, owed_to, cents)
        self.effects.charges += cents
        self.effects.cash_flow -= cents
        self.effects.working_capital -= cents
        self.pay(owed_to, paid)

    def pay(self, owed_to: tuple[str, str], cents: int) -> None:
        """Pay money that was owed."""
        self.post(owed_to, _BANK, cents)
        self.effects.cash -= cents

    def stock_up(self, cents: int) -> None:
        """Put purchases of the exercise in stock at closing: the charge is lowered by the account of variation."""
        self.post(("310000", "Matières premières"), ("603100", "Variation des stocks de matières premières"), cents)
        self.effects.charges -= cents
        self.effects.cash_flow += cents
        self.effects.working_capital += cents

    def invest(self, account: tuple[str, str], cents: int, paid: int) -> None:
        """Buy equipment, of which `paid` cents are paid before closing."""
        supplier = ("404000", "Fournisseurs d'immobilisations")
        self.post(account, supplier, cents)
        self.effects.working_capital -= cents
        self.pay(supplier, paid)

    def depreciate(self, account: tuple[str, str], cents: int) -> None:
        """Record the depreciation of the exercise."""
        self.post(("681120", "Dotations aux amortissements des immobilisations corporelles"), account, cents)
        self.effects.charges += cents

    def sell_equipment(
        self, accounts: tuple[tuple[str, str], ...], gross: int, written_off: int, price_paid: int
    ) -> None:
        """Sell a machine bought `gross` and depreciated by `written_off`, paid at once.

        `accounts` are those of the asset, of its depreciation, of the book value of what is sold, and of its price.
        """
        asset, depreciation, cost, price = accounts
        self.post(depreciation, asset, written_off)
        self.post(cost, asset, gross - written_off)
        self.post(_BANK, price, price_paid)
        self.effects.charges += gross - written_off
        self.effects.revenue += price_paid
        self.effects.working_capital += price_paid
        self.effects.cash += price_paid

    def receive_capital(self, account: tuple[str, str], owed_by: tuple[str, str], cents: int, collected: int) -> None:
        """Receive own funds or a capital grant, of which `collected` cents reach the bank before closing."""
        self.post(owed_by, account, cents)
        self.effects.working_capital += cents
        self.collect(owed_by, collected)

    def release_grants(self, account: tuple[str, str], cents: int) -> None:
        """Bring a share of the capital grants into the result."""
        self.post(("139100", "Subventions d'investissement inscrites au compte de résultat"), account, cents)
        self.effects.revenue += cents

    def borrow(self, account: tuple[str, str], cents: int) -> None:
        """Receive a loan."""
        self.post(_BANK, account, cents)
        self.effects.working_capital += cents
        self.effects.cash += cents
        self.effects.debt += cents

    def repay(self, account: tuple[str, str], cents: int) -> None:
        """Pay back part of a loan."""
        self.post(account, _BANK, cents)
        self.effects.working_capital -= cents
        self.effects.cash -= cents
        self.effects.debt -= cents

    def dedicate(self, cents: int) -> None:
        """Keep part of a grant for later use."""
        self.post(_REPORT, _DEDICATED, cents)
        self.effects.charges += cents

    def use_dedicated(self, cents: int) -> None:
        """Use what had been kept."""
        self.post(_DEDICATED, ("789400", "Utilisations de fonds dédiés sur subventions d'exploitation"), cents)
        self.effects.revenue += cents

    def volunteer(self, cents: int) -> None:
        """Value voluntary work, outside the result."""
        self.post(("864000", "Personnel bénévole"), ("875000", "Bénévolat"), cents)

    def appropriate(self) -> None:
        """Move the result brought forward to the retained earnings, on one side only."""
        surplus, deficit = -self.opening.get("120000", 0), self.opening.get("129000", 0)
        gains, losses = (
            ("110000", "Report à nouveau (solde créditeur)"),
            ("119000", "Report à nouveau (solde débiteur)"),
        )
        absorbed = min(surplus, self.balance("119000"))
        self.post(("120000", ""), losses, absorbed)
        self.post(("120000", ""), gains, surplus - absorbed)
        covered = min(deficit, -self.balance("110000"))
        self.post(gains, ("129000", ""), covered)
        self.post(losses, ("129000", ""), deficit - covered)


_BANK = ("512000", "Banque")
_DEDICATED = ("194000", "Fonds dédiés sur subventions d'exploitation")
_REPORT = ("689400", "Reports en fonds dédiés sur subventions d'exploitation")
