"""The command `why`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from connectd.cli import terminal_why
from connectd.cli.contact_name import CONTACT
from connectd.cli.days import DAY
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.ticking import leave_after
from connectd.cli.why_documents import contact_document, moment_document, week_document
from connectd.service import why as explained
from connectd.service.means import Means
from connectd.service.tick import Plan

_FIRST_YEAR, _LAST_YEAR = 1900, 9000


class _Moment(click.ParamType[datetime]):
    """A time of ISO 8601, with a zone or without one."""

    name = "TIME"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-12-03T10:00.", param, ctx)
        if _is_a_day(value):
            self.fail(f"{value!r} needs a time of day, as in 2026-12-03T10:00.", param, ctx)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            self.fail(f"{value!r} is too far away to reckon with.", param, ctx)
        return moment.replace(microsecond=0)


@click.command()
@click.argument("contact", type=CONTACT, required=False)
@click.option("--at", "moment", type=_Moment(), help="A time, your local one without a zone.")
@click.option("--week", is_flag=True, help="Draw seven days.")
@click.option("--from", "first", type=DAY, help="The first day that --week draws.")
@as_json
@click.pass_obj
def why(
    call: Invocation,
    /,
    contact: str | None,
    moment: datetime | None,
    week: bool,  # noqa: FBT001 - click passes flags by name
    first: date | None,
    as_json: bool,  # noqa: FBT001 - as above
) -> None:
    """Say why CONTACT is due or not, why a time is free or not, or draw a week."""
    if sum((contact is not None, moment is not None, week)) != 1:
        raise click.UsageError("Say one of: a CONTACT, --at TIME, --week.")
    if first and not week:
        raise click.UsageError("--from goes with --week only.")
    with call.rehearsal() as means:
        if contact is not None:
            made = _contact(contact, call, means, as_json=as_json)
        elif moment is not None:
            made = _time(moment, call, means, as_json=as_json)
        else:
            made = _week(first, call, means, as_json=as_json)
    leave_after(made)


def _contact(words: str, call: Invocation, means: Means, *, as_json: bool) -> Plan:
    about = explained.about_contact(words, call.now(), means)
    if as_json:
        print_json(contact_document(about))
    else:
        terminal_why.show_contact(about, means.config.me.timezone)
    return about.plan


def _time(moment: datetime, call: Invocation, means: Means, *, as_json: bool) -> Plan:
    zone = means.config.me.timezone
    about = explained.about_time(_in_utc(moment, zone), call.now(), means)
    if as_json:
        print_json(moment_document(about))
    else:
        terminal_why.show_time(about, zone)
    return about.plan


def _week(first: date | None, call: Invocation, means: Means, *, as_json: bool) -> Plan:
    zone = means.config.me.timezone
    about = explained.about_week(first, call.now(), means)
    if as_json:
        print_json(week_document(about, zone))
    else:
        terminal_why.show_week(about, means.policy.hours, zone, call.environment)
    return about.plan


def _is_a_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
