"""A desktop on which a test sees what was shown."""

from connectd.edges.desktop_notice import DesktopNotice
from connectd.errors import ServerError


class KeptNotices(DesktopNotice):
    """A desktop that keeps what it shows; with ``broken`` it shows nothing."""

    def __init__(self) -> None:
        super().__init__({})
        self.shown: list[tuple[str, str]] = []
        self.broken: str | None = None

    def show(self, title: str, text: str) -> None:
        self.shown.append((title, text))
        if self.broken:
            raise ServerError(self.broken)
