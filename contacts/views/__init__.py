from contacts.views.blocking import block, unblock
from contacts.views.editing import create_contact, edit_contact
from contacts.views.importing import confirm_import, import_file, import_rejects, import_result
from contacts.views.pages import contact_detail, contact_list

__all__ = [
    "block",
    "confirm_import",
    "contact_detail",
    "contact_list",
    "create_contact",
    "edit_contact",
    "import_file",
    "import_rejects",
    "import_result",
    "unblock",
]
