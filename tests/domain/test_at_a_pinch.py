"""Where a month lacks people who are due in it, an ideal gap may be cut short by half."""

import pytest
from domain_builders import drafts_of, met, person, policy, reasons_against, snapshot

from connectd.domain.planner import decide

SHORT = "a little before your ideal gap is over: the month lacks people"


@pytest.mark.parametrize(("days_ago", "asked"), [(40, True), (31, True), (2, False)])
def test_whoever_is_halfway_through_the_gap_is_asked_where_nobody_else_is_due(
    days_ago: int,
    asked: bool,  # noqa: FBT001  a column
) -> None:
    ann = person("ann", every_days=80)
    decision = decide(snapshot([ann], encounters=(met("ann", days_ago),)), policy())
    assert bool(drafts_of(decision)) == asked
    if asked:
        (draft,) = drafts_of(decision)
        assert SHORT in draft.reasons
        assert (draft.span.start.month, draft.span.start.year) == (11, 2026)
    else:
        assert "so not before 2027" in reasons_against(decision)["ann"]


def test_nobody_is_asked_early_while_enough_others_are_due() -> None:
    others = [person(name, every_days=20) for name in ("bob", "cy", "di")]
    ann = person("ann", every_days=80)
    known = [met("ann", 40), *(met(one.id, 50) for one in others)]
    decision = decide(snapshot([ann, *others], encounters=tuple(known)), policy())
    assert {draft.contact for draft in drafts_of(decision)} == {"bob", "cy", "di"}
    assert not any(SHORT in draft.reasons for draft in drafts_of(decision))
