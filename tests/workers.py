"""Which tests share a worker when several run at once.

The mark `xdist_group` of pytest-xdist 3.8 has no effect under pytest 9.2, whose items carry no private node id.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/e2e/",
    "tests/scenarios/",
    "tests/calls/conversation/",
    "tests/simulator/test_account_api.py",
    "tests/simulator/test_audio.py",
    "tests/simulator/test_calls_list.py",
    "tests/simulator/test_determinism.py",
    "tests/simulator/test_elevenlabs_refusals.py",
    "tests/simulator/test_node_sdk.py",
    "tests/simulator/test_openai_validation.py",
    "tests/simulator/test_pricing_api.py",
    "tests/simulator/test_relay_handshake.py",
)
"""Folders and files whose tests share running processes or costly preparations, or load the whole machine."""


class ByPlace(LoadScopeScheduling):
    """The tests of a shared place go to one worker, every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlace:
    return ByPlace(config, log)
