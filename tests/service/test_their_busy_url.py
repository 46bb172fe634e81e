"""What contacts publish about their time: heard with care, and never in the way of a plan."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from accounts import event
from installation import FIRST_SLOT, Install, Installation
from servers import Radicale
from servers.ports import free_port
from web_server import Page, WebServer

from connectd.domain.model import Span, State
from connectd.domain.spans import Spans
from connectd.service import people
from connectd.service.means import Memory
from connectd.service.people import Changes
from connectd.service.their_busy import Patience, their_busy
from connectd.service.tick import plan

HOUR = timedelta(hours=1)
MORNING = Span(FIRST_SLOT, FIRST_SLOT + 3 * HOUR)
ALWAYS = Span(FIRST_SLOT - timedelta(days=30), FIRST_SLOT + timedelta(days=90))
PATH = "/bob-secret-path.ifb"


def stamps(span: Span) -> str:
    return f"{span.start:%Y%m%dT%H%M%SZ}/{span.end:%Y%m%dT%H%M%SZ}"


def published(*busy: Span) -> str:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Tests//EN", "METHOD:PUBLISH"),
        *("BEGIN:VFREEBUSY", "UID:bob", "DTSTAMP:20261101T000000Z", "COMMENT:secret words"),
        *(f"FREEBUSY:{stamps(span)}" for span in busy),
        *("END:VFREEBUSY", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as web:
        yield web


@pytest.fixture
def alice(radicale: Radicale, install: Install) -> Installation:
    return install(radicale.new_user())


def ask(alice: Installation, **later: float) -> Spans | None:
    """Ask about the one contact, so much later; None if nothing is known."""
    alice.now += timedelta(**later)
    (bob,) = alice.store.contacts()
    return their_busy([bob], alice.means, {}, alice.now, Patience()).get(bob.id)


class TestADraft:
    @pytest.mark.parametrize(
        "text",
        [published(MORNING), event("secret", MORNING, "Doctor")],
        ids=["free/busy", "calendar"],
    )
    def test_is_kept_off_their_busy_time(
        self, alice: Installation, web: WebServer, text: str
    ) -> None:
        alice.add(free_busy=web.publish(PATH, text))
        assert [deed.action for deed in alice.tick().applied] == ["draft"]
        assert not alice.meeting().span.overlaps(MORNING)
        everything = "".join(alice.store.database.connection.iterdump())
        assert "secret words" not in everything
        assert "Doctor" not in everything

    def test_takes_that_time_where_nothing_is_published(self, alice: Installation) -> None:
        alice.add()
        alice.tick()
        assert alice.meeting().span.start == FIRST_SLOT

    def test_is_planned_as_it_will_be_written(self, alice: Installation, web: WebServer) -> None:
        alice.add(free_busy=web.publish(PATH, published(MORNING)))
        rehearsal = replace(alice.means, store=alice.store.rehearsal(), memory=Memory())
        (planned,) = plan(alice.now, rehearsal).proposals
        assert alice.store.their_busy("bob-baker", "url") is None
        alice.tick()
        assert alice.meeting().span == planned.span

    def test_goes_to_another_where_somebody_never_has_time(
        self, alice: Installation, web: WebServer
    ) -> None:
        alice.add(free_busy=web.publish(PATH, published(ALWAYS)))
        carol = web.publish("/carol.ifb", published(MORNING))
        alice.add("Carol Cole", "carol@example.test", free_busy=carol)
        alice.tick()
        assert (alice.meetings(), alice.state("carol-cole")) == ([], State.DRAFTED)
        assert not alice.meeting("carol-cole").span.overlaps(MORNING)

    def test_costs_no_question_once_it_stands(self, alice: Installation, web: WebServer) -> None:
        alice.add(free_busy=web.publish(PATH, published(MORNING)))
        alice.tick()
        assert web.answers() == [200]
        alice.tick(hours=2)
        assert web.answers() == []

    @pytest.mark.parametrize("status", [404, 500])
    def test_is_written_where_there_is_no_answer(
        self, alice: Installation, web: WebServer, status: int
    ) -> None:
        web.pages[PATH] = Page(status=status)
        alice.add(free_busy=web.url + PATH)
        alice.tick()
        assert alice.meeting().span.start == FIRST_SLOT

    def test_is_written_where_there_is_no_server(self, alice: Installation) -> None:
        alice.add(free_busy=f"http://127.0.0.1:{free_port()}/")
        report = alice.tick()
        assert ([deed.action for deed in report.applied], report.failures) == (["draft"], ())


class TestAsking:
    def test_is_done_once_an_hour(self, alice: Installation, web: WebServer) -> None:
        alice.add(free_busy=web.publish(PATH, published(MORNING)))
        assert ask(alice) == ask(alice, minutes=59) == (MORNING,)
        assert web.answers() == [200]
        web.publish(PATH, published())
        assert ask(alice, minutes=1) == ()
        assert web.answers() == [200]

    def test_is_done_again_when_the_clock_was_set_back(
        self, alice: Installation, web: WebServer
    ) -> None:
        alice.add(free_busy=web.publish(PATH, published(MORNING)))
        ask(alice, days=3)
        ask(alice, days=-3)
        assert web.answers() == [200, 200]

    @pytest.mark.parametrize(
        "page", [Page(status=404), Page(b"<html>Log in</html>")], ids=["missing", "page"]
    )
    def test_is_left_for_a_day_after_a_clear_no(
        self, alice: Installation, web: WebServer, page: Page
    ) -> None:
        web.pages[PATH] = page
        alice.add(free_busy=web.url + PATH)
        assert ask(alice) is None
        assert ask(alice, hours=23) is None
        assert len(web.answers()) == 1
        web.publish(PATH, published(MORNING))
        assert ask(alice, hours=1) == (MORNING,)

    def test_is_tried_again_soon_after_trouble_and_the_old_answer_holds_for_a_day(
        self, alice: Installation, web: WebServer
    ) -> None:
        alice.add(free_busy=web.publish(PATH, published(MORNING)))
        ask(alice)
        web.pages[PATH] = Page(status=500)
        assert ask(alice, hours=1) == (MORNING,)
        assert ask(alice, minutes=14) == (MORNING,)
        assert web.answers() == [200, 500]
        assert ask(alice, minutes=1) == (MORNING,)
        assert ask(alice, hours=23) is None
        assert web.answers() == [500, 500]

    def test_of_another_url_is_done_at_once_and_the_old_answer_is_dropped(
        self, alice: Installation, web: WebServer
    ) -> None:
        bob = alice.add(free_busy=web.publish(PATH, published(MORNING)))
        ask(alice)
        url = web.publish("/new.ifb", published())
        people.edit(alice.store, bob, Changes(free_busy=url), alice.config.policy.categories)
        assert ask(alice) == ()
        assert [request.path for request in web.requests] == [PATH, "/new.ifb"]

    def test_takes_no_longer_than_allowed(self, alice: Installation, web: WebServer) -> None:
        web.pages[PATH] = Page(published(MORNING).encode(), drip=1.0)
        alice.add(free_busy=web.url + PATH)
        (bob,) = alice.store.contacts()
        began = time.monotonic()
        patience = Patience(until=began + 0.5)
        assert their_busy([bob], alice.means, {}, alice.now, patience) == {}
        assert time.monotonic() - began < 3

    def test_is_about_no_more_than_twenty_people_at_once(
        self, alice: Installation, web: WebServer
    ) -> None:
        url = web.publish(PATH, published(MORNING))
        for number in range(25):
            alice.add(f"Person {number}", f"person-{number}@example.test", free_busy=url)
        patience, everybody = Patience(), alice.store.contacts()
        heard = their_busy(everybody, alice.means, {}, alice.now, patience)
        again = their_busy(everybody, alice.means, {}, alice.now, patience)
        assert (len(heard), len(again), len(web.answers())) == (20, 20, 20)
        assert len(their_busy(everybody, alice.means, {}, alice.now, Patience())) == 25

    def test_tells_no_more_of_the_url_than_its_host(
        self, alice: Installation, web: WebServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(0)
        web.pages[PATH] = Page(status=404)
        alice.add(free_busy=web.url + PATH)
        alice.tick()
        known = alice.store.their_busy("bob-baker", "url")
        assert known is not None
        assert "404" in known.refusal
        shown = subprocess.run(
            alice.command("contacts", "show", "bob"), capture_output=True, check=True, text=True
        )
        assert (
            "their free/busy URL was asked at 2026-11-02 08:00: 127.0.0.1 answered" in shown.stdout
        )
        said = [known.refusal, caplog.text, *(line.because for line in alice.store.journal())]
        assert not any("secret-path" in text for text in said)
