"""A campaign of a few hand-made rows: two schools, entries from September 2019, extraction on 30 April 2024."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from edp_analysis.campaign import Campaign, load_campaign

CAMPAIGN = """\
[campagne]
code = "essai"
libelle = "Campagne d'essai"
debut = 2019-09-01
date_extraction = 2024-04-30
exercices_comptables = [2022]

[dossiers]
brut = "brut"
traite = "traite/essai"
rapports = "rapports"

[definitions]
sorties = "2024-1"
decrocheur = "2024-1"

[seuils]
pourcentage = 20
secret = 5

[financement]
forfait = 5000
jour_comptage = "12-31"

[confidentialite]
variable_cle = "EDP_CLE_DE_CET_ESSAI"
cle_simulation = "cle-d-essai"
"""

SCHOOLS = """\
Code;Domaine;Département;Ouverture;Financement
EDP-01;Bois;14;01/09/2015;Forfait
EDP-02;Textile;76;01/09/2017;FSE
"""

HEADINGS = (
    "Nom", "Prénom", "Date de naissance", "Sexe", "Date d'entrée", "Date de sortie", "Diplôme préparé", "Statut",
    "Résultat", "Motif", "Situation", "CP", "Dernière classe",
)  # fmt: skip

BASE = {
    "Nom": "Véranec",
    "Prénom": "Maëlle",
    "Date de naissance": "17/05/2004",
    "Sexe": "F",
    "Date d'entrée": "06/09/2021",
    "Date de sortie": "30/06/2023",
    "Diplôme préparé": "CAP RICS",
    "Statut": "fin de formation",
    "Résultat": "admis",
    "Motif": "fin de cursus",
    "Situation": "CDI",
    "CP": "76000",
    "Dernière classe": "3e",
}


class Received:
    """The raw folder of the campaign, to be filled."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw = root / "brut"
        (root / "campaigns").mkdir()
        (root / "campaigns" / "essai.toml").write_text(CAMPAIGN, encoding="utf-8")
        (self.raw / "ecoles").mkdir(parents=True)
        self.write("ORIGIN.toml", "simulated = true\n")
        self.write("ecoles.csv", SCHOOLS)

    @property
    def campaign(self) -> Campaign:
        return load_campaign("essai", self.root)

    def write(self, name: str, text: str) -> Path:
        path = self.raw / name
        path.write_text(text, encoding="utf-8")
        return path

    def learners(self, name: str, *rows: dict[str, str], headings: Sequence[str] = HEADINGS) -> Path:
        """Write a learner file; each row is the base row with its own values."""
        lines = [";".join(headings)]
        for row in rows:
            values = {**BASE, **row}
            lines.append(";".join(values.get(heading, "") for heading in headings))
        return self.write(f"ecoles/{name}", "\n".join(lines) + "\n")


@pytest.fixture
def received(tmp_path: Path) -> Received:
    return Received(tmp_path)
