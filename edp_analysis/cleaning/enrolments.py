"""What an enrolment says once its rows are merged: contradictions settled or refused, derived fields computed.

Rules, in this order. « Décidable » means that the exit date and the reason or the result tell.

- *Status missing, or « Présent » with an exit date*: without an exit date the status is « Présent »; with one, it is
  « Cursus terminé » when the reason is the end of the course or the title was awarded, « Sortie anticipée » when
  another reason is given, and otherwise cannot be decided: the enrolment is set aside. Always to be checked.
- *A leaver without an exit date* is kept, to be checked; it is not counted present on the counting day.
- *Reason or situations of a youth who is present* are left out, to be checked: they describe an exit.
- To be checked and kept: exit on the day of entry; awarded while present; awarded after an early exit; a level 3 title
  awarded less than twelve months after entry; a title that was closed, or not yet open, on the day of entry; a school
  year that is not that of the entry; a first name rarely borne by the sex given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from edp_analysis.cleaning.merge import Enrolment
from edp_analysis.cleaning.pseudonym import enrolment_id
from edp_analysis.contract import Code, load_codes, load_schema
from edp_analysis.intake.dates import school_year
from edp_analysis.intake.numbers import as_code
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Problem, Severity

__all__ = ["Settled", "age_on", "derive", "settle"]

_AFTER_EXIT = ("motif_sortie", "situation_sortie", "situation_6m", "situation_12m")
_YEAR = 365


@dataclass
class Settled:
    """An enrolment after the rules.

    Attributes
    ----------
    values : dict
        Received fields.
    problems : list of Problem
    corrections : list of str
    """

    values: dict[str, object]
    problems: list[Problem] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)

    @property
    def blocked(self) -> str:
        """Why the enrolment is set aside; empty when it is kept."""
        return " ; ".join(p.what for p in self.problems if p.severity is Severity.BLOCKING)


def settle(enrolment: Enrolment) -> Settled:
    """Apply the rules of this module to a merged enrolment."""
    settled = Settled(dict(enrolment.values), list(enrolment.conflicts))
    _settle_status(enrolment, settled)
    if not settled.blocked:
        _settle_exit(enrolment, settled)
    _check_dates(enrolment, settled)
    _check_title(enrolment, settled)
    _check_first_name(enrolment, settled)
    return settled


def _say(
    enrolment: Enrolment, settled: Settled, name: str, rule: str, what: str, *,
    expected: str = "", remedy: str = "Vérifier auprès de l'école.", severity: Severity = Severity.CHECK,
) -> None:  # fmt: skip
    record = enrolment.sources[name].record
    if any(p.where.column == name and p.severity is Severity.BLOCKING for p in record.problems):
        return  # this cell already has its fault: one is enough
    value = record.row.value(name)
    shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else as_code(value)
    if load_schema("apprenants-recu")[name].direct_identifier:
        shown = MASKED
    settled.problems.append(Problem(rule, what, record.place(name), shown, expected, remedy, severity))


def _settle_status(enrolment: Enrolment, settled: Settled) -> None:
    values = settled.values
    left = values["date_sortie"] is not None
    if values["statut"] is not None and not (values["statut"] == "INSCRIT" and left):
        return
    if not left:
        decided = "INSCRIT"
    elif values["motif_sortie"] == "FIN_CURSUS" or values["resultat_examen"] == "ADMIS":
        decided = "FIN_DE_FORMATION"
    elif values["motif_sortie"] is not None:
        decided = "SORTIE_ANTICIPEE"
    else:
        what = (
            "le statut manque ou contredit la date de sortie, et ni le motif ni le résultat ne permettent d'en décider"
        )
        _say(
            enrolment, settled, "statut", "statut-indecidable", what,
            expected="« Cursus terminé » ou « Sortie anticipée »",
            remedy="Demander le statut à l'école. Ligne non reprise.", severity=Severity.BLOCKING,
        )  # fmt: skip
        return
    label = load_codes("statut").labels[decided]
    what = f"le statut manque ou contredit la date de sortie ; « {label} » a été retenu d'après le reste de la ligne"
    _say(enrolment, settled, "statut", "statut-deduit", what)
    before = values["statut"] or "vide"
    settled.corrections.append(f"statut : {before} → {decided} (d'après la date de sortie, le motif et le résultat)")
    values["statut"] = decided


def _settle_exit(enrolment: Enrolment, settled: Settled) -> None:
    values = settled.values
    if values["statut"] == "INSCRIT":
        for name in _AFTER_EXIT:
            if values[name] is not None:
                what = "une sortie est décrite alors que le jeune est présent ; la valeur n'a pas été reprise"
                _say(enrolment, settled, name, "sortie-d-un-present", what)
                settled.corrections.append(f"{name} : {values[name]} → vide (jeune présent)")
                values[name] = None
        if values["resultat_examen"] == "ADMIS":
            _say(enrolment, settled, "resultat_examen", "admis-et-present", "admis alors que le jeune est présent")
        return
    if values["date_sortie"] is None:
        what = "le jeune est sorti, mais la date de sortie manque ; il n'est pas compté présent au jour de comptage"
        _say(enrolment, settled, "date_sortie", "sortie-sans-date", what, expected="une date", remedy="La demander.")
    if values["statut"] == "SORTIE_ANTICIPEE" and values["resultat_examen"] == "ADMIS":
        _say(enrolment, settled, "resultat_examen", "admis-et-sorti-avant", "admis après une sortie anticipée")


def _check_dates(enrolment: Enrolment, settled: Settled) -> None:
    entry, left = enrolment.kept.entry, settled.values["date_sortie"]
    if left == entry:
        _say(enrolment, settled, "date_sortie", "sortie-le-jour-de-l-entree", "la sortie est le jour de l'entrée")
    written = settled.values["annee_scolaire"]
    if written is not None and not _same_year(str(written), school_year(entry)):
        what = "l'année scolaire écrite n'est pas celle de la date d'entrée, qui a été retenue"
        _say(enrolment, settled, "annee_scolaire", "annee-scolaire", what, expected=school_year(entry))


def _same_year(written: str, expected: str) -> bool:
    """Compare « 2022/2023 », « 22-23 », « 2022-23 » or one of the two years with ``2022-2023``."""
    years = [int(number) % 100 for number in re.findall(r"\d{4}|\d{2}", written)]
    wanted = [int(year) % 100 for year in expected.split("-")]
    return years == wanted if len(years) == 2 else len(years) == 1 and years[0] in wanted


def _check_title(enrolment: Enrolment, settled: Settled) -> None:
    entry, left = enrolment.kept.entry, settled.values["date_sortie"]
    code = load_codes("diplome").find(settled.values["diplome_prepare"])
    if code is None:  # only in ``edp check``, which also looks at rows that cleaning refuses
        return
    if not code.valid_on(entry):
        _say(
            enrolment, settled, "diplome_prepare", "diplome-ferme",
            f"ce titre n'était pas ouvert à la date d'entrée ({_validity(code)})",
            expected="un titre ouvert ce jour-là (liste « diplome » de docs/dictionnaire-des-donnees.md)",
            remedy="Demander à l'école le titre préparé. Repris tel quel.",
        )  # fmt: skip
    awarded = settled.values["resultat_examen"] == "ADMIS" and isinstance(left, date)
    if awarded and isinstance(left, date) and (left - entry).days < _YEAR and _level(settled.values) == 3:
        what = "CAP obtenu moins de douze mois après l'entrée"
        _say(enrolment, settled, "resultat_examen", "cap-en-moins-d-un-an", what)


def _validity(code: Code) -> str:
    parts = [f"à partir du {code.start:%d/%m/%Y}"] if code.start else []
    parts += [f"jusqu'au {code.end:%d/%m/%Y}"] if code.end else []
    return f"ouvert {' '.join(parts)}"


def _check_first_name(enrolment: Enrolment, settled: Settled) -> None:
    usual = load_codes("prenoms_sexe").find(settled.values["prenom"])
    if usual is not None and usual.code != settled.values["sexe"]:
        what = "prénom et sexe discordants : ce prénom est rarement porté par ce sexe"
        _say(enrolment, settled, "sexe", "prenom-et-sexe", what, expected=f"« {usual.code} », peut-être")


def age_on(birth: date, day: date) -> int:
    """Return an age in completed years.

    Examples
    --------
    >>> age_on(date(2004, 9, 2), date(2021, 9, 1)), age_on(date(2004, 9, 1), date(2021, 9, 1))
    (16, 17)
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _level(values: Mapping[str, object]) -> int:
    """Return the level of the title: the first digit of its code is 5 for level 3, 4 for level 4."""
    return {"5": 3, "4": 4}[str(values["diplome_prepare"])[0]]


