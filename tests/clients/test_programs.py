"""A client that is missing is never passed over in silence."""

import pytest
from programs import require

INSTALL = "no-such-program missing here: apt-get install --no-install-recommends such-packages"


def test_a_missing_program_skips_a_test_and_says_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=INSTALL):
        require("such-packages", "sh", "no-such-program")


def test_a_missing_program_fails_a_test_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=INSTALL):
        require("such-packages", "sh", "no-such-program")


def test_a_missing_module_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="the Python module no_such_module missing"):
        require("such-packages", "sh", module="no_such_module")


def test_what_is_here_is_not_missing() -> None:
    require("such-packages", "sh", module="json")
