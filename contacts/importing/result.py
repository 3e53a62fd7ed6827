from dataclasses import asdict, dataclass

from contacts.importing.headings import Columns
from contacts.importing.rejections import Rejections
from contacts.models import Import


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
        """Heading and the field it is read into, empty for further fields; in the order of the file."""
        field_of = {index: field for field, indexes in self.columns.fields.items() for index in indexes}
        return [(heading, field_of.get(index, "")) for index, heading in enumerate(self.columns.headings) if heading]
