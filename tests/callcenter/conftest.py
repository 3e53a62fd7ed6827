import pytest

from tests import ports


@pytest.fixture
def free_port() -> int:
    """A port of this machine where nobody listens."""
    return ports.free_port()
