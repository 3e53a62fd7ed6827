"""Counts as a reader of either language writes them."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "final", "total", "sentence"),
    [
        ("en", 0, 1, "0 of 1 contact is settled"),
        ("en", 17, 1234, "17 of 1,234 contacts are settled"),
        ("es", 0, 1, "0 de 1 contacto resuelto"),
        ("es", 1234, 12345, "1\xa0234 de 12\xa0345 contactos resueltos"),
    ],
)
def test_contacts_are_counted_in_the_number_and_the_groups_of_the_language(language, final, total, sentence):
    with translation.override(language):
        shown = render_to_string("campaigns/partials/settled.html", {"progress": {"final": final, "total": total}})
    assert shown.strip() == sentence
