"""Somebody with an account on a test server."""

from dataclasses import dataclass, field

from dav import Dav


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account: ``url`` is what they would type into a calendar client."""

    name: str
    password: str = field(repr=False)
    email: str
    url: str
    home: str
    calendar: str
    ca_file: str | None
    schedules: bool

    @property
    def dav(self) -> Dav:
        """What a calendar client of this user can do, without connectd's own edge."""
        return Dav(self.url, self.name, self.password)
