"""The names by which connectd finds its own objects again."""

from uuid import UUID, uuid5


def meeting_uid(installation: str, contact: str, attempt: int) -> str:
    """The UID of a meeting: the same installation, contact and attempt give the same one.

    So a draft that was written, but whose answer was lost, is met again instead of doubled.
    """
    return str(uuid5(UUID(installation), f"meeting/{contact}/{attempt}"))


def follow_up_uid(installation: str, meeting_uid: str) -> str:
    """The UID of the task that asks how a meeting was."""
    return str(uuid5(UUID(installation), f"follow-up/{meeting_uid}"))


def digest_uid(installation: str) -> str:
    """The UID of the event that holds the digest of the week: there is only one."""
    return str(uuid5(UUID(installation), "digest"))
