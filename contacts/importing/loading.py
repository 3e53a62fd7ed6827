"""Into the database with a handful of set-based statements, whatever the number of rows.

`import_row` holds every valid row, `import_number` one row a distinct number. Both vanish with the transaction.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection

from callcenter.identifiers import new_id
from callcenter.tabular import Row
from contacts.importing.rejections import Rejection, Rejections
from contacts.importing.rows import PreparedRow, RowReader
from contacts.models import Import

LONGEST_STORED_CELL = 1000
SORT_MEMORY = "64MB"

CREATE_TABLES = """
DROP TABLE IF EXISTS import_row, import_number;
CREATE TEMPORARY TABLE import_row (
    row_number integer, number bigint, e164 text, country text, kind text, time_zones text[], contact_id uuid,
    number_id uuid, full_name text, first_name text, last_name text, sort_name text, email text, company text,
    language text, time_zone text, notes text, extra jsonb
) ON COMMIT DROP;
"""

COPY_ROWS = "COPY import_row FROM STDIN"

COPY_REJECTED = """
COPY contacts_rejectedrow (run_id, row_number, reason_code, reason, cells) FROM STDIN
"""

ONE_ROW_A_NUMBER = """
ANALYZE import_row;
CREATE TEMPORARY TABLE import_number ON COMMIT DROP AS
SELECT DISTINCT ON (number) import_row.*, known.contact_id AS known_id, false AS changes
FROM import_row LEFT JOIN contacts_contactnumber known ON known.e164 = import_row.e164
ORDER BY number, row_number;
ANALYZE import_number;
"""

FILL_FROM_FURTHER_ROWS = """
WITH repeated AS (
    SELECT number FROM import_row GROUP BY number HAVING count(*) > 1
), further AS (
    SELECT import_row.* FROM import_row JOIN repeated USING (number)
), named AS (
    SELECT DISTINCT ON (number) * FROM further WHERE full_name <> '' ORDER BY number, row_number
), facts AS (
    SELECT number,
        (array_agg(email ORDER BY row_number) FILTER (WHERE email <> ''))[1] AS email,
        (array_agg(company ORDER BY row_number) FILTER (WHERE company <> ''))[1] AS company,
        (array_agg(language ORDER BY row_number) FILTER (WHERE language <> ''))[1] AS language,
        (array_agg(time_zone ORDER BY row_number) FILTER (WHERE time_zone <> ''))[1] AS time_zone,
        (array_agg(notes ORDER BY row_number) FILTER (WHERE notes <> ''))[1] AS notes
    FROM further GROUP BY number
), extras AS (
    SELECT number, jsonb_object_agg(key, value ORDER BY row_number DESC) AS extra
    FROM further CROSS JOIN jsonb_each(extra) GROUP BY number
)
UPDATE import_number mine SET
    full_name = coalesce(named.full_name, ''), first_name = coalesce(named.first_name, ''),
    last_name = coalesce(named.last_name, ''), sort_name = coalesce(named.sort_name, ''),
    email = coalesce(facts.email, ''), company = coalesce(facts.company, ''),
    language = coalesce(facts.language, ''), time_zone = coalesce(facts.time_zone, ''),
    notes = coalesce(facts.notes, ''), extra = coalesce(extras.extra, '{}')
FROM facts LEFT JOIN named USING (number) LEFT JOIN extras USING (number)
WHERE mine.number = facts.number;
"""
"""The first row of a number decides; what it leaves blank comes from the further ones, a name always as a whole."""

MARK_CHANGES = """
WITH deciding AS (
    SELECT DISTINCT ON (known_id) known_id, row_number FROM import_number
    WHERE known_id IS NOT NULL ORDER BY known_id, row_number
)
UPDATE import_number mine SET changes = true
FROM contacts_contact known JOIN deciding ON deciding.known_id = known.id
WHERE mine.row_number = deciding.row_number AND (
    (mine.full_name <> '' AND (
        mine.full_name <> known.full_name
        OR (mine.first_name <> '' AND mine.first_name <> known.first_name)
        OR (mine.last_name <> '' AND mine.last_name <> known.last_name)
    ))
    OR (mine.email <> '' AND mine.email <> known.email)
    OR (mine.company <> '' AND mine.company <> known.company)
    OR (mine.language <> '' AND mine.language <> known.language)
    OR (mine.time_zone <> '' AND mine.time_zone <> known.time_zone)
    OR (mine.notes <> '' AND mine.notes <> known.notes)
    OR NOT known.extra @> mine.extra
);
"""
"""Two numbers of one contact in one file: the first row decides, or the two would overwrite each other for ever."""

COUNT = """
SELECT (SELECT count(*) FROM import_row), count(*), count(*) FILTER (WHERE known_id IS NULL),
    count(*) FILTER (WHERE changes)
FROM import_number
"""

INSERT_CONTACTS = """
INSERT INTO contacts_contact (id, full_name, first_name, last_name, sort_name, email, company, language, time_zone,
    notes, extra, last_disposition, call_count, created_at, updated_at)
