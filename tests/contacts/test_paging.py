"""Keyset pages, tried on contacts: every row once, in both directions, whatever the order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from callcenter.paging import paginate
from contacts.models import Contact

BY_NAME = ("sort_name", "id")
NEWEST_FIRST = ("-id",)


def walk(order, size, *, backwards=False, cursor=""):
    while True:
        page = paginate(Contact.objects.all(), order=order, cursor=cursor, size=size)
        yield page
        cursor = page.previous_cursor if backwards else page.next_cursor
        if not cursor:
            return


class EveryRowOnce(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        names=st.lists(st.sampled_from(["", "ana", "eva", "eva", "ñu", 'a,b"c']), max_size=12), size=st.integers(1, 5)
    )
    def test_walking_forth_and_back_meets_every_row_once_in_order(self, names, size):
        Contact.objects.bulk_create(Contact(sort_name=name) for name in names)
        for order in (BY_NAME, NEWEST_FIRST, ("-sort_name", "id"), ("-created_at", "-id")):
            expected = list(Contact.objects.order_by(*order))
            pages = list(walk(order, size))
            assert [row for page in pages for row in page.items] == expected
            back = list(walk(order, size, backwards=True, cursor=pages[-1].previous_cursor)) if len(pages) > 1 else []
            assert [row for page in reversed(back) for row in page.items] == expected[
                : len(expected) - len(pages[-1].items)
            ]


@pytest.mark.django_db
def test_a_first_and_only_page_has_no_cursors():
    Contact.objects.create(sort_name="ana")
    page = paginate(Contact.objects.all(), order=BY_NAME)
    assert page.is_only_one
    assert len(page.items) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor", ["%", "e30", "WzFd", "WzAsImEiLCJiIl0", "WzAsMSwyXQ", "AAAA", "ñ", "WzAsIlx1MDAwMCIsImIiXQ"]
)
def test_a_mangled_cursor_shows_the_first_page(cursor):
    contact = Contact.objects.create(sort_name="ana")
    assert paginate(Contact.objects.all(), order=BY_NAME, cursor=cursor).items == [contact]
