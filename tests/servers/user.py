"""Somebody with an account on a test server."""

from dataclasses import dataclass

from dav import Dav


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account: ``url`` is what they would type into a calendar client."""

    name: str
    url: str
    home: str
    calendar: str
    schedules: bool
    ca_file: str | None = None

    @property
    def password(self) -> str:
        return f"{self.name}-secret"

    @property
    def email(self) -> str:
        return f"{self.name}@example.test"

    @property
    def dav(self) -> Dav:
        """What a calendar client of this user can do, without connectd's own edge."""
        return Dav(self.url, self.name, self.password)
