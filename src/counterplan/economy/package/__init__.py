"""The file format of an economy: a data package that a person can write in a spreadsheet.

One folder with ``datapackage.json`` and one CSV or Parquet file for each table. The tables
are declared once, in :mod:`counterplan.economy.package.schema`.
"""

from counterplan.economy.package.grades import figures_by_grade
from counterplan.economy.package.reader import read_package
from counterplan.economy.package.schema import TABLES, Column, TableSchema
from counterplan.economy.package.template import write_template
from counterplan.economy.package.writer import write_package
from counterplan.economy.tables.files import Limits

__all__ = [
    "TABLES",
    "Column",
    "Limits",
    "TableSchema",
    "figures_by_grade",
    "read_package",
    "write_package",
    "write_template",
]
