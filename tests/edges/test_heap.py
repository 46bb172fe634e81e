"""Memory that is not needed any more goes back to the system."""

import subprocess
import sys

PROGRAM = """
import os
from connectd.edges.heap import give_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

parts = [b"x" * (100_000 + number) for number in range(400)]
last = b"x" * len(parts[0])  # above all the rest: what lies below it stays without being asked for
del parts
before = resident()
give_back()
print(before - resident())
"""


def test_what_was_taken_for_a_while_goes_back() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) > 30_000_000
