"""What is known of providers: the file that comes with connectd, and who is found in it."""

from urllib.parse import urlsplit

import pytest

from connectd.domain.urls import url_problem
from connectd.formats.providers import Provider, Providers
from connectd.service.finding_server import known_providers

KNOWN = known_providers()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("alice@icloud.com", "iCloud"),
        ("Alice@ME.com", "iCloud"),
        ("caldav.icloud.com", "iCloud"),
        ("p42-caldav.icloud.com", "iCloud"),
        ("alice@fastmail.com", "Fastmail"),
        ("alice@alice.fastmail.com", "Fastmail"),
        ("alice@yahoo.co.uk", "Yahoo"),
        ("caldav.calendar.yahoo.com", "Yahoo"),
        ("alice@mailbox.org", "mailbox.org"),
        ("alice@posteo.net", "Posteo"),
        ("alice@gmx.at", "GMX"),
        ("alice@gmx.com", "GMX"),
        ("web.de", "web.de"),
        ("alice@zoho.eu", "Zoho"),
        ("alice@gmail.com", "Google"),
        ("apidata.googleusercontent.com", "Google"),
        ("alice@hotmail.com", "Microsoft"),
        ("alice@noticloud.com", None),
        ("alice@icloud.com.example.test", None),
        ("example.test", None),
        ("", None),
    ],
)
def test_whose_an_address_or_host_is(said: str, name: str | None) -> None:
    provider = KNOWN.provider_of(said)
    assert (provider.name if provider else None) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://cloud.example.test/remote.php/dav/", "Nextcloud"),
        ("https://example.test/my/cloud/remote.php/dav", "Nextcloud"),
        ("https://example.test/baikal/html/dav.php/calendars/alice/", "Baïkal"),
        ("https://example.test/SOGo/dav/", "SOGo"),
        ("https://example.test/dav/", None),
        ("https://example.test/", None),
        ("https://caldav.fastmail.com/dav/", "Fastmail"),
    ],
)
def test_what_answers_at_a_url(url: str, name: str | None) -> None:
    provider = KNOWN.provider_at(url)
    assert (provider.name if provider else None) == name


def test_a_url_can_hold_the_address_or_the_name() -> None:
    provider = Provider("P", "https://dav.example.test/{name}/{address}/", username="name")
    address = "al/ice@example.test"
    assert provider.url_for(address) == "https://dav.example.test/al%2Fice/al%2Fice@example.test/"
    assert provider.username_for(address) == "al/ice"
    assert Provider("P").username_for(address) == address


@pytest.mark.parametrize("provider", KNOWN.known, ids=lambda one: one.domains[0])
def test_every_provider_is_whole_and_found_by_each_of_its_domains(provider: Provider) -> None:
    assert provider.name
    assert provider.username in ("address", "name")
    assert provider.app_password in ("", "always", "two-factor")
    assert bool(provider.app_password) == bool(provider.made_at)
    assert not provider.token or provider.note
    for domain in provider.domains:
        assert domain == domain.lower()
        assert KNOWN.provider_of(f"alice@{domain}") == provider
    url = provider.url_for("alice@example.test")
    if url:
        assert url_problem(url) is None
        assert url.endswith("/") or provider.token
        assert KNOWN.provider_at(url) == provider
        assert KNOWN.provider_of(urlsplit(url).hostname or "") == provider
    else:
        assert provider.note


def test_every_path_below_a_host_is_a_folder() -> None:
    paths = [path for server in KNOWN.servers for path in server.paths]
    assert len(paths) == len(set(paths))
    assert all(path.startswith("/") and path.endswith("/") for path in paths)


def test_nothing_known_finds_nothing() -> None:
    assert Providers((), ()).provider_at("https://caldav.icloud.com/") is None
