"""Which tests share a worker when several run at once.

The mark `xdist_group` of pytest-xdist 3.8 has no effect under pytest 9.2, whose items carry no private node id.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/e2e/", "tests/scenarios/", "tests/calls/conversation/")
"""Folders whose tests share running processes, or load the whole machine."""


class ByFolder(LoadScopeScheduling):
    """The tests of a shared folder go to one worker, every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    return ByFolder(config, log)
