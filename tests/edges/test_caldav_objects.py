"""Objects as they are fetched from real servers: whole, in batches, or known to be gone."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from accounts import HOUR, event, fill
from proxy import DAV, Fault, Proxy, Reply, failing, with_tree
from servers import User

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer
from connectd.errors import ServerError

WINDOW = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
MIB = 1024 * 1024


def test_objects_come_in_batches_of_two_hundred(user: User, server: CalDavServer) -> None:
    hrefs = fill(user, 3)
    wanted = [*hrefs, *(f"{user.calendar}none-{number}.ics" for number in range(250))]
    before = server.requests
    batches = list(server.fetch(user.calendar, wanted))
    assert server.requests == before + 2
    assert [len(batch) for batch in batches] == [3, 0]
    first = batches[0][0]
    stored = user.dav.get(hrefs[0])
    assert (first.href, first.etag, first.truncated) == (hrefs[0], stored.etag, False)
    assert first.text == stored.text
    assert first == server.get(hrefs[0])


def test_hrefs_stay_as_the_server_writes_them(user: User, server: CalDavServer) -> None:
    spelled = f"{user.calendar}M%C3%BCller%20%26%20bob%40example.test%2B1.ics"
    user.dav.put(spelled, event("odd", HOUR), new=True).expect(201)
    [(href, etag)] = server.listing(user.calendar, WINDOW).items()
    [[fetched]] = server.fetch(user.calendar, [href])
    assert (fetched.href, fetched.etag) == (href, etag)
    [[other]] = server.fetch(user.calendar, [spelled])
    assert (other.href, other.etag) == (spelled, etag)
    changed = server.replace(href, event("odd", HOUR, "Changed"), etag)
    assert "Changed" in user.dav.get(spelled).text
    server.remove(href, changed.etag or "")
    assert server.get(spelled) is None


def test_what_an_answer_passes_over_is_asked_for_by_name(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    hrefs = [proxy.through(href) for href in fill(user, 2)]

    def without_first(tree: ET.Element) -> None:
        tree.remove(next(tree.iter(f"{DAV}response")))

    proxy.inject(Fault(change=with_tree(without_first)), "REPORT")
    [batch] = behind.fetch(proxy.through(user.calendar), hrefs)
    assert {found.href for found in batch} == set(hrefs)


@pytest.mark.parametrize("status", ["500 Oops", "403 Forbidden"])
def test_an_object_the_server_fails_on_is_not_taken_for_gone(
    user: User, proxy: Proxy, behind: CalDavServer, status: str
) -> None:
    hrefs = [proxy.through(href) for href in fill(user, 1)]
    broken = failing("{urn:ietf:params:xml:ns:caldav}calendar-data", status)
    proxy.inject(Fault(change=broken), "REPORT")
    with pytest.raises(ServerError, match="not whole"):
        list(behind.fetch(proxy.through(user.calendar), hrefs))


def test_only_not_found_means_gone(user: User, proxy: Proxy, behind: CalDavServer) -> None:
    [href] = [proxy.through(href) for href in fill(user, 1)]
    for status in (404, 410):
        proxy.inject(Fault(forward=False, reply=Reply(status)), "GET")
        assert behind.get(href) is None
    for status in (400, 403, 405, 500, 503):
        proxy.inject(Fault(forward=False, reply=Reply(status)), "GET")
        with pytest.raises(ServerError, match=f"status {status}"):
            behind.get(href)


def test_an_etag_is_asked_for_where_get_gives_none(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    [href] = [proxy.through(href) for href in fill(user, 1)]

    def without_etag(reply: Reply) -> Reply:
        kept = {name: value for name, value in reply.headers.items() if name.lower() != "etag"}
        return Reply(reply.status, kept, reply.body)

    proxy.inject(Fault(change=without_etag), "GET", times=9)
    found = behind.get(href)
    assert found is not None
    assert found.etag == user.dav.get(href.replace(proxy.url, user.url)).etag
    # the ETag is older than the text: what changes in between makes the next write fail
    assert [seen.method for seen in proxy.requests] == ["GET", "PROPFIND", "GET"]


def test_a_batch_that_is_too_large_is_split(user: User, proxy: Proxy, behind: CalDavServer) -> None:
    hrefs = [proxy.through(href) for href in fill(user, 3)]
    flood = Fault(forward=False, reply=Reply(207, {}, b" " * (64 * MIB + 1)))
    proxy.inject(flood, "REPORT")
    batches = list(behind.fetch(proxy.through(user.calendar), hrefs))
    assert [[found.href for found in batch] for batch in batches] == [hrefs[:1], hrefs[1:]]
    assert [seen.method for seen in proxy.requests] == ["REPORT"] * 3


def test_of_one_object_that_is_too_large_the_beginning_comes(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    [href] = [proxy.through(href) for href in fill(user, 1)]
    proxy.inject(Fault(forward=False, reply=Reply(207, {}, b" " * (64 * MIB + 1))), "REPORT")
    long = b"BEGIN:VCALENDAR\r\nX-LONG:" + b"x" * (8 * MIB)
    proxy.inject(Fault(forward=False, reply=Reply(200, {"ETag": '"1"'}, long)), "GET")
    [[found]] = behind.fetch(proxy.through(user.calendar), [href])
    assert found.truncated
    assert found.text.startswith("BEGIN:VCALENDAR")
    assert 255 * 1024 < len(found.text) <= 257 * 1024
    again = behind.get(href)
    assert again is not None
    assert not again.truncated
