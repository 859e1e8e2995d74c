"""Settings that a person writes (TOML), read with their faults said in French."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.wording import failure

__all__ = ["read_toml"]

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(path: Path, shown: str) -> dict[str, Any]:
    """Read a TOML file, with or without the byte-order mark that some editors write.

    Parameters
    ----------
    path : pathlib.Path
    shown : str
        How the file is named to the reader.

    Raises
    ------
    UserError
        The file cannot be opened, is not UTF-8, or is not TOML; the line is given when it is known.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UserError(
            f"{shown} ne s'ouvre pas ({failure(error)}).",
            "Vérifier que ce fichier est bien sur cet ordinateur et qu'il peut être lu.",
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{shown} ne se lit pas : il n'est pas en UTF-8.", "L'enregistrer en UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        where = f"ligne {found[1]}, colonne {found[2]}" if found else "fin du fichier"
        raise UserError(
            f"{shown} ne se lit pas : faute d'écriture TOML, {where}.",
            "Corriger ce fichier (guillemets autour des textes, un « = » entre le nom et la valeur).",
        ) from error
