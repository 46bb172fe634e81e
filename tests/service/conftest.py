"""What the tests of the use cases share: connectd on every kind of server."""

import pytest
from installation import Install, Installation
from servers import User


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    """Return connectd for somebody new, once on each kind of server."""
    return install(user)
