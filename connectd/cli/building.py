"""Builds the edges that a tick works with, from the configuration."""

from collections.abc import Callable, Mapping

from connectd.config import Account, Config, Mail
from connectd.edges import secrets
from connectd.edges.caldav_server import AddressBookServer, CalDavServer, Credential
from connectd.edges.confined import Confined
from connectd.edges.desktop_notice import DesktopNotice
from connectd.edges.public_holidays import PublicHolidays
from connectd.edges.smtp import Login, MailServer
from connectd.edges.store import Store
from connectd.edges.web import Web
from connectd.service.means import Means
from connectd.service.question_files import read_catalogue


def build_means(config: Config, store: Store, environment: Mapping[str, str]) -> Means:
    """Everything a tick needs; nothing is connected or started before it is used.

    Raises ConfigError where the user's own questions cannot be used.
    """
    return Means(
        config=config,
        store=store,
        servers={account.name: build_server(account, environment) for account in config.accounts},
        reader=Confined("connectd.formats.confined_readers:read"),
        holidays=PublicHolidays(config.me.country, config.me.subdivision),
        catalogue=read_catalogue(config.path),
        mail=mail_server(config, environment),
        web=Web(),
        people=address_book_server(config, environment),
        desktop=DesktopNotice(environment) if config.daemon.notices == "desktop" else None,
    )


def build_server(account: Account, environment: Mapping[str, str]) -> CalDavServer:
    """The server of an account; its secret is fetched when the first request is made."""
    ca_file = str(account.ca_file) if account.ca_file else None
    return CalDavServer(
        account.name, account.url, credential_of(account, environment), ca_file=ca_file
    )


def address_book_server(config: Config, environment: Mapping[str, str]) -> AddressBookServer | None:
    """Where people come from, if there is such a place, opened by its account's credentials."""
    people = config.people
    if people is None:
        return None
    account = next(account for account in config.accounts if account.name == people.account)
    ca_file = str(account.ca_file) if account.ca_file else None
    fetch = credential_of(account, environment)
    return AddressBookServer(account.name, people.url or account.url, fetch, ca_file=ca_file)


def mail_server(config: Config, environment: Mapping[str, str]) -> MailServer | None:
    """The mail server, if there is one; its secret is fetched for each mail."""
    mail = config.mail
    if mail is None:
        return None
    ca_file = str(mail.ca_file) if mail.ca_file else None
    login = login_of(mail, mail.username, environment) if mail.username else None
    return MailServer(mail.host, mail.port, mail.security, login, ca_file=ca_file)


def credential_of(account: Account, environment: Mapping[str, str]) -> Callable[[], Credential]:
    """What fetches the credential of an account."""

    def fetch() -> Credential:
        secret = secrets.fetch(
            account.name,
            password_command=account.password_command,
            token_command=account.token_command,
            environment=environment,
        )
        return Credential(account.username, secret.value, bearer=secret.bearer)

    return fetch


def login_of(mail: Mail, username: str, environment: Mapping[str, str]) -> Callable[[], Login]:
    """What fetches the login of the mail server."""

    def fetch() -> Login:
        secret = secrets.fetch(
            "mail",
            password_command=mail.password_command,
            token_command=mail.token_command,
            environment=environment,
            whose="[mail]",
        )
        return Login(username, secret.value, bearer=secret.bearer)

    return fetch
