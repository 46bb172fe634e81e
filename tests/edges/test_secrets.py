import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectd.edges import secrets
from connectd.edges.secrets import Secret
from connectd.errors import CredentialsError

SHELL = {"PATH": os.environ["PATH"]}


def password(*command: str, limit_seconds: float = 10.0, **environment: str) -> Secret:
    return secrets.fetch(
        "main",
        password_command=command,
        token_command=None,
        environment=SHELL | environment,
        limit_seconds=limit_seconds,
    )


def token(*command: str) -> Secret:
    return secrets.fetch(
        "main", password_command=None, token_command=command, environment=SHELL, limit_seconds=10
    )


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("hunter2", bearer=True)

    assert "hunter2" not in f"{secret} {secret!r}"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo hunter2", "hunter2"),
        ("printf 'hunter2\\nlogin: alice\\n'", "hunter2"),
        ("printf 'hunter2\\r\\n'", "hunter2"),
        ("printf ' two  words '", " two  words "),
        ("printf 'gr\\303\\274n'", "grün"),
    ],
)
def test_a_command_gives_the_first_line_of_its_output(script: str, expected: str) -> None:
    assert password("sh", "-c", script) == Secret(expected, bearer=False)


def test_a_command_is_run_without_a_shell() -> None:
    assert password("echo", "$HOME; ls *").value == "$HOME; ls *"


def test_a_command_sees_the_environment_it_is_given() -> None:
    assert password("sh", "-c", 'echo "$STORE"', STORE="mine").value == "mine"


def test_a_command_does_not_read_what_is_typed_into_connectd() -> None:
    program = (
        "from connectd.edges import secrets\n"
        "command = ('sh', '-c', 'cat; echo hunter2')\n"
        "none = {'token_command': None, 'environment': {'PATH': '/usr/bin:/bin'}}\n"
        "print(secrets.fetch('main', password_command=command, **none).value)\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], input="typed", capture_output=True, text=True, check=True
    )

    assert finished.stdout == "hunter2\n"


def test_what_is_no_account_is_called_by_its_own_name() -> None:
    with pytest.raises(CredentialsError, match=r"^the token_command of \[mail\] \(false\) failed"):
        secrets.fetch(
            "mail",
            password_command=None,
            token_command=("false",),
            environment=SHELL,
            whose="[mail]",
        )


def test_a_failing_command_is_named_with_its_status_but_never_its_output_or_arguments() -> None:
    with pytest.raises(CredentialsError) as caught:
        password("sh", "-c", "echo hunter2; echo hunter2 >&2; exit 7")

    assert "password_command" in str(caught.value)
    assert '"main" (sh)' in str(caught.value)
    assert "status 7" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.exit_status == 4


def test_what_a_command_says_on_stderr_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    password("sh", "-c", "echo hunter2 >&2; echo fine")

    assert capfd.readouterr() == ("", "")


def test_a_command_ended_by_a_signal() -> None:
    with pytest.raises(CredentialsError, match="signal 15"):
        password("sh", "-c", "kill -TERM $$")


def test_a_missing_command() -> None:
    with pytest.raises(CredentialsError, match=r"\(no-such-program\) cannot be run: No such file"):
        password("no-such-program", "hunter2")


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    plain = tmp_path / "secret"
    plain.write_text("hunter2")

    with pytest.raises(CredentialsError, match="cannot be run: Permission denied"):
        password(str(plain))


@pytest.mark.parametrize("script", ["true", "echo", "printf '\\nhunter2\\n'"])
def test_an_empty_first_line_is_no_secret(script: str) -> None:
    with pytest.raises(CredentialsError, match="empty first line"):
        password("sh", "-c", script)


def test_output_that_is_no_text_is_refused_without_being_carried_along() -> None:
    with pytest.raises(CredentialsError, match="not UTF-8") as caught:
        password("sh", "-c", "printf 'hunter2\\377'")

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_command_that_hangs_is_stopped_with_everything_it_started(tmp_path: Path) -> None:
    child = tmp_path / "pid"
    started = time.monotonic()

    with pytest.raises(CredentialsError, match="stopped after 2 seconds"):
        password("sh", "-c", f"sleep 60 & echo $! > '{child}'; wait", limit_seconds=2)

    assert time.monotonic() - started < 30
    assert has_ended(int(child.read_text()), within_seconds=5)


def test_an_agent_that_a_command_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    agent = tmp_path / "pid"
    try:
        assert password("sh", "-c", f"sleep 60 & echo $! > '{agent}'; echo hunter2") == Secret(
            "hunter2"
        )
        assert not has_ended(int(agent.read_text()), within_seconds=0)
    finally:
        os.kill(int(agent.read_text()), signal.SIGKILL)


def test_a_command_that_prints_on_and_on_is_stopped() -> None:
    with pytest.raises(CredentialsError, match="does not stop printing"):
        password("yes", "hunter2", limit_seconds=60)


def has_ended(pid: int, *, within_seconds: float) -> bool:
    limit = time.monotonic() + within_seconds
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)


def test_a_token_command_gives_a_bearer_token() -> None:
    assert token("echo", "ya29.a0-_~+/=") == Secret("ya29.a0-_~+/=", bearer=True)


@pytest.mark.parametrize("printed", ["two words", "grün", "bell\\007"])
def test_a_token_fits_into_a_header(printed: str) -> None:
    with pytest.raises(CredentialsError, match=r"token_command .* is no access token"):
        token("printf", printed)


def from_directory(
    directory: Path, *, password_command: tuple[str, ...] | None = None, name: str = "main"
) -> Secret:
    return secrets.fetch(
        name,
        password_command=password_command,
        token_command=None,
        environment=SHELL | {"CREDENTIALS_DIRECTORY": str(directory)},
    )


def test_a_file_of_the_credentials_directory_named_after_the_account(tmp_path: Path) -> None:
    (tmp_path / "main").write_text("hunter2\n")
    (tmp_path / "other").write_text("correct horse")

    assert from_directory(tmp_path) == Secret("hunter2")
    assert from_directory(tmp_path, name="other") == Secret("correct horse")


def test_a_password_command_goes_before_the_credentials_directory(tmp_path: Path) -> None:
    (tmp_path / "main").write_text("from the file")

    found = from_directory(tmp_path, password_command=("echo", "from the command"))

    assert found.value == "from the command"


def test_a_failing_command_is_not_made_up_for_by_the_next_source(tmp_path: Path) -> None:
    (tmp_path / "main").write_text("from the file")

    with pytest.raises(CredentialsError, match="status 1"):
        from_directory(tmp_path, password_command=("false",))


def test_an_empty_credential_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main").write_text("\n")

    with pytest.raises(CredentialsError, match="empty first line"):
        from_directory(tmp_path)


def test_a_credential_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()

    with pytest.raises(CredentialsError, match="cannot be read: Is a directory"):
        from_directory(tmp_path)
