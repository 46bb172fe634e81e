"""A proxy before a server that asks for other credentials than the server itself."""

from base64 import b64encode
from collections.abc import Callable

from proxy import Proxy, Reply
from servers import User


class Door(Proxy):
    """Lets in whoever shows what ``accepts`` wants to see, and knocks with Basic behind it."""

    def __init__(self, user: User, challenge: str, accepts: Callable[[str, str], bool]) -> None:
        self._basic = "Basic " + b64encode(f"{user.name}:{user.password}".encode()).decode()
        self._challenge = challenge
        self._accepts = accepts
        self.shown: list[str] = []
        super().__init__(user.url)

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        shown = headers.get("Authorization", "")
        self.shown.append(shown)
        if not self._accepts(method, shown):
            return Reply(401, {"WWW-Authenticate": self._challenge})
        return super().forward(method, path, headers | {"Authorization": self._basic}, body)
