"""Runs the user's own command that prints a secret."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

from connectd.errors import CredentialsError

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
            output, _ = process.communicate(timeout=limit_seconds)
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


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command and whatever it started, or its output would stay open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(status: int) -> str:
    return f"failed with status {status}" if status > 0 else f"was ended by signal {-status}"
