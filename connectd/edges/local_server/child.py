"""Runs Radicale for as long as whoever started it holds the other end of standard input.

So it ends with its starter, in whatever way that one ends.
"""

import os
import runpy
import threading


def _end_with_the_starter() -> None:
    # not through sys.stdin, whose lock Python wants to have when it ends
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    runpy.run_module("radicale", run_name="__main__")
