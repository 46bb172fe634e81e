import pytest
from config_texts import ACCOUNT, GOAL, ME, SECOND, SMALLEST, parse, problem, problems


def test_two_accounts_with_one_name() -> None:
    second = SECOND.replace('"work"', '"Main"')

    assert problem(SMALLEST + second).startswith('account[1].name: another account is called "M')


def test_problems_of_accounts_with_one_name_are_told_apart() -> None:
    second = SECOND.replace('"work"', '"main"') + "draft_form = 3\n"

    assert [line.partition(": ")[0] for line in problems(SMALLEST + second)] == [
        "account[1].draft_form",
        "account[1].name",
    ]


def test_two_feeds_with_one_name() -> None:
    feed = '[[feed]]\nname = "x"\nurl = "https://x.test/a.ics"\n'

    assert problem(SMALLEST + feed + feed).startswith("feed[1].name: another feed is called")


def test_two_commands_on_one_account() -> None:
    both = 'password_command = ["a"]\ntoken_command = ["b"]\n'

    assert problem(SMALLEST + both).startswith('account "main".token_command: ')


def test_two_commands_for_the_mail_server() -> None:
    both = 'password_command = ["a"]\ntoken_command = ["b"]\n'
    mail = f'[mail]\nhost = "smtp.example.test"\nusername = "alice"\n{both}'

    assert problem(SMALLEST + mail).startswith("mail.token_command: stands beside")


@pytest.mark.parametrize("key", ["password_command", "token_command"])
def test_a_secret_without_a_user_name_is_never_used(key: str) -> None:
    mail = f'[mail]\nhost = "localhost"\nsecurity = "none"\n{key} = ["a"]\n'

    assert problem(SMALLEST + mail) == f"mail.{key}: is of no use without a username"


@pytest.mark.parametrize("name", ["mail", "Mail"])
def test_an_account_cannot_share_the_name_of_the_mail_servers_secret(name: str) -> None:
    text = SMALLEST.replace('name = "main"', f'name = "{name}"')
    local = '[mail]\nhost = "localhost"\nsecurity = "none"\n'

    assert parse(text)
    assert parse(text + local)
    said = problem(text + local + 'username = "alice"\n')
    assert said.startswith(f'account "{name}".name: "mail" is what the password of [mail] is kept')


def test_no_account_for_drafts() -> None:
    said = problem(ME + GOAL + ACCOUNT.replace("drafts", "#") + SECOND)

    assert said.startswith('account "main".drafts: is missing; ')


def test_two_accounts_for_drafts() -> None:
    said = problem(SMALLEST + SECOND + 'drafts = "Connections"\n')

    assert said.startswith('account "work".drafts: only one account can have it')


def test_wrong_drafts_are_not_called_missing_as_well() -> None:
    assert "must be text" in problem(SMALLEST.replace('"Connections"', "3"))


def test_accepted_in_the_calendar_for_drafts_would_say_yes_to_every_draft() -> None:
    assert "another calendar" in problem(SMALLEST + 'accepted = "Connections"')
    by_url = SMALLEST.replace('"Connections"', '"https://dav.example.test/alice/c"')
    assert "another calendar" in problem(by_url + 'accepted = "https://dav.example.test/alice/c/"')


def test_accepted_on_an_account_without_drafts() -> None:
    said = problem(SMALLEST + SECOND + 'accepted = "Work"')

    assert said.startswith('account "work".accepted: ')


def test_a_longest_gap_shorter_than_the_ideal_one() -> None:
    category = "[categories.results]\nideal_days = 90\n"

    assert problem(SMALLEST + category).startswith("categories.results.longest_days: 60 days")
    assert parse(SMALLEST + category + "longest_days = 90")


def test_categories_that_differ_only_in_case() -> None:
    found = problems(SMALLEST + "[categories.Friends]\n[categories.friends]\n")

    assert len(found) == 2
    assert "only in case" in found[0]


def test_notice_beyond_the_horizon() -> None:
    rules = "[meeting]\nhorizon_days = 2\nnotice_hours = "

    assert problem(SMALLEST + rules + "48").startswith("meeting.notice_hours: 48 hours")
    assert parse(SMALLEST + rules + "47")


def test_mail_as_the_sender_needs_a_server() -> None:
    assert "[mail]" in problem(SMALLEST + '[delivery]\nsender = "mail"\n')


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_user_name_is_needed_over_tls(security: str) -> None:
    mail = f'[mail]\nhost = "localhost"\nsecurity = "{security}"\n'

    assert problem(SMALLEST + mail).startswith("mail.username: is missing")


def test_mail_without_tls_stays_on_this_machine() -> None:
    mail = '[mail]\nhost = "smtp.example.test"\nsecurity = "none"\nusername = "alice"\n'

    assert problem(SMALLEST + mail).startswith("mail.security: ")
