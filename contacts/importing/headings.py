"""Which column of a file holds what: Spanish and English headings as people write them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from callcenter.tabular import Row

SYNONYMS: dict[str, str] = {
    "phone": """telefono|telefonos|telefono movil|telefono celular|telefono fijo|telefono particular|telefono trabajo
        |telefono contacto|telefono de contacto|telefono principal|telefono cliente|telefono del cliente|movil|moviles
        |celular|cel|fijo|tel|telf|tlf|tlfn|tlfno|tfno|tfn|tel movil|tlf movil|telf movil|movil contacto|movil cliente
        |whatsapp
        |phone|phones|phone number|phone no|telephone|telephone number|tel no|mobile|mobile number|mobile phone|cell
        |cell phone|cellphone|cell number|work phone|home phone|contact number|contact phone|e164|msisdn""",
    "full_name": """nombre y apellidos|nombre y apellido|nombres y apellidos|apellidos y nombre|apellidos nombre
        |nombre apellidos|nombre completo|nombre cliente|nombre del cliente|nombre contacto|nombre de contacto
        |nombre del contacto|cliente|contacto|titular|persona|paciente|name|full name|fullname|contact name
        |customer name|client name|customer|client|contact|person""",
    "first_name": "nombre|nombres|nombre de pila|first name|firstname|given name|forename",
    "last_name": """apellidos|apellido|primer apellido|segundo apellido|apellido paterno|apellido materno
        |last name|lastname|surname|family name""",
    "email": """correo|correo electronico|correo e|direccion de correo|direccion de correo electronico|email|e mail
        |mail|email address|e mail address|mail address""",
    "company": """empresa|compania|organizacion|razon social|nombre empresa|nombre de la empresa|negocio|sociedad
        |company|company name|organization|organisation|business|employer""",
    "language": "idioma|lengua|idioma preferido|language|lang|preferred language",
    "time_zone": "zona horaria|huso horario|huso|time zone|timezone",
    "notes": """observaciones|observacion|notas|nota|comentarios|comentario|anotaciones|obs
        |notes|note|comments|comment|remarks|observations""",
}
"""Field -> headings without accents, capitals and punctuation. Several phone columns are tried from left to right."""

FIELD_OF = {" ".join(heading.split()): field for field, headings in SYNONYMS.items() for heading in headings.split("|")}
SEVERAL_COLUMNS = frozenset({"phone", "last_name"})
"""Fields that may be spread over columns; of any other, the first column counts and the rest are further fields."""

ROWS_SCANNED = 30
LONGEST_HEADING = 60
NO_WORD = re.compile(r"[^a-z0-9]+")
SERIAL = re.compile(r" ?[1-9]$")
NUMBER_OF = re.compile(r"^(?:n|no|n o|num|nro|numero)(?: de)? ")


@dataclass(frozen=True, slots=True)
class Columns:
    """The heading row of a sheet, understood: `fields` tells the columns of a field, `extra` names the others."""

    row_number: int
    headings: list[str]
    fields: dict[str, tuple[int, ...]]
    extra: dict[int, str]


def find_columns(rows: Iterable[Row]) -> Columns | None:
    """The first row that names a phone column, among the first ones: titles and remarks may stand above it."""
    for row in islice(rows, ROWS_SCANNED):
        columns = understand(row)
        if "phone" in columns.fields:
            return columns
    return None


def understand(row: Row) -> Columns:
    fields: dict[str, tuple[int, ...]] = {}
    for index, cell in enumerate(row.cells):
        field = field_of(cell)
        if field and (field not in fields or field in SEVERAL_COLUMNS):
            fields[field] = (*fields.get(field, ()), index)
    if "first_name" in fields and "last_name" not in fields and "full_name" not in fields:
        fields["full_name"] = fields.pop("first_name")
    return Columns(row.number, row.cells, fields, _extra(row.cells, fields))


def field_of(heading: str) -> str | None:
    if len(heading) > LONGEST_HEADING:
        return None
    plain = SERIAL.sub("", _plain(heading))
    if NUMBER_OF.match(plain) and FIELD_OF.get(NUMBER_OF.sub("", plain)) == "phone":
        return "phone"
    return FIELD_OF.get(plain)


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return NO_WORD.sub(" ", "".join(letter for letter in letters if not unicodedata.combining(letter))).strip()


def _extra(headings: Sequence[str], fields: dict[str, tuple[int, ...]]) -> dict[int, str]:
    taken = {index for indexes in fields.values() for index in indexes}
    names: dict[int, str] = {}
    for index, heading in enumerate(headings):
        if index not in taken and heading:
            names[index] = _unused(heading[:LONGEST_HEADING], names.values())
    return names


def _unused(name: str, used: Iterable[str]) -> str:
    names = set(used)
    serial = 2
    candidate = name
    while candidate in names:
        candidate, serial = f"{name} ({serial})", serial + 1
    return candidate
