"""Lines for ``data/reference/comparateurs.csv`` from the public *InserJeunes CFA* file, when an analyst has it.

Run as ``python -m edp_analysis.indicators.inserjeunes FICHIER RÉGION``. Nothing else in the project reads that file:
the lines are read over by a person and copied, so that pages do not depend on a download.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import typer

from edp_analysis.indicators.comparators import COLUMNS
from edp_analysis.intake.inserjeunes import READING, read_inserjeunes, region_distribution
from edp_analysis.problems import Severity, UserError

__all__ = ["comparator_lines", "main"]


def comparator_lines(path: Path, region: str) -> pd.DataFrame:
    """Return the medians over the establishments of a region, as comparators.

    Parameters
    ----------
    path : pathlib.Path
        The file, as downloaded.
    region : str
        In any writing.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~edp_analysis.indicators.comparators.COLUMNS`; indicators with too few establishments for a
        median are left out.

    Raises
    ------
    UserError
        The file cannot be read, or the region has no establishment in it.
    """
    found = read_inserjeunes(path)
    blocking = [problem for problem in found.problems if problem.severity is Severity.BLOCKING]
    if blocking:
        raise UserError(str(blocking[0]), "Donner le fichier InserJeunes par CFA, tel que téléchargé.")
    try:
        medians = region_distribution(found, region).dropna(subset=["mediane"])
    except ValueError as error:
        raise UserError(f"{error}.", "Écrire la région comme dans le fichier.") from error
    return pd.DataFrame(
        {
            "indicateur": medians["indicateur"],
            "libelle": medians["libelle"],
            "valeur": medians["mediane"],
            "unite": "%",
            "base": medians["base"],
            "population": f"Apprentis, médiane des CFA de {region}",
            "annee": medians["cumul"],
            "source": f"InserJeunes par CFA ({path.name})",
            "statut": "calculé",
            "note": [
                f"{READING[0].upper()}{READING[1:]} ; {count} établissements" for count in medians["etablissements"]
            ],
        },
        columns=list(COLUMNS),
    ).reset_index(drop=True)


def main() -> None:
    """Write the lines; exit code 2 when the command cannot be carried out."""
    if len(sys.argv) != 3:
        typer.echo("Usage : python -m edp_analysis.indicators.inserjeunes FICHIER RÉGION", err=True)
        sys.exit(2)
    try:
        lines = comparator_lines(Path(sys.argv[1]), sys.argv[2])
    except UserError as error:
        typer.echo(f"ERREUR  {error}", err=True)
        sys.exit(2)
    typer.echo(lines.to_csv(sep=";", index=False), nl=False)


if __name__ == "__main__":
    main()
