import pytest

from connectd.domain.urls import ascii_host, is_loopback, url_problem


@pytest.mark.parametrize(
    "url",
    [
        "https://bob.example.test/busy.ifb?key=1",
        "HTTPS://bob.example.test",
        "https://bücher.example.test:8443/",
        "http://localhost/",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
    ],
)
def test_what_may_be_used(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must be a URL"),
        ("bob.example.test/secret", "must be a URL"),
        ("https:///secret", "must be a URL"),
        ("ftp://bob.example.test/secret", "must be a URL"),
        ("http://bob.example.test/secret", "must start with https://"),
        ("http://127.0.0.1.example.test/secret", "must start with https://"),
        ("webcal://bob.example.test/secret", "instead of webcal://"),
        ("https://secret@example.test/", "no user name or password"),
        ("https://bob.example.test:0/secret", "no well-formed URL"),
        ("https://bob.example.test:x/secret", "no well-formed URL"),
        ("https://[bob/secret", "no well-formed URL"),
        ("https://bob.example.test/\r\nsecret", "no well-formed URL"),
        ("https://bob.example.test/" + "secret" * 400, "no well-formed URL"),
    ],
)
def test_what_may_not_is_said_without_repeating_it(url: str, problem: str) -> None:
    said = url_problem(url)
    assert said is not None
    assert problem in said
    assert "secret" not in said


def test_no_name_but_localhost_is_this_machine() -> None:
    assert is_loopback("LOCALHOST")
    assert is_loopback("::1")
    assert not is_loopback("127.example.test")
    assert not is_loopback("10.0.0.1")


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("DAV.example.test", "dav.example.test"),
        ("bücher.example.test", "xn--bcher-kva.example.test"),
        ("::1", "::1"),
        ("a..example.test", "a..example.test"),
    ],
)
def test_a_host_is_spelled_so_that_no_two_look_alike(host: str, shown: str) -> None:
    assert ascii_host(host) == shown
