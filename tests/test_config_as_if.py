"""Settings tried out for one question: how they are written, and that the file's checks hold."""

from datetime import time

import pytest
from config_texts import HERE, HOME, SMALLEST

from connectd import config
from connectd.config import Config
from connectd.config_as_if import in_words, read_wishes
from connectd.domain.model import Month
from connectd.errors import ConfigError, WrongInputError


def as_if(*written: str, text: str = SMALLEST) -> Config:
    return config.parse(text, HERE, HOME, read_wishes(written))


def refused(*written: str, text: str = SMALLEST) -> str:
    with pytest.raises(WrongInputError) as caught:
        as_if(*written, text=text)
    assert caught.value.exit_status == 2
    return str(caught.value)


def test_a_key_of_each_section_can_be_tried() -> None:
    tried = as_if("people_per_month=4", "meeting.minutes = 30", 'monday=["08:00-12:00"]').policy

    assert tried.goal.people_per_month == 4
    assert tried.rules.minutes == 30
    assert tried.hours[0] == ((time(8), time(12)),)


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_what_no_program_reads_is_refused(value: str) -> None:
    assert "goal.people_per_month" in refused(f"people_per_month={value}")


def test_everything_else_stays_as_configured() -> None:
    usual = config.parse(SMALLEST, HERE, HOME)

    tried = as_if("minutes=30")

    assert tried.policy.rules == usual.policy.rules._replace(minutes=30)
    assert tried._replace(policy=usual.policy) == usual


def test_one_day_leaves_the_usual_hours_of_the_others() -> None:
    usual = config.parse(SMALLEST, HERE, HOME).policy.hours

    assert as_if("monday=10:00-11:00").policy.hours == usual | {0: ((time(10), time(11)),)}


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("saturday=09:00-12:00,13:00-17:00", ((time(9), time(12)), (time(13), time(17)))),
        ('saturday="09:00-12:00"', ((time(9), time(12)),)),
        ('hours.saturday=["20:00-24:00"]', ((time(20), time.min),)),
        ("saturday=", None),
        ("saturday=[]", None),
    ],
)
def test_the_hours_of_a_day(written: str, spans: tuple[tuple[time, time], ...] | None) -> None:
    text = SMALLEST + '[hours]\nsaturday = ["07:00-08:00"]\nsunday = ["07:00-08:00"]'

    assert as_if(written, text=text).policy.hours.get(5) == spans


def test_what_is_no_toml_is_text() -> None:
    assert as_if("starts=2026-12").goal_starts == Month(2026, 12)
    assert as_if('starts="2026-12"').goal_starts == Month(2026, 12)


def test_truths_and_the_last_word() -> None:
    rules = as_if("learn=false", "minutes=30", "meeting.minutes=60").policy.rules

    assert (rules.learn, rules.minutes) == (False, 60)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("minutes=3", "--if minutes=3: meeting.minutes: must be a whole number from 5 to 480"),
        ("learn=False", "--if learn=False: meeting.learn: must be true or false, without quotes"),
        ("monday=9-5", '"9-5" must look like "09:00-12:00"'),
        ("starts=soon", 'goal.starts: must be a month such as "2026-11"'),
        ("minutes=30\nbuffer_minutes = 4", "must be a whole number"),
        ("notice_hours=900", "reach beyond horizon_days"),
        ("people_per_moth=4", "did you mean people_per_month?"),
        ("mondai=09:00-10:00", "did you mean monday?"),
        ("xyz=1", "is no key of [goal], [meeting] or [hours]"),
        ("every_minutes=1", "is no key of [goal], [meeting] or [hours]"),
        ("me.name=Bob", "only keys of [goal], [meeting] or [hours] can be tried out"),
        ("goal.minutes=30", "minutes is a key of [meeting], not of [goal]"),
        ("minutes", "must be written as people_per_month=4"),
        ("=4", "is no key of"),
    ],
)
def test_what_cannot_be_tried(written: str, said: str) -> None:
    message = refused(written)

    assert message.startswith(f"--if {written}: ")
    assert said in message


def test_only_the_wish_that_is_wrong_is_named() -> None:
    assert refused("minutes=30", "per_day=0").count("--if") == 1
    assert "--if notice_hours=200" in refused("horizon_days=7", "notice_hours=200")


def test_a_problem_of_the_two_together_names_both() -> None:
    days = [f"{day}=" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")]

    message = refused(*days)

    assert message.startswith("--if monday= --if tuesday= ")
    assert "leave no time to meet" in message


def test_a_file_that_is_wrong_by_itself_is_no_wrong_question() -> None:
    with pytest.raises(ConfigError) as caught:
        as_if("minutes=30", text=SMALLEST + "[meeting]\nminutes = 3")

    assert caught.value.exit_status == 3


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["people_per_month=4"], "As if people_per_month were 4:"),
        (["learn=false", "starts=2026-12"], "As if learn were false and starts were 2026-12:"),
        (["monday=09:00-12:00,13:00-14:00"], "As if monday were 09:00-12:00, 13:00-14:00:"),
        (["monday="], "As if monday were off:"),
    ],
)
def test_what_is_taken_for_granted_in_words(written: list[str], said: str) -> None:
    assert in_words(read_wishes(written)) == said
