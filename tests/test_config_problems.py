import re

import pytest
from config_texts import ACCOUNT, GOAL, HERE, ME, SMALLEST, parse, problem, problems

from connectd.config_keys import SECTIONS
from connectd.errors import ConfigError


def test_all_problems_come_at_once_each_with_its_key() -> None:
    found = problems(
        ME.replace("Berlin", "Berln")
        + GOAL.replace("3", "0")
        + ACCOUNT.replace("https", "ftp")
        + '[hours]\nmonday = ["9-5"]\n[meeting]\nminuts = 30\n[delivery]\nsender = "mail"\n'
    )

    assert [line.partition(": ")[0] for line in found] == [
        "me.timezone",
        "goal.people_per_month",
        'account "main".url',
        "hours.monday",
        "meeting.minuts",
        "delivery.sender",
    ]


def test_the_message_names_the_file_and_every_problem() -> None:
    with pytest.raises(ConfigError) as caught:
        parse(ME + GOAL + ACCOUNT.replace("https", "ftp") + "[daemon]\nevery = 5")

    first, *others = str(caught.value).splitlines()
    assert str(HERE) in first
    assert [line.strip() for line in others] == caught.value.problems
    assert len(others) == 2


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_what_no_program_reads_is_a_problem_too(value: str) -> None:
    assert problem(f"me = {value}").startswith("is not valid TOML: ")


TRUTHS = {"count_all_meetings", "learn"}
NUMBERS = {key.name for key in SECTIONS["meeting"].keys} - TRUTHS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOAL + ACCOUNT, "me: is missing; add a [me] table with name = "),
        (ME + ACCOUNT, "goal: is missing; add a [goal] table with people_per_month = 3"),
        (ME + GOAL, 'account: is missing; add a [[account]] table with name = "main", url = '),
        (ME + GOAL + "[account]\nname = 3", "account: must be written as [[account]], not as"),
        ("account = []" + ME + GOAL, "account: is missing"),
        ("account = [3]" + ME + GOAL, "account: must be written as [[account]], not as a list"),
        ("meeting = 3" + SMALLEST, "meeting: must be written as [meeting], not as 3"),
        (ME + "[goal]" + ACCOUNT, "goal.people_per_month: is missing; add people_per_month = "),
        (SMALLEST + "[categories]\nx = 3", "categories.x: must be written as [categories.x]"),
        (SMALLEST + '[categories."  x"]', 'categories."  x": a name must'),
        (SMALLEST + '[[feed]]\nname = "x"', 'feed "x".url: is missing; add url = "https://'),
    ],
)
def test_missing_tables_and_keys(text: str, said: str) -> None:
    assert said in problem(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALLEST + "[goals]", "goals: is not a known key; did you mean goal?"),
        (SMALLEST + "usernam = 3", 'account "main".usernam: is not a known key; did you mean'),
        (SMALLEST + "[me.x]", "me.x: is not a known key; known here: name, emails, timezone"),
        (
            SMALLEST + "[hours]\nfriday = ['09:00-10:00']\nmondays = []",
            "hours.mondays: is not a known key; did you",
        ),
        (SMALLEST + '[state]\n"a b" = 1', '"a b": is not a known key'),
        (SMALLEST + "minutes = 30", "minutes: does not belong here but under [meeting]"),
        ("url = 3" + SMALLEST, "url: does not belong here but under [[account]] or [[feed]]"),
        (SMALLEST + "[categories.x]\nideal = 3", "categories.x.ideal: is not a known key; did"),
    ],
)
def test_unknown_keys(text: str, said: str) -> None:
    assert said in problem(text)


def test_a_password_in_the_configuration_is_refused_and_not_repeated() -> None:
    said = problem(SMALLEST + 'password = "hunter2"')

    assert "password_command" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "url",
    [
        "http://dav.example.test/",
        "http://127.0.0.1.example.test/",
        "http://localhost.example.test/",
        "http://2130706433/",
        "http://127.0.0.1\\\\@dav.example.test/",
        "http://10.0.0.1/",
        "https://alice:hunter2@dav.example.test/",
        "https://alice@dav.example.test/",
        "https:///alice/",
        "https:dav.example.test",
        "https://dav.example.test:port/",
        "https://dav.example.test:99999/",
        "https://[::1/",
        "https://dav.example.test/a b",
        "https://dav.example.test/\\tx",
        "ftp://dav.example.test/",
        "file:///etc/passwd",
        "dav.example.test",
        "alice@example.test",
        "",
    ],
)
@pytest.mark.parametrize("table", ["account", "feed"])
def test_urls_that_are_not_safe(url: str, table: str) -> None:
    if table == "account":
        said = problem(SMALLEST.replace("https://dav.example.test/", url))
        assert said.startswith('account "main".url: ')
    else:
        said = problem(SMALLEST + f'[[feed]]\nname = "x"\nurl = "{url}"\n')
        assert said.startswith('feed "x".url: ')
    assert "hunter2" not in said


