"""What the values of the configuration mean together, once each is right by itself.

Every check works on whatever is usable, so that all problems of a file come up at once.
"""

from collections.abc import Collection

from connectd.config_keys import WEEKDAYS, Table, Tables
from connectd.domain.urls import is_loopback

USUAL_CATEGORIES = ("results", "organization", "business")


def check_together(tables: Tables) -> list[str]:
    """Check what values mean together, as far as they are usable; return all problems."""
    return [
        *_same_names("account", tables.accounts),
        *_same_names("feed", tables.feeds),
        *_check_credentials([*tables.accounts, *_mail(tables)]),
        *_check_names_of_secrets(tables),
        *_check_drafts(tables.accounts),
        *_check_country(tables.single),
        *_check_times(tables.single),
        *_check_categories(tables.categories),
        *_check_invitation(tables.single),
        *_check_sending(tables.single),
        *_check_wants_mail(tables.single),
        *_check_people(tables),
    ]


def _same_names(section: str, tables: list[Table]) -> list[str]:
    names = [str(table.values.get("name", index)).casefold() for index, table in enumerate(tables)]
    return [
        f'{section}[{index}].name: another {section} is called "{tables[index].values["name"]}" '
        "already; choose a different name"
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _mail(tables: Tables) -> list[Table]:
    return [tables.single["mail"]] if "mail" in tables.single else []


def _check_credentials(tables: list[Table]) -> list[str]:
    return [
        f"{table.path}.token_command: stands beside password_command; keep one of them"
        for table in tables
        if table.values.get("password_command") and table.values.get("token_command")
    ]


def _check_names_of_secrets(tables: Tables) -> list[str]:
    """Files and keyring entries are named after the account; "mail" is that of [mail]."""
    if not any(mail.values.get("username") for mail in _mail(tables)):
        return []
    return [
        f'{account.path}.name: "mail" is what the password of [mail] is kept under; choose a '
        "different name"
        for account in tables.accounts
        if str(account.values.get("name")).casefold() == "mail"
    ]


def _check_drafts(accounts: list[Table]) -> list[str]:
    problems = []
    for path, values in accounts:
        drafts, accepted = values.get("drafts"), values.get("accepted")
        if accepted and "drafts" in values and not drafts:
            problems.append(f"{path}.accepted: works only on the account that has drafts")
        if accepted and drafts and accepted.rstrip("/") == drafts.rstrip("/"):
            problems.append(
                f"{path}.accepted: must be another calendar than drafts, or every draft would "
                "count as accepted at once"
            )
    if not accounts or any("drafts" not in account.values for account in accounts):
        return problems
    writing = [account.path for account in accounts if account.values["drafts"]]
    if not writing:
        problems.append(
            f"{accounts[0].path}.drafts: is missing; name the calendar for drafts on exactly one "
            'account, such as drafts = "Connections"'
        )
    problems += [
        f"{path}.drafts: only one account can have it, and {writing[0]} has it already"
        for path in writing[1:]
    ]
    return problems


def _check_country(single: dict[str, Table]) -> list[str]:
    me = single["me"].values if "me" in single else {}
    if me.get("subdivision") and me.get("country", "") is None:
        return ['me.subdivision: is of no use without a country, such as country = "DE"']
    return []


def _check_times(single: dict[str, Table]) -> list[str]:
    problems = []
    hours = single["hours"].values if "hours" in single else {}
    if len(hours) == len(WEEKDAYS) and not any(hours.values()):
        problems.append(
            "hours: leave no time to meet; give at least one day its hours, such as "
            'monday = ["09:00-17:00"]'
        )
    rules = single["meeting"].values if "meeting" in single else {}
    notice, horizon = rules.get("notice_hours"), rules.get("horizon_days")
    if notice is not None and horizon is not None and notice >= horizon * 24:
        problems.append(
            f"meeting.notice_hours: {notice} hours reach beyond horizon_days ({horizon} days), so "
            "no meeting could ever be proposed; make it smaller, or horizon_days larger"
        )
    return problems


def _check_categories(categories: dict[str, Table]) -> list[str]:
    problems = []
    for name, (path, values) in categories.items():
        ideal, longest = values.get("ideal_days"), values.get("longest_days")
        if ideal is not None and longest is not None and ideal > longest:
            problems.append(
                f"{path}.longest_days: {longest} days is less than ideal_days ({ideal}); "
                "set it to the same or more"
            )
        if any(name != other and name.casefold() == other.casefold() for other in categories):
            problems.append(f"{path}: differs from another category only in case; keep one of them")
    return problems


def _check_invitation(single: dict[str, Table]) -> list[str]:
    values = single["invitation"].values if "invitation" in single else {}
    text, url_is_left_out = values.get("text"), values.get("booking_url", "") is None
    if not text or not url_is_left_out:
        return []
    from connectd.domain.invitation_text import uses  # noqa: PLC0415  only if there is a text

    if not uses(text, "booking_url"):
        return []
    wanted = 'booking_url = "https://cal.example.test/alice"'
    return [f"invitation.text: has {{booking_url}}; add such a line below it: {wanted}"]


def _check_sending(single: dict[str, Table]) -> list[str]:
    problems = []
    delivery = single["delivery"].values if "delivery" in single else {}
    if "mail" not in single:
        if delivery.get("sender") == "mail":
            problems.append('delivery.sender: "mail" needs a [mail] table with host, username, …')
        return problems
    values = single["mail"].values
    security, host = values.get("security"), values.get("host")
    if security == "none" and host is not None and not is_loopback(host):
        problems.append(
            'mail.security: "none" is only for a server on this machine; use "tls" or "starttls"'
        )
    if values.get("username", "") is None:
        if security in {"tls", "starttls"}:
            problems.append(
                'mail.username: is missing; it may be left out only with security = "none"'
            )
        problems += [
            f"mail.{key}: is of no use without a username"
            for key in ("password_command", "token_command")
            if security == "none" and values.get(key)
        ]
    return problems


def _check_wants_mail(single: dict[str, Table]) -> list[str]:
    """What goes to the user by mail needs a mail server as well."""
    wanted = [
        f"{table}.{key}"
        for table, key in (("agenda", "where"), ("digest", "by"), ("daemon", "notices"))
        if table in single and single[table].values.get(key) == "mail"
    ]
    if "mail" in single:
        return []
    return [f'{key}: "mail" needs a [mail] table with host, username, …' for key in wanted]


def _check_people(tables: Tables) -> list[str]:
    values = tables.single["people"].values if "people" in tables.single else {}
    account, category = values.get("account"), values.get("category")
    problems = []
    known = [str(table.values.get("name")) for table in tables.accounts]
    if account and account not in known:
        problems.append(
            f"people.account: no [[account]] is called {account!r}; known are {', '.join(known)}"
        )
    categories = categories_of(tables.categories)
    if category and category not in categories:
        problems.append(
            f"people.category: {category!r} is no category; known are {', '.join(categories)}"
        )
    return problems


def categories_of(written: Collection[str]) -> tuple[str, ...]:
    """The names of the categories: the three usual ones, unless the file has others."""
    return USUAL_CATEGORIES if set(written) <= set(USUAL_CATEGORIES) else tuple(written)