def derive(enrolment: Enrolment, values: Mapping[str, object]) -> dict[str, object]:
    """Return the clean row of an enrolment: received fields without identity, and derived fields.

    Parameters
    ----------
    enrolment : Enrolment
    values : mapping
        Its settled values.

    Returns
    -------
    dict
        The columns of the ``apprenants`` contract. ``presente_examen``: a result is known and is not « Absent ».
        ``cursus_complet``: yes for « Cursus terminé », no for « Sortie anticipée », missing for « Présent ».
        ``presence_jour_comptage`` is left to :func:`~edp_analysis.cleaning.presence.is_present`.
    """
    kept, birth = enrolment.kept, values["date_naissance"]
    if not isinstance(birth, date):  # a row without a birth date was set aside before
        raise TypeError("date de naissance absente")
    derived: dict[str, object] = {
        "id_inscription": enrolment_id(kept.pseudonym, kept.school, kept.entry),
        "id_jeune": kept.pseudonym,
        "ecole": kept.school,
        "annee_scolaire_entree": school_year(kept.entry),
        "age_entree": age_on(birth, kept.entry),
        "niveau": _level(values),
        "cursus_complet": {"FIN_DE_FORMATION": True, "SORTIE_ANTICIPEE": False}.get(str(values["statut"])),
        "presente_examen": values["resultat_examen"] not in (None, "ABSENT"),
    }
    return {name: derived.get(name, values.get(name)) for name in load_schema("apprenants").names}
