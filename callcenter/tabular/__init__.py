"""Tables in files: one reader of CSV and XLSX as people really send them, and one safe writer of both."""

from callcenter.tabular.reading import read_table
from callcenter.tabular.table import NotATable, Row, Sheet
from callcenter.tabular.writing import csv_chunks, write_csv, write_xlsx

__all__ = ["NotATable", "Row", "Sheet", "csv_chunks", "read_table", "write_csv", "write_xlsx"]
