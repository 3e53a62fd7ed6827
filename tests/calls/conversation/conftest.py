import pytest

from tests.calls.running import Product, address_settings, running_product


@pytest.fixture(scope="session")
def shared_product(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), running_product(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
def product(shared_product, transactional_db, settings) -> Product:
    """Web and sockets doors, workers of `turns` and the practice network, on this test's database."""
    address_settings(settings, shared_product)
    shared_product.simulator.set_faults()
    return shared_product
