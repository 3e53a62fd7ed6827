"""Contacts in the back office: search, correct, load, export, and read what was done."""

from contacts.admin.contact_admin import ContactAdmin
from contacts.admin.do_not_call_admin import DoNotCallEntryAdmin
from contacts.admin.list_admin import ConsentRecordAdmin, ContactListAdmin, ImportAdmin

__all__ = ["ConsentRecordAdmin", "ContactAdmin", "ContactListAdmin", "DoNotCallEntryAdmin", "ImportAdmin"]
