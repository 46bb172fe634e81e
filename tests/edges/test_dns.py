"""Asking a real name server where a service is (RFC 2782, RFC 6764)."""

import socket
import time
from collections.abc import Iterator

import pytest
from servers.dnsmasq import Dnsmasq
from servers.machine import require

from connectd.edges.dns import Names, Service
from connectd.errors import ServerError

NAME = "_caldavs._tcp."


@pytest.fixture(scope="module")
def name_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dnsmasq]:
    require(Dnsmasq)
    server = Dnsmasq(
        tmp_path_factory.mktemp("dns"),
        [
            f"--srv-host={NAME}example.test,dav.example.test,8443,0,1",
            f"--txt-record={NAME}example.test,path=/dav/,other=1",
            f"--srv-host={NAME}several.test,third.test,443,20,0",
            f"--srv-host={NAME}several.test,second.test,443,10,0",
            f"--srv-host={NAME}several.test,first.test,443,0,0",
            f"--srv-host={NAME}weighed.test,heavy.test,443,0,500",
            f"--srv-host={NAME}weighed.test,light.test,443,0,1",
            f"--srv-host={NAME}none.test",
            "--host-record=plain.test,127.0.0.1",
            # the longest answers do not fit into one datagram
            *(f"--srv-host={NAME}many.test,{'x' * 60}-{n}.test,443,{n},0" for n in range(40)),
        ],
    )
    yield server
    server.stop()


@pytest.fixture
def names(name_server: Dnsmasq) -> Names:
    return Names(server=name_server.server)


def test_a_service_is_found_with_its_port_and_path(names: Names) -> None:
    assert names.services(f"{NAME}example.test") == (Service("dav.example.test", 8443),)
    assert names.texts(f"{NAME}example.test") == ("path=/dav/", "other=1")


def test_a_lower_priority_comes_first(names: Names) -> None:
    found = names.services(f"{NAME}several.test") or ()
    assert [one.host for one in found] == ["first.test", "second.test", "third.test"]


def test_a_heavier_one_mostly_comes_first(names: Names) -> None:
    first = [(names.services(f"{NAME}weighed.test") or ())[0].host for _ in range(40)]
    assert first.count("heavy.test") > 30


def test_no_service_is_told_apart_from_nothing_said(names: Names) -> None:
    assert names.services(f"{NAME}none.test") == ()
    assert names.services(f"{NAME}plain.test") is None
    assert names.services(f"{NAME}unknown.test") is None
    assert names.services("plain.test") is None
    assert names.texts(f"{NAME}none.test") == ()


def test_an_answer_too_long_for_a_datagram_is_had_all_the_same(names: Names) -> None:
    found = names.services(f"{NAME}many.test") or ()
    assert [one.host[61:] for one in found] == [f"{n}.test" for n in range(10)]


def test_a_refusal_is_no_answer(names: Names) -> None:
    with pytest.raises(ServerError, match=r"about example\.org; is this computer online\?"):
        names.services(f"{NAME}example.org")


def test_nobody_who_answers_is_waited_for_no_longer_than_said() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        began = time.monotonic()
        with pytest.raises(ServerError):
            Names(server=silent.getsockname(), seconds=0.3).services(f"{NAME}example.test")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("domain", ["a..b", "x" * 64, ".", "x." * 140])
def test_what_is_no_name_is_not_asked_for(names: Names, domain: str) -> None:
    with pytest.raises(ServerError):
        names.services(f"{NAME}{domain}")
