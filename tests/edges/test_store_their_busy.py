"""What is kept of other people's time, and when it is dropped."""

from store_builders import NOW, contact, their_busy

from connectd.edges.store import Store


def test_it_comes_back_as_it_was_and_the_latest_stays(store: Store) -> None:
    store.add_contact(contact()._replace(free_busy=their_busy().asked))
    refused = their_busy()._replace(
        known_since=None, reaches_to=None, spans=(), refusal="404 is no calendar"
    )
    for known in (their_busy(), refused, their_busy(way="server")):
        store.save_their_busy(known)
    assert store.their_busy("bob", "url") == refused
    assert store.their_busy("bob", "server") == their_busy(way="server")
    assert store.their_busy("carol", "url") is None


def test_it_goes_with_the_contact(store: Store) -> None:
    store.add_contact(contact())
    store.save_their_busy(their_busy(way="server"))
    store.remove_contact("bob")
    assert store.database.rows("SELECT * FROM their_busy") == []


def test_nothing_is_kept_of_somebody_who_was_removed_meanwhile(store: Store) -> None:
    store.save_their_busy(their_busy())
    assert store.their_busy("bob", "url") is None


def test_it_goes_with_the_url_alone(store: Store) -> None:
    bob = contact()._replace(free_busy=their_busy().asked)
    store.add_contact(bob)
    for way in ("url", "server"):
        store.save_their_busy(their_busy(way=way))
    store.update_contact(bob._replace(snoozed_until=NOW.date()))
    assert store.their_busy("bob", "url") is not None
    for url in ("https://bob.example.test/new.ifb", None):
        store.save_their_busy(their_busy())
        store.update_contact(bob._replace(free_busy=url))
        assert store.their_busy("bob", "url") is None
    assert store.their_busy("bob", "server") is not None
