"""The mail server as the configuration describes it, against a real one."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from config_texts import SMALLEST, parse
from mail_sink import MailSink

from connectd.cli.building import mail_server
from connectd.edges.smtp import MailServer
from connectd.errors import CredentialsError

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def built(port: int, keys: str, environment: Mapping[str, str]) -> MailServer:
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n{keys}'
    server = mail_server(parse(SMALLEST + mail), environment)
    assert server is not None
    return server


def test_without_a_mail_table_there_is_no_mail_server() -> None:
    assert mail_server(parse(SMALLEST), {}) is None


def test_without_a_user_name_there_is_no_login() -> None:
    with MailSink() as sink:
        built(sink.port, "", {}).check()

    assert not sink.logins


def test_the_password_comes_from_the_credential_called_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("hunter2\n")
    (tmp_path / "main").write_text("the password of the calendar\n")
    with MailSink(users={"alice": "hunter2"}) as sink:
        server = built(sink.port, 'username = "alice"', {"CREDENTIALS_DIRECTORY": str(tmp_path)})
        server.check()

        (tmp_path / "mail").write_text("wrong\n")
        with pytest.raises(CredentialsError):
            server.check()
    assert sink.logins == ["PLAIN", "PLAIN"]


def test_a_token_comes_from_its_command() -> None:
    with MailSink(token="hunter2") as sink:
        built(sink.port, 'username = "alice"\ntoken_command = ["echo", "hunter2"]', {}).check()

    assert sink.logins == ["XOAUTH2"]


def test_a_failing_command_is_called_that_of_the_mail_server() -> None:
    server = built(25, 'username = "alice"\npassword_command = ["false"]', {})

    with pytest.raises(CredentialsError, match=r"password_command of \[mail\] \(false\) failed"):
        server.check()