def test_a_webcal_url_is_told_what_to_write() -> None:
    said = problem(SMALLEST.replace("https://dav.example.test/", "webcal://x.test/a.ics"))

    assert said == 'account "main".url: must start with https:// instead of webcal://'


@pytest.mark.parametrize(
    "address",
    [
        "alice",
        "alice@",
        "@example.test",
        "alice@example.test,bob@example.test",
        "alice@example.test bob",
        "alice@example.test\\n",
        "alice@example.test\\u0000",
        "Alice <alice@example.test>",
        "\\u0022a\\u0022@example.test",
        "alice@example.test?bcc=eve@example.test",
        "älice@example.test",
        "alice@exämple.test",
        "alice@@example.test",
        "a..b@example.test",
        "alice@-example.test",
    ],
)
def test_addresses_are_checked_strictly(address: str) -> None:
    emails = ME.replace('"a.example@work.test"', f'"{address}"')
    assert problem(emails + GOAL + ACCOUNT).startswith("me.emails: ")
    assert problem(SMALLEST + f'email = "{address}"').startswith('account "main".email: ')
    mail = f'[mail]\nhost = "x.test"\nusername = "x"\nfrom = "{address}"'
    assert problem(SMALLEST + mail).startswith("mail.from: ")


def test_every_wrong_address_of_a_list_is_named() -> None:
    said = problem(ME.replace('["alice@example.test", ', '["one", "two", ') + GOAL + ACCOUNT)

    assert said.startswith('me.emails: "one", "two" are no e-mail addresses')


def test_a_list_of_addresses_is_not_empty_and_a_list() -> None:
    both = 'emails = ["alice@example.test", "a.example@work.test"]'

    assert "at least one" in problem(SMALLEST.replace(both, "emails = []"))
    assert "must be a list" in problem(SMALLEST.replace(both, 'emails = "alice@x.test"'))
    assert "must be a list of texts" in problem(SMALLEST.replace(both, "emails = [3]"))


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe", None),
        ("../../etc/passwd", None),
        ("/etc/localtime", None),
        ("qqqqqq", None),
    ],
)
def test_an_unknown_zone_comes_with_a_suggestion(zone: str, meant: str | None) -> None:
    said = problem(SMALLEST.replace("Europe/Berlin", zone))

    assert said.startswith(f'me.timezone: "{zone}" is no known time zone')
    if meant:
        assert f'did you mean "{meant}"?' in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"2026-13"', "must be a month"),
        ('"2026-1"', "must be a month"),
        ('"2026-11-01"', "must be a month"),
        ('"0000-01"', "must be a month"),
        ("2026-11-01", "in quotes"),
        ("202611", "in quotes"),
    ],
)
def test_a_start_is_a_month(value: str, said: str) -> None:
    assert said in problem(SMALLEST.replace("months = 6", f"starts = {value}"))


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ('["09:00-12:00", "11:59-13:00"]', '"09:00-12:00" and "11:59-13:00" overlap'),
        ('["13:00-14:00", "09:00-24:00"]', '"09:00-24:00" and "13:00-14:00" overlap'),
        ('["09:00-10:00", "09:00-10:00"]', "overlap"),
        ('["17:00-09:00"]', "must end after it starts"),
        ('["22:00-00:00"]', "midnight at the end of a day is 24:00"),
        ('["09:00-09:00"]', "must end after it starts"),
        ('["24:00-24:00"]', "a day ends at 24:00"),
        ('["09:00-24:01"]', "a day ends at 24:00"),
        ('["25:00-26:00"]', "a day ends at 24:00"),
        ('["09:60-10:00"]', "must look like"),
        ('["9:00-12:00"]', "must look like"),
        ('["09:00\u201312:00"]', "must look like"),
        ('["\u0660\u0669:00-12:00"]', "must look like"),
        ('["09:00-12:00\\n"]', "must look like"),
        ('"09:00-12:00"', "must be a list"),
        ("[9, 12]", "must be a list of texts"),
    ],
)
def test_hours_that_are_none(spans: str, said: str) -> None:
    found = problem(SMALLEST + f"[hours]\nmonday = {spans}\n")

    assert found.startswith("hours.monday: ")
    assert said in found


