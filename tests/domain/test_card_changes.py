"""What changed on a card changes here; what did not stays as the user has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.card_changes import CardPerson, contact_of, follow
from connectd.domain.model import Contact, Kind, Step

CARD = CardPerson(
    "Ada",
    ("a@x.test", "b@x.test"),
    "business",
    "Europe/Paris",
    "https://a.test/",
    "tea",
    "1980-03-05",
    ("python",),
)
WORDS = st.lists(st.sampled_from("abcdefgh"), unique=True).map(tuple)


def test_somebody_new_is_as_the_card_says() -> None:
    ada = contact_of("ada", CARD)
    assert (ada.id, *(getattr(ada, field) for field in CardPerson._fields)) == ("ada", *CARD)


def test_an_unchanged_card_leaves_all_that_the_user_changed() -> None:
    mine = Contact("ada", "Ada L.", ("z@x.test",), "results", 9, None, Kind.WALK, "mine", None)
    assert follow(mine, CARD, CARD) == mine


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Ada Lovelace"),
        ("category", "results"),
        ("timezone", None),
        ("free_busy", None),
        ("note", ""),
        ("birthday", "--03-05"),
    ],
)
def test_only_what_changed_on_the_card_changes_here(field: str, value: str | None) -> None:
    mine = contact_of("ada", CARD)._replace(
        every_days=9,
        kind=Kind.CALL,
        step=Step.INTRODUCE,
        **({} if field == "note" else {"note": "x"}),
    )
    now = CARD._replace(**{field: value})
    assert follow(mine, now, CARD) == mine._replace(**{field: value})


def test_the_first_time_an_empty_value_wipes_nothing() -> None:
    mine = contact_of("ada", CARD)._replace(emails=("old@x.test",), tags=("mine",), note="mine")
    now = CardPerson("Ada L.", ("a@x.test",), "results")
    assert follow(mine, now, None) == mine._replace(
        name="Ada L.", category="results", emails=("a@x.test", "old@x.test")
    )


@pytest.mark.parametrize(
    ("before", "kept", "now", "followed"),
    [
        ("ab", "zb", "abc", "zbc"),
        ("a", "z", "ab", "zb"),
        ("a", "z", "b", "bz"),
        ("ab", "za", "ba", "za"),
        ("ab", "az", "ba", "az"),
        ("ab", "az", "bc", "cz"),
        ("ab", "ba", "abc", "abc"),
        ("ab", "abz", "ba", "baz"),
        ("ab", "zab", "ba", "baz"),
        ("ab", "a", "b", "b"),
    ],
)
def test_an_address_that_the_user_replaced_does_not_come_back(
    before: str, kept: str, now: str, followed: str
) -> None:
    def addresses(letters: str) -> tuple[str, ...]:
        return tuple(f"{letter}@x.test" for letter in letters)

    mine = contact_of("ada", CARD)._replace(emails=addresses(kept))
    card = CARD._replace(emails=addresses(before))
    changed = follow(mine, card._replace(emails=addresses(now)), card)
    assert changed.emails == addresses(followed)


def test_who_is_on_a_card_of_the_group_is_not_archived() -> None:
    assert not follow(contact_of("ada", CARD)._replace(archived=True), CARD, CARD).archived


@given(WORDS, WORDS, WORDS)
def test_tags_are_those_of_the_card_and_those_the_user_added(
    before: tuple[str, ...], now: tuple[str, ...], mine: tuple[str, ...]
) -> None:
    contact = contact_of("ada", CARD._replace(tags=before))._replace(tags=(*before, *mine))
    followed = follow(contact, CARD._replace(tags=now), CARD._replace(tags=before))
    assert set(followed.tags) == (
        set(now) | (set(mine) - set(before)) if now != before else {*before, *mine}
    )
