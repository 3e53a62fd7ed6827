from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from contacts.importing.headings import Columns
from contacts.importing.rejections import Rejections
from contacts.models import Contact, Import


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the rows. All but the first and the last add up to the first."""

    rows: int
    created: int
    updated: int
    unchanged: int
    merged: int
    rejected: int
    seconds: float

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """An import, or a dry run of one: then nothing was written and `record` is None."""

    figures: Figures
    columns: Columns
    sheet: str
    rejections: Rejections
    record: Import | None

    @property
    def mapping(self) -> list[tuple[str, str]]:
        """Heading and, in words, what it is read as: nothing for further fields. In the order of the file."""
        field_of = {index: _words(field) for field, indexes in self.columns.fields.items() for index in indexes}
        return [(heading, field_of.get(index, "")) for index, heading in enumerate(self.columns.headings) if heading]


def _words(field: str) -> str:
    if field == "phone":
        return _("phone number")
    return str(Contact._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
