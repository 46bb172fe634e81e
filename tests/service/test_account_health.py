"""What is remembered of each account: when it was read last, and what has been wrong since."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from installation import NOW, Install
from proxy import Fault, Proxy, Reply
from servers import Radicale

from connectd.domain.view import Unread
from connectd.edges.store import Store
from connectd.service.account_health import AccountHealth, account_health, leave_account_health

ROUND = timedelta(minutes=5)
NAMES = ("main", "work")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("state") / "connectd.db") as store:
        yield store


@pytest.fixture
def store(blank: Store) -> Iterator[Store]:
    with blank.rehearsal() as store:
        yield store


def unread(account: str, reason: str) -> Unread:
    return Unread(f"{account}: all calendars", reason, account)


def test_nothing_is_known_before_the_first_look(store: Store) -> None:
    assert account_health(store, NAMES) == (AccountHealth("main"), AccountHealth("work"))


def test_an_account_that_fails_was_read_last_by_the_look_before(store: Store) -> None:
    for rounds in range(3):
        leave_account_health(store, NAMES, (), NOW + rounds * ROUND)
    for rounds in range(3, 6):
        down = (unread("work", f"no answer {rounds}"),)
        leave_account_health(store, NAMES, down, NOW + rounds * ROUND)
    main, work = account_health(store, NAMES)
    assert main == AccountHealth("main", NOW + 5 * ROUND)
    assert work == AccountHealth(
        "work", NOW + 2 * ROUND, "all calendars: no answer 5", failing_since=NOW + 3 * ROUND
    )

    leave_account_health(store, NAMES, (), NOW + 6 * ROUND)
    assert account_health(store, NAMES)[1] == AccountHealth("work", NOW + 6 * ROUND)


def test_one_that_was_never_read_says_so(store: Store) -> None:
    leave_account_health(store, NAMES, (unread("work", "no"),), NOW)
    leave_account_health(store, NAMES, (unread("work", "no"),), NOW + ROUND)
    work = account_health(store, NAMES)[1]
    assert (work.last_success, work.failing_since) == (None, NOW)


def test_while_all_is_well_no_account_is_written(store: Store) -> None:
    leave_account_health(store, NAMES, (), NOW)
    statements: list[str] = []
    store.database.connection.set_trace_callback(statements.append)
    leave_account_health(store, NAMES, (), NOW + ROUND)
    assert not [sql for sql in statements if sql.startswith("INSERT INTO accounts")]


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_the_times_are_those_of_the_looks(blank: Store, went_well: list[bool]) -> None:
    with blank.rehearsal() as store:
        for rounds, well in enumerate(went_well):
            troubles = () if well else (unread("main", "no answer"),)
            leave_account_health(store, ["main"], troubles, NOW + rounds * ROUND)
        (health,) = account_health(store, ["main"])
    good = [at for at, well in enumerate(went_well) if well]
    assert health.last_success == (NOW + good[-1] * ROUND if good else None)
    first_bad = good[-1] + 1 if good else 0
    failing = NOW + first_bad * ROUND if not went_well[-1] else None
    assert health.failing_since == failing
    assert (health.last_error is None) == went_well[-1]


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"], ids=["its list", "one calendar"])
def test_a_calendar_that_cannot_be_read_counts_for_its_account(
    radicale: Radicale, install: Install, method: str
) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        alice = install(user, url=proxy.url)
        alice.tick()
        began = alice.now
        slow = Fault(forward=False, reply=Reply(500))
        # a day later the window has slid, so that there is something to be read
        for rounds in (24 * 12, 1):
            proxy.inject(slow, method, times=1)
            alice.tick(minutes=5 * rounds)
        (main,) = account_health(alice.store, ["main"])
        assert main.last_success == began
        assert main.failing_since == began + timedelta(days=1)
        assert "status 500" in str(main.last_error)
        alice.tick(minutes=5)
        (main,) = account_health(alice.store, ["main"])
        assert main == AccountHealth("main", alice.now)
