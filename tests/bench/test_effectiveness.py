"""The simulated worlds behind the figures: repeatable, within their bounds, and fair."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from effectiveness import MEASURES, Report, lived, report
from simulation import answers
from simulation.clairvoyant import places, possible_people, would_meet
from simulation.figures import average, ratio, share
from simulation.life import Life, Tally, Tool
from simulation.trial import CLAIRVOYANT, POLICIES, TOOLS, Result
from simulation.with_connectd import Connectd
from simulation.world import Setting, World, world

from connectd.domain.spans import local_day, merge, subtract

SHORT = Setting(months=2)
SEED = 7
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results() -> list[dict[str, Result]]:
    return lived(4, SEED, SHORT, processes=1)


@pytest.fixture(scope="module")
def lives() -> list[tuple[World, Tally]]:
    """Some worlds, lived with connectd."""
    worlds = [world(SEED, number, SHORT) for number in range(4)]
    return [(one, Life(one, Connectd()).run()) for one in worlds]


def test_the_same_seed_gives_the_same_figures_with_any_number_of_processes(
    results: list[dict[str, Result]],
) -> None:
    two = lived(4, SEED, SHORT, processes=2)
    assert json.dumps(report(two, SEED)) == json.dumps(report(results, SEED))
    assert two == results


def test_another_seed_gives_other_worlds() -> None:
    assert world(1, 0, SHORT).calendar != world(2, 0, SHORT).calendar
    assert world(1, 0, SHORT).calendar != world(1, 1, SHORT).calendar


def test_the_calendars_take_between_30_and_85_percent_of_the_working_time() -> None:
    loads = [_load(world(SEED, number, Setting())) for number in range(60)]
    assert min(loads) >= 0.30
    assert max(loads) <= 0.85
    assert max(loads) - min(loads) > 0.4


def _load(one: World) -> float:
    taken = merge(appearance.event.span for appearance in one.calendar.appearances)
    free = sum((gap.length for gap in subtract(one.working, taken)), timedelta())
    return 1 - free / sum((span.length for span in one.working), timedelta())


def test_there_are_10_to_60_contacts_in_three_categories() -> None:
    worlds = [world(SEED, number, Setting()) for number in range(30)]
    assert all(10 <= len(one.people) <= 60 for one in worlds)
    assert {p.contact.category for one in worlds for p in one.people.values()} == {
        "results",
        "organization",
        "business",
    }


def test_nobody_reaches_more_months_than_the_clairvoyant(
    results: list[dict[str, Result]],
) -> None:
    for result in results:
        assert all(result[CLAIRVOYANT].reached >= result[name].reached for name in TOOLS)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_whatever_is_held_could_have_been_held_by_the_clairvoyant(tool: Callable[[], Tool]) -> None:
    """So the bound can only be too high: it is made of these half-days and people."""
    for number in range(3):
        one = world(SEED, number, SHORT)
        possible = {one.half_day(span.start) for span in places(one)}
        held = Life(one, tool()).run().held
        assert held
        for name, span in held:
            assert one.half_day(span.start) in possible
            assert would_meet(one, name, span)


def test_with_two_contacts_the_clairvoyant_meets_two() -> None:
    whole = world(SEED, 0, SHORT)
    one = replace(whole, people=dict(list(whole.people.items())[:2]))
    assert set(possible_people(one).values()) == {2}


def test_the_clairvoyant_reaches_nothing_where_nobody_ever_comes() -> None:
    whole = world(SEED, 0, SHORT)
    absent = {name: replace(p, stays_away=1.0) for name, p in whole.people.items()}
    assert set(possible_people(replace(whole, people=absent)).values()) == {0}


def test_an_answer_depends_on_who_and_when_and_not_on_what_was_asked_before() -> None:
    one, again = world(SEED, 1, SHORT), world(SEED, 1, SHORT)
    asked = [(name, span) for name in one.people for span in one.working[:20]]
    first = [answers.of_contact(one, name, span, span.start) for name, span in asked]
    backwards = [answers.of_contact(again, name, span, span.start) for name, span in asked[::-1]]
    assert first == backwards[::-1]
    assert {answer.yes for answer in first if answer} == {True, False}


def test_the_document_has_every_figure_with_its_interval(
    results: list[dict[str, Result]],
) -> None:
    found: Report = report(results, SEED)
    assert set(found) == {"policies", "worlds", "seed"}
    assert (found["worlds"], found["seed"]) == (4, SEED)
    assert tuple(found["policies"]) == POLICIES
    for figures in found["policies"].values():
        assert tuple(figures) == MEASURES
        for figure in figures.values():
            assert set(figure) == {"mean", "low", "high"}
            assert figure["low"] <= figure["mean"] <= figure["high"]
    assert found["policies"][CLAIRVOYANT]["drafts_per_meeting_held"]["mean"] == 1.0


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_nobody_holds_two_meetings_at_a_time(tool: Callable[[], Tool]) -> None:
    """Even where everything that comes later insists on its time."""
    overtaken = 0
    for number in range(3):
        tally = Life(_insisting(world(SEED, number, SHORT)), tool()).run()
        overtaken += tally.counts["overtaken by an event"]
        held = [span for _, span in tally.held]
        others = [event.span for event in tally.events]
        for place, span in enumerate(held):
            assert not any(span.overlaps(other) for other in (*held[place + 1 :], *others))
    assert overtaken


def _insisting(one: World) -> World:
    appearances = (replace(found, gives_way=False) for found in one.calendar.appearances)
    return replace(one, calendar=replace(one.calendar, appearances=tuple(appearances)))


def test_connectd_keeps_to_working_hours_and_caps(lives: list[tuple[World, Tally]]) -> None:
    for one, tally in lives:
        spans = [span for _, span in tally.held]
        assert not any(subtract((span,), one.working) for span in spans)
        days = [local_day(span.start, one.policy.zone) for span in spans]
        assert len(set(days)) == len(days)
        weeks = [day.isocalendar()[:2] for day in days]
        assert all(weeks.count(week) <= 3 for week in weeks)


def test_a_mean_of_shares_stays_between_0_and_1_and_is_never_certain() -> None:
    certain = share([1.0] * 50)
    assert certain["mean"] == certain["high"] == 1.0
    assert 0.9 < certain["low"] < 0.95
    half = share([0.0, 1.0] * 50)
    assert half["low"] == pytest.approx(0.403, abs=0.005)
    assert half["high"] == pytest.approx(0.597, abs=0.005)


def test_an_average_has_the_interval_of_the_spread_between_worlds() -> None:
    found = average([1.0, 2.0, 3.0, 4.0])
    assert found == {"mean": 2.5, "low": 1.2348, "high": 3.7652}


def test_a_ratio_is_one_of_sums_and_certain_where_all_worlds_agree() -> None:
    assert ratio([2.0, 4.0], [1.0, 2.0]) == {"mean": 2.0, "low": 2.0, "high": 2.0}
    assert ratio([1.0, 5.0], [1.0, 2.0])["mean"] == 2.0
    assert ratio([1.0], [0.0])["mean"] == 0.0


def test_the_program_prints_a_table_and_writes_the_document(tmp_path: Path) -> None:
    document = tmp_path / "figures.json"
    command = [sys.executable, "bench/effectiveness.py", "--worlds", "1", "--json", str(document)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "months reached" in ran.stdout
    assert json.loads(document.read_text())["worlds"] == 1
