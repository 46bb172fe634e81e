"""Which questions of a step are taken along, and when one comes again."""

from domain_builders import meeting
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Meeting, State
from connectd.domain.questions import choose_questions, used_questions

TEN = tuple(f"Question {number}?" for number in range(10))
CATALOGUES = st.lists(st.text(max_size=3), min_size=1, max_size=9, unique=True).map(tuple)
IDS = st.text(min_size=1)


def asked_in_turn(catalogue: tuple[str, ...], contact: str, times: int, n: int) -> list[str]:
    """Return what stands on so many agendas one after the other, question by question."""
    used: list[str] = []
    for _ in range(times):
        used += choose_questions(catalogue, used, contact, n)
    return used


@given(catalogue=CATALOGUES, contact=IDS, n=st.integers(1, 4))
def test_none_comes_again_before_all_were_used(
    catalogue: tuple[str, ...], contact: str, n: int
) -> None:
    used = asked_in_turn(catalogue, contact, 3 * len(catalogue), n)
    for again, question in enumerate(used):
        if question in used[:again]:
            before = again - 1 - used[:again][::-1].index(question)
            # those of one agenda are chosen together, so that at its edge others may still come
            assert len(set(used[before:again])) > len(catalogue) - n


@given(catalogue=CATALOGUES, contact=IDS)
def test_one_by_one_they_come_round_and_round_in_the_same_order(
    catalogue: tuple[str, ...], contact: str
) -> None:
    first_round = asked_in_turn(catalogue, contact, len(catalogue), 1)
    assert sorted(first_round) == sorted(catalogue)
    assert asked_in_turn(catalogue, contact, 2 * len(catalogue), 1) == first_round * 2


@given(
    catalogue=CATALOGUES,
    used=st.lists(st.text(max_size=3)),
    contact=IDS,
    n=st.integers(0, 12),
)
def test_they_are_different_ones_and_always_the_same(
    catalogue: tuple[str, ...], used: list[str], contact: str, n: int
) -> None:
    chosen = choose_questions(catalogue, used, contact, n)
    assert len(set(chosen)) == len(chosen) == min(n, len(catalogue))
    assert set(chosen) <= set(catalogue)
    assert choose_questions(catalogue, used, contact, n) == chosen


@given(catalogue=CATALOGUES, used=st.lists(st.sampled_from(["", "a", "b", "c"])), contact=IDS)
def test_what_was_used_longest_ago_comes_first(
    catalogue: tuple[str, ...], used: list[str], contact: str
) -> None:
    order = choose_questions(catalogue, used, contact, len(catalogue))
    last = [len(used) - 1 - used[::-1].index(one) if one in used else -1 for one in order]
    assert last == sorted(last)


def test_different_people_begin_at_different_places() -> None:
    people = [f"person-{number}" for number in range(40)]
    begin = {choose_questions(TEN, (), contact, 1) for contact in people}
    assert len(begin) > 7


def test_without_questions_there_are_none() -> None:
    assert choose_questions((), ("Old?",), "bob") == ()


def drafted(state: State, day: int, question: str, **given: object) -> Meeting:
    return meeting("bob", state, f"2026-11-{day:02} 10:00", questions=(question,), **given)


def test_only_drafts_that_came_to_nothing_use_none_up() -> None:
    unsent = {State.DECLINED, State.EXPIRED, State.WITHDRAWN}
    used = {state for state in State if used_questions([drafted(state, 10, "?", invited_at=None)])}
    assert used == {*State} - unsent - {State.TURNED_DOWN, State.CANCELLED, State.MISSED}
    for state in unsent:
        sent = drafted(state, 10, "?")
        assert used_questions([sent._replace(invited_at=sent.drafted_at)]) == ("?",)


def test_used_ones_come_in_the_order_in_which_they_were_drafted() -> None:
    late = drafted(State.MET, 3, "drafted late?")
    late = late._replace(drafted_at=late.span.start)
    early = drafted(State.INVITED, 20, "drafted last?")
    assert used_questions([early, late]) == ("drafted late?", "drafted last?")
