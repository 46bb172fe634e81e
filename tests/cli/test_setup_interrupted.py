"""Ctrl-C in the talk of `connectd setup`: nothing is left behind, here or on the server."""

import pytest
from proxy import Fault, Proxy
from servers import User, wait_until
from setup_answers import ADDRESS, SERVER, Answer, answers, choices, give, traces, way_in
from shell import Shell
from test_setup_command import options
from typist import typist

STOPPED = 130
QUESTIONS = 11


@pytest.mark.parametrize("count", range(QUESTIONS))
def test_ctrl_c_at_a_question(shell: Shell, alice: User, count: int) -> None:
    given = answers(alice)
    more: tuple[str, ...] = ()
    assert len(given) == QUESTIONS
    if given[count].question not in (ADDRESS, SERVER):
        # spares the look-up of a server that was shown before
        more = ("--url", alice.url)
    before = traces(shell, alice)

    with typist(shell, "setup", *more) as user:
        give(user, [one for one in given[:count] if not (more and one.question == SERVER)])
        user.press(given[count].question, "c")
        said = user.ends_with(STOPPED)

    assert said.endswith("connectd: stopped.\n")
    assert traces(shell, alice) == before


def test_the_end_of_the_input_is_like_ctrl_c(shell: Shell, alice: User) -> None:
    before = traces(shell, alice)

    with typist(shell, "setup") as user:
        give(user, [Answer(ADDRESS, alice.email)])
        user.press(SERVER, "d")
        user.ends_with(STOPPED)

    assert traces(shell, alice) == before


@pytest.mark.parametrize("method", ["MKCALENDAR", "PUT", "DELETE"])
def test_ctrl_c_while_all_is_tried_out(shell: Shell, alice: User, method: str) -> None:
    """The server has done what it was asked for; only its answer never comes."""
    before = traces(shell, alice)
    address, _, *login = way_in(alice)

    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(hang=True), method=method)
        with typist(shell, "setup", "--url", proxy.url) as user:
            give(user, [address, *login, *choices()])
            wait_until(lambda: any(seen.method == method for seen in proxy.requests), "the request")
            user.press("Trying it all out", "c")
            user.ends_with(STOPPED)

    assert traces(shell, alice) == before


def test_a_second_ctrl_c_does_not_stop_what_takes_everything_back(
    shell: Shell, alice: User
) -> None:
    before = traces(shell, alice)
    address, _, *login = way_in(alice)

    with Proxy(alice.url) as proxy, typist(shell, "setup", "--url", proxy.url) as user:
        proxy.inject(Fault(hang=True), method="PUT")
        give(user, [address, *login, *choices()])
        wait_until(lambda: any(seen.method == "PUT" for seen in proxy.requests), "the request")
        proxy.clear()
        proxy.inject(Fault(drip=0.0005), method="PROPFIND", times=100)
        user.press("Trying it all out", "c")
        wait_until(lambda: any(seen.method == "PROPFIND" for seen in proxy.requests), "the undoing")
        user.press("", "c")
        user.ends_with(STOPPED)

    assert traces(shell, alice) == before


def test_a_setup_that_is_interrupted_leaves_an_earlier_one_as_it_was(
    shell: Shell, alice: User
) -> None:
    shell.ok(*options(alice))
    people = shell.json("contacts")

    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(hang=True), method="PUT")
        shell.configure(shell.config.read_text().replace(alice.url, proxy.url))
        before = shell.config.read_bytes()
        words = ("--goal", "9", "--person", "Cy <cy@example.test> business")
        with typist(shell, "setup", *words) as user:
            wait_until(lambda: any(seen.method == "PUT" for seen in proxy.requests), "a PUT")
            user.press("", "c")
            user.ends_with(STOPPED)

    assert shell.config.read_bytes() == before
    assert shell.json("contacts") == people
