from contacts.forms.contact_form import ContactForm
from contacts.forms.do_not_call_form import ReasonForm
from contacts.forms.filter_form import ContactFilterForm
from contacts.forms.import_form import ConfirmImportForm, ImportFileForm

__all__ = ["ConfirmImportForm", "ContactFilterForm", "ContactForm", "ImportFileForm", "ReasonForm"]
