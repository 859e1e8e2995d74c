"""A problem says what, where, the value, what was expected and what to do."""

from edp_analysis.problems import Place, Problem, Severity, UserError, worst


def test_a_problem_reads_as_one_french_sentence_with_everything_in_it():
    problem = Problem(
        "date-inexistante",
        "cette date n'existe pas",
        Place("suivi.xlsx", "22-23", "D17", "date_entree"),
        "31/02/2022",
        "une date JJ/MM/AAAA",
        "Corriger la cellule.",
        Severity.BLOCKING,
    )
    assert str(problem) == (
        "[bloquant] fichier « suivi.xlsx », feuille « 22-23 », cellule D17 (date_entree) : cette date n'existe pas. "
        "Lu : « 31/02/2022 ». Attendu : une date JJ/MM/AAAA. Corriger la cellule."
    )
    assert problem.as_dict()["cell"] == "D17"


def test_the_gravest_severity_wins():
    place = Place("a")
    found = [Problem("r", "w", place, severity=severity) for severity in (Severity.FIXED, Severity.CHECK)]
    assert worst(found) is Severity.CHECK
    assert worst([*found, Problem("r", "w", place, severity=Severity.BLOCKING)]) is Severity.BLOCKING
    assert worst([]) is None


def test_a_user_error_keeps_cause_and_remedy_apart():
    error = UserError("Fichier absent.", "Le déposer.")
    assert (error.what, error.remedy, str(error)) == ("Fichier absent.", "Le déposer.", "Fichier absent. Le déposer.")


def test_quoted_values_are_nested_as_french_typography_does():
    place = Place("a.csv")
    assert "Lu : « “Taille” (B1), “Âge” (C1) »." in str(
        Problem("r", "q", place, "« Taille » (B1), «\u00a0Âge\u00a0» (C1)")
    )
