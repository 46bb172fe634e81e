"""What `connectd setup` tells of providers and servers."""

import pytest

from connectd.cli.setup_words import about_passwords, found, server_in
from connectd.formats.providers import Provider
from connectd.service.finding_server import FoundBy, Place

ALWAYS = Provider("iCloud", app_password="always", made_at="https://account.example/")
TWO = Provider("Posteo", app_password="two-factor", note="No calendars are made there.")


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        (
            ALWAYS,
            (
                "iCloud wants an app-specific password, not the one you log in with; "
                "make one at https://account.example/."
            ),
        ),
        (
            TWO,
            (
                "If you log in to Posteo with two factors, it wants an app-specific password. "
                "No calendars are made there."
            ),
        ),
        (
            Provider("Google", token=True),
            "It takes OAuth 2 tokens alone, which a command has to print.",
        ),
        (Provider("Nextcloud"), ""),
    ],
)
def test_what_a_provider_wants_is_explained_before_the_password(
    provider: Provider, said: str
) -> None:
    assert about_passwords(provider) == said


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ("https://dav.example.test/path", "dav.example.test"),
        ("https://dav.example.test:443/", "dav.example.test"),
        ("DAV.example.test:8443", "dav.example.test:8443"),
        ("http://localhost:5232/", "localhost:5232"),
        ("alice@example.test", ""),
        ("https://alice@dav.example.test/", ""),
        ("https://[::1/", ""),
        ("https://g\N{CYRILLIC SMALL LETTER O}ogle.example/", "xn--gogle-jye.example"),
    ],
)
def test_the_server_in_what_was_typed(said: str, server: str) -> None:
    assert server_in(said) == server


@pytest.mark.parametrize(
    ("found_by", "how"),
    [
        (FoundBy.DNS, "as example.test says in the domain name system"),
        (FoundBy.WELL_KNOWN, "where example.test leads calendar programs"),
        (FoundBy.PROVIDER, "the calendar server of iCloud"),
        (FoundBy.PATH, "at example.test"),
    ],
)
def test_how_a_server_was_found_and_whether_it_belongs_there(found_by: FoundBy, how: str) -> None:
    place = Place("https://dav.other.test/", "dav.other.test", found_by, ALWAYS, same_domain=True)

    first = f"Found dav.other.test, {how}."
    assert found(place, "alice@example.test") == first
    doubt = "It is no part of example.test: please look twice whether it is your provider's."
    foreign = place._replace(same_domain=False)
    assert found(foreign, "alice@example.test") == f"{first}\n{doubt}"
