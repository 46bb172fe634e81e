from uuid import UUID

import pytest
from domain_builders import INSTALLATION
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.identity import follow_up_uid, meeting_uid


@given(st.uuids(), st.text(max_size=20), st.integers(1, 99))
def test_the_same_meeting_always_has_the_same_uid(
    installation: UUID, contact: str, attempt: int
) -> None:
    first = meeting_uid(str(installation), contact, attempt)
    assert meeting_uid(str(installation), contact, attempt) == first
    assert UUID(first).version == 5


def test_installation_contact_and_attempt_each_make_another_uid() -> None:
    other = "00000000-0000-4000-8000-000000000000"
    uids = [
        meeting_uid(INSTALLATION, "bob", 1),
        meeting_uid(INSTALLATION, "bob", 2),
        meeting_uid(INSTALLATION, "bob-2", 1),
        meeting_uid(other, "bob", 1),
    ]
    assert len(set(uids)) == len(uids)


def test_a_uid_stays_what_it_was_in_earlier_versions() -> None:
    assert meeting_uid(INSTALLATION, "bob-baker", 1) == "8ed4b088-e527-516e-991a-35dfe5a27ae4"


def test_a_uid_says_nothing_about_the_contact() -> None:
    assert "bob" not in meeting_uid(INSTALLATION, "bob", 1)


def test_an_installation_is_a_uuid() -> None:
    with pytest.raises(ValueError, match="UUID"):
        meeting_uid("", "bob", 1)


def test_the_task_after_a_meeting_has_a_uid_of_its_own_that_stays_the_same() -> None:
    meeting = meeting_uid(INSTALLATION, "bob-baker", 1)
    task = follow_up_uid(INSTALLATION, meeting)
    assert task == "48812d0d-95c6-53a7-aed1-8aa99e6b374b"
    others = {meeting, follow_up_uid(INSTALLATION, "x"), meeting_uid(INSTALLATION, meeting, 1)}
    assert task not in others