def test_hours_that_leave_no_time_at_all() -> None:
    assert "leave no time" in problem(SMALLEST + "[hours]")
    assert "leave no time" in problem(SMALLEST + "[hours]\nmonday = []")


@pytest.mark.parametrize("value", ["true", "45.0", '"45"', "4", "481", "-45", "[45]", "{}"])
def test_numbers_are_whole_and_in_range(value: str) -> None:
    said = problem(SMALLEST + f"[meeting]\nminutes = {value}\n")

    assert said.startswith("meeting.minutes: must be a whole number from 5 to 480, not ")


def test_true_is_not_one() -> None:
    said = problem(SMALLEST.replace("people_per_month = 3", "people_per_month = true"))

    assert said == "goal.people_per_month: must be a whole number from 1 to 1000, not true"


def test_a_long_value_is_shown_in_part() -> None:
    said = problem(SMALLEST.replace("Europe/Berlin", "Europe/" + "Berlin" * 1000))

    assert '"Europe/BerlinBerlin' in said
    assert len(said) < 200


def test_a_truth_is_written_without_quotes() -> None:
    for value in ("1", '"true"', "[]"):
        said = problem(SMALLEST + f"[meeting]\nlearn = {value}\n")
        assert said.startswith("meeting.learn: must be true or false, without quotes, not ")


def test_a_country_has_two_letters_and_a_subdivision_needs_one() -> None:
    for value in ("de", "DEU", "Germany"):
        said = problem(SMALLEST.replace("[me]", f'[me]\ncountry = "{value}"'))
        assert said == f'me.country: must be two capital letters such as "DE", not "{value}"'
    said = problem(SMALLEST.replace("[me]", '[me]\nsubdivision = "BY"'))
    assert said == 'me.subdivision: is of no use without a country, such as country = "DE"'


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_no_rule_may_be_negative_or_endless(name: str) -> None:
    for value in (-1, 10**9, 10**30):
        said = problem(SMALLEST + f"[meeting]\n{name} = {value}\n")
        assert said.startswith(f"meeting.{name}: must be a whole number from ")


@pytest.mark.parametrize(
    "name",
    ["", " ", "a/b", "..", ".hidden", "a\\u0000b", "büro", "x" * 65, "a:b", "-x", "x ", " x"],
)
def test_account_names_that_are_no_file_names(name: str) -> None:
    assert "name: " in problem(SMALLEST.replace('"main"', f'"{name}"'))


@pytest.mark.parametrize("key", ["password_command", "token_command"])
@pytest.mark.parametrize("value", ['"pass show dav"', "[]", '[""]', '["a", 1]', '["a\\u0000"]'])
def test_commands_are_lists_of_texts(key: str, value: str) -> None:
    assert problem(SMALLEST + f"{key} = {value}").startswith(f'account "main".{key}: ')


@pytest.mark.parametrize(
    "line",
    [
        'drafts = ""',
        'drafts = "a\\nb"',
        "drafts = 3",
        'username = "a:b"',
        'username = ""',
    ],
)
def test_texts_are_single_lines(line: str) -> None:
    key = line.partition(" ")[0]
    text = re.sub(rf"(?m)^{key} = .*$", line.replace("\\", "\\\\"), SMALLEST)

    assert problem(text).startswith(f'account "main".{key}: ')


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('busy = "*"', "must be a list of texts"),
        ('busy = ["*", ""]', "is empty"),
        ("ignore = [3]", "must be a list of texts"),
        ('accepted = ""', "is empty"),
        ('draft_form = "fancy"', 'must be one of "auto", "invitation", "plain", not "fancy"'),
        ("draft_form = true", "must be one of"),
        ('ca_file = "~bob/ca.pem"', "must be a full path, or start with ~/"),
        ("ca_file = 3", "must be text in quotes, not 3"),
    ],
)
def test_other_keys_of_an_account(line: str, said: str) -> None:
    assert said in problem(SMALLEST + line)


@pytest.mark.parametrize(
    "host", ["smtp.example.test:465", "https://smtp.example.test", "a b", "", "a@b", "[::1]"]
)
def test_a_mail_host_is_a_name_alone(host: str) -> None:
    mail = f'[mail]\nhost = "{host}"\nusername = "alice"\n'

    assert problem(SMALLEST + mail).startswith("mail.host: ")
