"""Runs the user's own command that prints a secret."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, cast

from connectd.errors import CredentialsError

_GLANCE = 0.05
_MOST = 64 * 1024
_TRY_IT = "run it in a terminal to see"


def output_of(
    command: Sequence[str], environment: Mapping[str, str], limit_seconds: float, what: str
) -> bytes:
    """Run it without a shell and return what it prints on standard output.

    What it says on stderr is not kept: that may be the secret. Raises CredentialsError, in
    which the command is called ``what``, if it fails or takes longer than the limit.
    """
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own command, run without a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError as error:
        raise CredentialsError(
            f"{what} cannot be run: {error.strerror}. Check the command in the configuration."
        ) from None
    with process:
        try:
            output = _printed(process, limit_seconds, what)
        except subprocess.TimeoutExpired:
            raise CredentialsError(
                f"{what} was stopped after {limit_seconds:g} seconds; {_TRY_IT} what it waits for."
            ) from None
        finally:
            if process.returncode is None:
                _end(process)
    if process.returncode != 0:
        raise CredentialsError(f"{what} {_ending(process.returncode)}; {_TRY_IT} why.")
    return output


def _printed(process: "subprocess.Popen[bytes]", limit_seconds: float, what: str) -> bytes:
    """What it prints until it ends; an agent that it leaves behind may keep the output open."""
    pipe = cast("IO[bytes]", process.stdout)
    ends_at = time.monotonic() + limit_seconds
    output = bytearray()
    while (remaining := ends_at - time.monotonic()) > 0:
        has_ended = process.poll() is not None
        if select.select([pipe], [], [], 0 if has_ended else min(_GLANCE, remaining))[0]:
            piece = os.read(pipe.fileno(), _MOST)
            output += piece
            if not piece:
                process.wait(remaining)
                return bytes(output)
            if len(output) > _MOST:
                raise CredentialsError(f"{what} does not stop printing; {_TRY_IT} what.")
        elif has_ended:
            return bytes(output)
    raise subprocess.TimeoutExpired(process.args, limit_seconds)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command and whatever it started, or its output would stay open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(status: int) -> str:
    return f"failed with status {status}" if status > 0 else f"was ended by signal {-status}"
