import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest

from connectd.cli.invocation import Invocation
from connectd.domain.model import State
from connectd.domain.view import Name
from connectd.edges.calendar_client import CalendarClient
from connectd.edges.local_server import LocalServer
from connectd.errors import DemoError
from connectd.formats.client_edits import answered
from connectd.service import demo_world
from connectd.service.demo import Story, watch
from connectd.service.demo_stage import Stage
from connectd.service.means import Means

NOVEMBER = date(2026, 11, 2)
PASSWORD = "secret"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    with LocalServer(tmp_path, demo_world.USERNAME, PASSWORD) as server:
        server.start(Event())
        yield server


@contextmanager
def means_for(server: LocalServer, folder: Path, monday: date) -> Iterator[Means]:
    (folder / "password").write_text(PASSWORD)
    config = folder / "config.toml"
    config.write_text(demo_world.configuration(server.url, folder / "password", monday))
    begins = demo_world.moment(monday, 0, "08:00")
    with Invocation(str(config), begins, os.environ).means() as means:
        yield means


@pytest.fixture
def november(server: LocalServer, tmp_path: Path) -> Iterator[Means]:
    with means_for(server, tmp_path, NOVEMBER) as means:
        yield means


def client_of(server: LocalServer, kind: type[CalendarClient] = CalendarClient) -> CalendarClient:
    return kind(server.home, server.username, PASSWORD)


class LosesWrites(CalendarClient):
    """Says that it has saved, and has not."""

    def replace(self, url: str, text: str, etag: str) -> None:
        del url, text, etag


class PressesDecline(CalendarClient):
    """Mixes up the buttons."""

    def replace(self, url: str, text: str, etag: str) -> None:
        super().replace(
            url, text.replace("PARTSTAT=ACCEPTED;ROLE=REQ", "PARTSTAT=DECLINED;ROLE=REQ"), etag
        )


class Misplaces(CalendarClient):
    """Puts the second event of each calendar where the first one is."""

    def create(self, url: str, text: str) -> None:
        super().create(url.replace("/1.ics", "/0.ics"), text)


@pytest.mark.parametrize(
    ("monday", "why"),
    [
        (date(2027, 2, 1), "four weeks exactly"),
        (date(2027, 11, 1), "New York changes its clock a week after Berlin"),
    ],
    ids=lambda value: str(value).replace(" ", "-"),
)
def test_the_story_ends_with_three_people_met(
    server: LocalServer, tmp_path: Path, monday: date, why: str
) -> None:
    del why
    with means_for(server, tmp_path, monday) as means:
        stage = Stage(means, client_of(server), monday)
        scenes = list(Story(stage).scenes())
        by_state = Counter(meeting.state for meeting in means.store.meetings())
        met = [meeting for meeting in means.store.meetings() if meeting.state is State.MET]
        placements = [means.store.placement(meeting.uid) for meeting in met]
    assert by_state[State.MET] == 3
    assert by_state[State.DECLINED] == 1
    assert [meeting.moved for meeting in met].count(True) == 1
    client = client_of(server)
    for meeting, placement in zip(met, placements, strict=True):
        stored = client.get(placement.href if placement else "")
        assert stored is not None
        assert f"UID:{meeting.uid}" in stored.text
        assert "STATUS:CONFIRMED" in stored.text
    status = scenes[-1].status
    assert status is not None
    this_month, next_month = status.months[:2]
    assert (this_month.met, this_month.goal) == (3, 3)
    assert next_month.open_drafts == 3


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (LosesWrites, "it sees her answers.*Gus Grant is drafted, not accepted"),
        (PressesDecline, "it sees her answers.*Gus Grant is declined, not accepted"),
        (Misplaces, r"makes a list and sets a goal.*412\.$"),
    ],
)
def test_a_step_that_does_not_happen_is_named(
    server: LocalServer, november: Means, kind: type[CalendarClient], complaint: str
) -> None:
    story = Story(Stage(november, client_of(server, kind), NOVEMBER))
    with pytest.raises(DemoError, match=complaint) as caught:
        list(story.scenes())
    assert caught.value.exit_status == 1


def test_a_server_that_goes_away_ends_the_story(server: LocalServer, november: Means) -> None:
    scenes = Story(Stage(november, client_of(server), NOVEMBER)).scenes()
    next(scenes)
    server.stop()
    with pytest.raises(
        DemoError, match=r"reads her calendars and writes drafts.*could not be read"
    ):
        next(scenes)


def test_what_a_user_does_afterwards_is_seen(server: LocalServer, november: Means) -> None:
    stage = Stage(november, client_of(server), NOVEMBER)
    last = list(Story(stage).scenes())[-1]
    draft = next(m for m in november.store.open_meetings() if m.state is State.DRAFTED)
    stage.edit(draft, lambda text: answered(text, demo_world.MY_ADDRESS, "DECLINED"))
    stopping = Event()
    for report in watch(stage, lambda: last.at, stopping):
        stopping.set()
        assert (report.applied[0].action, report.applied[0].contact) == (
            Name.DECLINE,
            draft.contact,
        )
    assert stopping.is_set()
    assert november.store.meeting(draft.uid) != draft


def test_everybody_is_made_up() -> None:
    people = demo_world.people({"results", "organization", "business"})
    assert sorted(Counter(person.category for person in people).values()) == [4, 4, 4]
    texts = [demo_world.configuration("http://127.0.0.1/", Path("password"), NOVEMBER)]
    texts += [email for person in people for email in person.emails]
    texts += [text for objects in demo_world.calendars(NOVEMBER).values() for text in objects]
    domains = {domain for text in texts for domain in re.findall(r"@([\w.-]+)", text)}
    assert domains == {"example.test", "example.org"}


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 22, 23, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 1, 0, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2027, 1, 31, 23, 30, tzinfo=UTC), date(2027, 2, 1)),
        (datetime(2027, 3, 31, tzinfo=UTC), date(2027, 3, 1)),
    ],
)
def test_the_story_begins_on_the_first_monday_of_the_month(now: datetime, monday: date) -> None:
    assert demo_world.first_monday(now) == monday
