from domain_builders import BERLIN, day

from connectd.domain.goal import Ledger
from connectd.domain.model import Encounter, Goal, Month
from connectd.domain.summary import Summary, summary


def test_only_what_lies_in_the_months_of_the_goal_is_summed_up() -> None:
    met = [
        *(("ann", "2026-10-31"), ("ann", "2026-11-01"), ("bob", "2026-11-30")),
        *(("ann", "2026-12-01"), ("ann", "2026-12-31")),
        *(("ann", "2027-01-02"), ("cy", "2027-01-31"), ("dee", "2027-01-31")),
        ("eve", "2027-02-01"),
    ]
    encounters = tuple(Encounter(who, day(on)) for who, on in met)
    book = Ledger(Goal(2, 3, Month(2026, 11)), BERLIN, day("2027-02-01"), encounters, (), ())
    assert summary(book) == Summary(months_reached=2, months=3, people=4, meetings=7)
