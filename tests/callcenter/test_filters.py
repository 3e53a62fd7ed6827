"""What the filters of all lists have in common."""

import re

import pytest

LISTS = ["/calls/", "/campaigns/", "/contacts/", "/reports/"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", LISTS)
def test_every_field_of_a_filter_has_its_look_and_its_label(client, alice, address):
    client.force_login(alice)
    page = client.get(address).content.decode()
    form = page[page.index('-filter" class="card') : page.index("</form>", page.index('-filter" class="card'))]
    fields = [field for field in re.findall(r"<(?:select|input)[^>]*>", form) if 'type="hidden"' not in field]
    assert fields
    for field in fields:
        assert re.search(r'class="form-(control|select)"', field)
        assert f'for="{re.search(r" id=.([^ >]*)[^ >]", field)[1]}"' in form


@pytest.mark.parametrize("address", LISTS)
def test_a_filter_replaces_what_it_names_and_works_without_javascript(client, alice, address):
    client.force_login(alice)
    page = client.get(address).content.decode()
    target = re.search(r'-filter"[^>]*hx-target="#([a-z-]+)"', page)[1]
    assert f'<div id="{target}"' in page
    assert re.search(rf'-filter"[^>]*method="get"[^>]*action="{address}"', page)
