from contacts.models.consent import Basis, ConsentRecord
from contacts.models.contact import Contact, ContactNumber
from contacts.models.contact_list import ContactList, ContactListMembership
from contacts.models.do_not_call import DoNotCallEntry, NumberHashKey
from contacts.models.importing import Import, RejectedRow

__all__ = [
    "Basis",
    "ConsentRecord",
    "Contact",
    "ContactList",
    "ContactListMembership",
    "ContactNumber",
    "DoNotCallEntry",
    "Import",
    "NumberHashKey",
    "RejectedRow",
]
