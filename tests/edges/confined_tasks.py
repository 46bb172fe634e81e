"""What the tests of the confined process ask it to do."""

import itertools
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any


def do(request: dict[str, Any]) -> dict[str, Any]:
    """Call the task of that name."""
    result: dict[str, Any] = globals()[request["task"]](request)
    return result


def echo(request: dict[str, Any]) -> dict[str, Any]:
    return {"said": request["say"], "process": os.getpid()}


def spin(_: dict[str, Any]) -> dict[str, Any]:
    return {"never": sum(itertools.repeat(0))}


def work(request: dict[str, Any]) -> dict[str, Any]:
    until = time.process_time() + request["seconds"]
    while time.process_time() < until:
        pass
    return {"process": os.getpid()}


def hog(request: dict[str, Any]) -> dict[str, Any]:
    return {"size": len(bytearray(request["megabytes"] * 1024 * 1024))}


def sleep(_: dict[str, Any]) -> dict[str, Any]:
    time.sleep(3600)
    return {}


def chatter(_: dict[str, Any]) -> dict[str, Any]:
    sys.stdout.write("\x00" * 100)
    sys.stdout.flush()
    os.write(1, b"\x00" * 100)
    sys.stderr.write("noise")
    return {"input": sys.stdin.read()}


def blather(request: dict[str, Any]) -> dict[str, Any]:
    return {"text": "x" * request["size"]}


def fail(_: dict[str, Any]) -> dict[str, Any]:
    raise LookupError("nothing there")


def die(request: dict[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), request["signal"])
    return {}


def die_once(request: dict[str, Any]) -> dict[str, Any]:
    """Die if nobody died here before: the sign is a file that is removed."""
    if Path(request["sign"]).exists():
        Path(request["sign"]).unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"process": os.getpid()}


def look(_: dict[str, Any]) -> dict[str, Any]:
    """What this process can see and may do."""
    return {
        "environment": dict(os.environ),
        "files": [
            str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()
        ],
        "cores": resource.getrlimit(resource.RLIMIT_CORE),
        "session": os.getsid(0) == os.getpid(),
        "directory": str(Path.cwd()),
    }
