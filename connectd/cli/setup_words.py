"""What `connectd setup` tells: what was found, what is about to be written, and what comes next."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from connectd.config import Config
from connectd.domain.model import Form
from connectd.domain.urls import ascii_host
from connectd.edges.caldav_server import CalendarInfo
from connectd.formats.goal_text import goal_text
from connectd.formats.hours_text import hours_text
from connectd.formats.providers import Provider
from connectd.service.finding_server import FoundBy, Place
from connectd.service.setup import SetUp

NO_KEYRING = """\
There is no keyring here that keeps passwords safe. Instead, connectd can run a command that
prints your password, such as: pass show dav"""
HOW_TO_TYPE_PEOPLE = """\
Whom do you want to meet first? Type people as in
  Bob Baker <bob@example.test> business; Carol Cole <carol@example.test> results
(a semicolon at the end of the line goes on), or the name of a CSV or vCard file, or carddav for
those in the group “connect” of your address book. Enter leaves it for later."""
_FOUND_BY = {
    FoundBy.DNS: "as {domain} says in the domain name system",
    FoundBy.WELL_KNOWN: "where {domain} leads calendar programs",
    FoundBy.PATH: "at {domain}",
    FoundBy.GIVEN: "at {domain}",
    FoundBy.PROVIDER: "the calendar server of {provider}",
}
_APP_PASSWORD = {
    "always": "{name} wants an app-specific password, not the one you log in with",
    "two-factor": "If you log in to {name} with two factors, it wants an app-specific password",
}
_YES_AND_NO = {
    Form.INVITATION: (
        ("Thunderbird, Nextcloud, phones with DAVx5", "Accept", "Decline"),
        ("Evolution, plann", "status Confirmed", "delete it"),
        ("GNOME Calendar, khal, calcurse", "OK at the start of the title", "delete it"),
    ),
    Form.PLAIN: (
        ("Thunderbird, Nextcloud, Evolution, plann", "status Confirmed", "delete it"),
        ("GNOME Calendar, khal, calcurse, phones", "OK at the start of the title", "delete it"),
    ),
}


def greeting(*, is_new: bool) -> str:
    """What is about to happen, and how to get out of it."""
    if is_new:
        return (
            "A few questions; Enter takes what stands in brackets, Ctrl-C leaves without a trace."
        )
    return "What is set up stands in brackets; Enter keeps it, Ctrl-C leaves all as it is."


def server_in(said: str) -> str:
    """The host, with its port where it is no usual one, in a URL or a host name; empty in others.

    What an e-mail address names is a domain, no server.
    """
    if "@" in said:
        return ""
    try:
        parts = urlsplit(said if "://" in said else f"https://{said}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    host = ascii_host(host)
    return host if port in (None, usual) else f"{host}:{port}"


def found(place: Place, said: str) -> str:
    """Which server was found, and how."""
    domain = server_in(said) or said.rpartition("@")[2]
    provider = place.provider.name if place.provider else ""
    how = _FOUND_BY[place.found_by].format(domain=domain, provider=provider or domain)
    line = f"Found {server_in(place.url)}, {how}."
    if place.same_domain:
        return line
    return f"{line}\nIt is no part of {domain}: please look twice whether it is your provider's."


def led_to(url: str) -> str:
    """That a server leads to another one."""
    return f"The server leads to another one, {server_in(url)} ({urlsplit(url).scheme})."


def about_passwords(provider: Provider) -> str:
    """What there is to know about the password at a provider; empty if nothing."""
    lines = []
    if wanted := _APP_PASSWORD.get(provider.app_password):
        made_at = f"; make one at {provider.made_at}" if provider.made_at else ""
        lines.append(f"{wanted.format(name=provider.name)}{made_at}.")
    if provider.token:
        lines.append("It takes OAuth 2 tokens alone, which a command has to print.")
    return " ".join([*lines, *filter(None, [provider.note])])


def calendars(
    infos: Sequence[CalendarInfo], all_day_only: Iterable[str], drafts: str | None
) -> str:
    """The calendars that were found, numbered; ``all_day_only`` and ``drafts`` are URLs."""
    whole_days = frozenset(all_day_only)
    lines = ["Your calendars:"]
    for number, info in enumerate(infos, 1):
        remarks = [
            *(["whole days only, such as birthdays: left out"] if info.url in whole_days else []),
            *([] if info.writable else ["can only be read"]),
            *(["drafts go there"] if info.url == drafts else []),
        ]
        remark = f" ({'; '.join(remarks)})" if remarks else ""
        lines.append(f"  {number}  {info.name}{remark}")
    return "\n".join(lines)


def summary(
    config: Config, calendars: Sequence[CalendarInfo], people: int, *, in_keyring: bool
) -> str:
    """What is about to be written."""
    me, account, goal = config.me, config.drafts_account, config.policy.goal
    there = any(account.drafts in (info.name, info.url) for info in calendars)
    if command := account.password_command or account.token_command:
        password = f"{'password' if account.password_command else 'token'} from {command[0]}"
    else:
        password = "password into your keyring" if in_keyring else "password as before"
    busy = "all calendars" if "*" in account.busy else ", ".join(account.busy)
    but = f" but {', '.join(account.ignore)}" if account.ignore else ""
    rows = [
        ("You", f"{me.name} <{me.emails[0]}>, {me.timezone.key}"),
        ("Server", f"{account.url} as {account.username}, {password}"),
        ("Blocks time", f"{busy}{but}"),
        ("Drafts go to", f"{account.drafts}{'' if there else ', a new calendar'}"),
        ("Hours", hours_text(config.policy.hours)),
        ("Goal", goal_text(goal.people_per_month, goal.months)),
        ("Categories", ", ".join(config.policy.categories)),
        ("People", _people(people, from_address_book=config.people is not None)),
    ]
    told = [f"  {name:<13} {value}" for name, value in rows]
    return "\n".join([f"This is what I will write to {config.path}:", *told])


def _people(typed: int, *, from_address_book: bool) -> str:
    parts = [f"{typed} to put on the list"] * bool(typed)
    parts += ["those in your address book"] * from_address_book
    return " and ".join(parts) or "nobody new"


def outcome(done: SetUp) -> str:
    """What was set up, how to say yes, and what comes next."""
    made = "made for it" if done.created else "which was there"
    kind = "an invitation to yourself" if done.form is Form.INVITATION else "a plain event"
    lines = [
        "All checked: your calendars can be read, and a probe was written, read and deleted.",
        f"The configuration is {done.path}.",
        f"Drafts go to the calendar “{done.drafts.name}”, {made}.",
        f"On this server each draft is {kind}. To answer it:",
        *_answers(done.form),
        "Or in a terminal: connectd accept NAME, connectd decline NAME.",
    ]
    if not done.added and done.config.people is None:
        lines.append("Next: connectd contacts add NAME --email ADDRESS --category CATEGORY")
    return "\n".join(lines)


def _answers(form: Form) -> list[str]:
    rows = (("in", "yes", "no"), *_YES_AND_NO[form])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