SELECT contact_id, full_name, first_name, last_name, sort_name, email, company, language, time_zone,
    notes, extra, '', 0, %(now)s, %(now)s
FROM import_number WHERE known_id IS NULL ORDER BY row_number;
"""

INSERT_NUMBERS = """
INSERT INTO contacts_contactnumber (id, contact_id, e164, rank, country, kind, time_zones)
SELECT number_id, contact_id, e164, 1, country, kind, time_zones
FROM import_number WHERE known_id IS NULL ORDER BY row_number;
"""

UPDATE_CONTACTS = """
UPDATE contacts_contact known SET
    full_name = coalesce(nullif(mine.full_name, ''), known.full_name),
    sort_name = coalesce(nullif(mine.sort_name, ''), known.sort_name),
    first_name = CASE WHEN mine.full_name IN ('', known.full_name)
        THEN coalesce(nullif(mine.first_name, ''), known.first_name) ELSE mine.first_name END,
    last_name = CASE WHEN mine.full_name IN ('', known.full_name)
        THEN coalesce(nullif(mine.last_name, ''), known.last_name) ELSE mine.last_name END,
    email = coalesce(nullif(mine.email, ''), known.email),
    company = coalesce(nullif(mine.company, ''), known.company),
    language = coalesce(nullif(mine.language, ''), known.language),
    time_zone = coalesce(nullif(mine.time_zone, ''), known.time_zone),
    notes = coalesce(nullif(mine.notes, ''), known.notes),
    extra = known.extra || mine.extra,
    updated_at = %(now)s
FROM import_number mine WHERE mine.changes AND mine.known_id = known.id;
"""

ADD_TO_LIST = """
INSERT INTO contacts_contactlistmembership (contact_list_id, contact_id, added_at)
SELECT %(contact_list_id)s, coalesce(known_id, contact_id), %(now)s FROM import_number ORDER BY row_number
ON CONFLICT (contact_list_id, contact_id) DO NOTHING;
"""

ADD_CONSENTS = """
INSERT INTO contacts_consentrecord (contact_id, basis, source, obtained_at, wording)
SELECT coalesce(known_id, contact_id), %(basis)s, %(source)s, %(now)s, '' FROM import_number ORDER BY row_number
ON CONFLICT (contact_id, basis, source) DO NOTHING;
"""

KEEP_OTHERS_OUT = "LOCK TABLE contacts_contactnumber IN SHARE ROW EXCLUSIVE MODE"
"""Two imports, or an import and a new contact, could otherwise create the same number at once."""


def stage(reader: RowReader, rows: Iterable[Row], rejections: Rejections) -> None:
    """Stream the rows into the database; those that are refused go to `rejections`."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_TABLES)
        with cursor.copy(COPY_ROWS) as copy:
            for row in _valid(map(reader.read, rows), rejections):
                copy.write_row(_staged(row))


def compare(*, exclusive: bool) -> tuple[int, int, int, int]:
    """Valid rows, distinct numbers, new ones and changed ones. `exclusive` if they will be applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [SORT_MEMORY])
        if exclusive:
            cursor.execute(KEEP_OTHERS_OUT)
        for statement in (ONE_ROW_A_NUMBER, FILL_FROM_FURTHER_ROWS, MARK_CHANGES, COUNT):
            cursor.execute(statement)
        return cursor.fetchone()


def apply(run: Import, now: datetime) -> None:
    """Write what `compare` found: contacts, their numbers, the list and the legal basis."""
    values = {
        "now": now,
        "contact_list_id": run.contact_list_id,
        "basis": run.basis,
        "source": run.file_name[:200],
    }
    statements = [INSERT_CONTACTS, INSERT_NUMBERS, UPDATE_CONTACTS, ADD_TO_LIST]
    with connection.cursor() as cursor:
        for statement in statements + [ADD_CONSENTS] * bool(run.basis):
            cursor.execute(statement, values)


def store_rejected(run: Import, rejections: Rejections) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY_REJECTED) as copy:
        for rejection in rejections:
            copy.write_row([run.pk, rejection.row_number, rejection.code, rejection.reason[:300], _cells(rejection)])


def _valid(rows: Iterable[PreparedRow | Rejection], rejections: Rejections) -> Iterator[PreparedRow]:
    for row in rows:
        if isinstance(row, Rejection):
            rejections.add(row)
        else:
            yield row


def _staged(row: PreparedRow) -> list[Any]:
    number = row.number
    places = [number.e164, number.country, number.kind, list(number.time_zones), new_id(), new_id()]
    names = [row.full_name, row.first_name, row.last_name, row.sort_name]
    facts = [row.email, row.company, row.language, row.time_zone, row.notes, row.extra_json]
    return list(chain([row.row_number, int(number.e164[1:])], places, names, facts))


def _cells(rejection: Rejection) -> str:
    """As JSON; a cell of a hundred thousand letters is kept by its beginning."""
    return json.dumps([cell[:LONGEST_STORED_CELL] for cell in rejection.cells], ensure_ascii=False)
