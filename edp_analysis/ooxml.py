"""Office Open XML archives without a clock: the same content gives the same bytes, on every day and every system."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

__all__ = ["add_entry", "frozen"]

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"


def frozen(content: bytes, day: date) -> bytes:
    """Rewrite a workbook with fixed entry dates and a fixed day of last change.

    Parameters
    ----------
    content : bytes
        As openpyxl saves it: the clock is in the archive's entries and in its properties.
    day : datetime.date
        Written as the day of last change.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == _PROPERTIES:
                stamp = f"{day:%Y-%m-%d}T00:00:00Z".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            add_entry(target, name, data)
    return buffer.getvalue()


def add_entry(archive: zipfile.ZipFile, name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    """Write one entry of an archive with a fixed date."""
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = method
    # The system that wrote the entry is recorded too: the same bytes are wanted on every system.
    info.create_system = 3
    archive.writestr(info, data)
