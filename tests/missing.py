"""What happens to a test on a machine that lacks a program: it skips, and fails in CI."""

import os
from typing import NoReturn

import pytest


def leave_out(what: str, packages: str) -> NoReturn:
    """Skip the test, saying what installs it; with ``CI=true`` nothing may be missing."""
    reason = f"{what} missing here: apt-get install --no-install-recommends {packages}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
