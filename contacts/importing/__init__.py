"""Contacts from files: understand the headings, read each row or refuse it with a reason, load them all at once."""

from contacts.importing.refusal import ImportRefused
from contacts.importing.rejections import Rejection, Rejections, reject_rows, write_rejects
from contacts.importing.result import Figures, ImportResult
from contacts.importing.run import check_file, import_contacts

__all__ = [
    "Figures",
    "ImportRefused",
    "ImportResult",
    "Rejection",
    "Rejections",
    "check_file",
    "import_contacts",
    "reject_rows",
    "write_rejects",
]
