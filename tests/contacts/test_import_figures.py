"""Whatever stands in a file, the figures add up and a dry run tells them beforehand."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contacts.importing import import_contacts
from contacts.models import Contact, ContactNumber, RejectedRow

PHONES = st.one_of(
    st.integers(600_000_000, 600_000_009).map(str),
    st.integers(600_000_000, 600_000_009).map(lambda number: f"+34 {number}"),
    st.sampled_from(["", "12345", "807123456", "no tiene", "6,00E+08", "91 123 45 67", "+52 55 5150 8157"]),
    st.text(max_size=12),
)
CELLS = st.one_of(st.text(max_size=20), st.sampled_from(["Ñandú; S.L.", 'a "b" c', "x\ny", "=1+1", "x" * 300, "\0"]))
ROWS = st.lists(st.tuples(CELLS, PHONES, CELLS, CELLS), max_size=15)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
HEADINGS = ["Nombre", "Teléfono", "Correo electrónico", "Población"]


def content_of(rows, encoding, delimiter, line_end):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([HEADINGS, *rows])
    return text.getvalue().encode(encoding, "replace")


def load(content, *, dry_run=False):
    result = import_contacts(
        file=io.BytesIO(content), file_name="f.csv", contact_list="Test", country="ES", dry_run=dry_run
    )
    return result.figures


def counts(figures):
    return figures.created, figures.updated, figures.unchanged, figures.merged, figures.rejected


class TheFiguresAddUp(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        rows=ROWS,
        known=ROWS,
        encoding=st.sampled_from(ENCODINGS),
        delimiter=st.sampled_from(";,\t|"),
        line_end=st.sampled_from(["\n", "\r\n"]),
    )
    def test_the_figures_add_up_and_are_told_beforehand(self, rows, known, encoding, delimiter, line_end):
        load(content_of(known, "utf-8", ";", "\n"))
        before = Contact.objects.count()
        content = content_of(rows, encoding, delimiter, line_end)
        dry = load(content, dry_run=True)
        assert Contact.objects.count() == before
        run = load(content)
        assert counts(dry) == counts(run)
        assert sum(counts(run)) == run.rows
        assert Contact.objects.count() == before + run.created == ContactNumber.objects.count()
        again = load(content)
        assert counts(again) == (0, 0, run.created + run.updated + run.unchanged, run.merged, run.rejected)

    @settings(max_examples=30, deadline=None)
    @given(junk=st.lists(st.sampled_from([9, 10, 13, *range(32, 256)]), max_size=400).map(bytes))
    def test_junk_below_the_headings_never_breaks_the_import(self, junk):
        figures = load(b"Nombre;Telefono\nAna;600111222\n" + junk)
        assert sum(counts(figures)) == figures.rows
        assert RejectedRow.objects.count() == figures.rejected
