import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import new_context, open_page, running_browser, sign_in
from tests.e2e.portal import running_portal

expect.set_options(timeout=30_000)

SPEED = 4.0
"""A call of the practice network lasts long enough to be watched, and no longer."""


@pytest.fixture(scope="package")
def portal():
    with running_portal(speed=SPEED) as running:
        yield running


@pytest.fixture(scope="package")
def places(portal):
    """Addresses of the seeded records by name."""
    return portal.seed()


@pytest.fixture(scope="package")
def browser():
    with running_browser() as running:
        yield running


@pytest.fixture(scope="package")
def signed_in(browser, portal, places):
    """The cookies of Alice, who supervises."""
    context = new_context(browser)
    sign_in(context.new_page(), portal.url, "alice@example.com")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visit(browser, portal, signed_in):
    """Alice's page; whatever it says in its console fails the test."""
    context = new_context(browser, storage_state=signed_in, base_url=portal.url)
    visit = open_page(context)
    yield visit
    context.close()
    assert visit.problems == []
