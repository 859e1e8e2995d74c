"""The contract: what each table must hold, in files that everything else is driven by.

``schemas/*.json`` are Table Schemas (French field names): ``<table>`` is the clean table that the project
guarantees, ``<table>-recu`` what it accepts from schools, accountants and the survey tool. ``codes/*.csv`` are the
code lists, each code with the variants accepted for it and its period of validity. ``mappings/*.csv`` are the
versioned definitions.
"""

from edp_analysis.contract.codes import Code, CodeList, load_codes
from edp_analysis.contract.schema import Field, TableSchema, load_schema, normalise_text

__all__ = ["Code", "CodeList", "Field", "TableSchema", "load_codes", "load_schema", "normalise_text"]
