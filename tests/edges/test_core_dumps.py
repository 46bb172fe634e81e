"""Who holds a secret leaves no image of its memory behind."""

import subprocess
import sys

PROGRAM = """
import ctypes
import resource

from connectd.edges import secrets

GET_DUMPABLE = 3


def state():
    return [resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(GET_DUMPABLE)]


_, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
before = state()
environment = {"PATH": "/usr/bin:/bin"}
command = ["sh", "-c", "ulimit -c"]
child = secrets.fetch(
    "main", password_command=command, token_command=None, environment=environment
)
print(before[0] == hard, before[1], *state(), child.value)
"""


def test_whoever_fetches_one_dumps_no_core_and_neither_does_its_command() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, check=True)

    assert ran.stdout.split() == [b"True", b"1", b"0", b"0", b"0"]
