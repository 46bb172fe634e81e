"""The commands that look into the calendars: plan, tick, run."""

import sys

import click

from connectd.cli import terminal
from connectd.cli.documents import plan_document, tick_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.log_lines import log_to_stderr
from connectd.cli.running import run_daemon
from connectd.config_as_if import in_words, read_wishes
from connectd.edges.lock import InstanceLock
from connectd.service.notices import give_notices
from connectd.service.status import relations
from connectd.service.tick import Plan, Report
from connectd.service.tick import plan as make_plan
from connectd.service.tick import tick as make_tick

_CREDENTIALS, _INCOMPLETE, _PARTLY = 4, 5, 7

_HOW_TO_KEEP_IT_RUNNING = (
    "This connectd ends with its terminal. To keep one running, `connectd setup --service` makes "
    "it a service;\nwhere there is no systemd, have `connectd run` supervised by what is there "
    "(docs/service.md)."
)


@click.command()
@click.option(
    "--if",
    "as_if",
    metavar="KEY=VALUE",
    multiple=True,
    help="As if [goal], [meeting] or [hours] said so; can be repeated.",
)
@as_json
@click.pass_obj
def plan(call: Invocation, as_if: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Say whom connectd would draft, when and why; write nothing."""
    wishes = read_wishes(as_if)
    with call.rehearsal(wishes) as means:
        made = make_plan(call.now(), means)
        people = relations(call.now(), means.config, means.store, include_archived=True)
        zone = means.config.me.timezone
    if as_json:
        told = {"as_if": {wish.key: wish.value for wish in wishes}} if wishes else {}
        print_json(told | plan_document(made, {p.contact.id: p.step for p in people}))
    else:
        if wishes:
            terminal.say(in_words(wishes))
        terminal.show_plan(made, zone)
    leave_after(made)


@click.command()
@as_json
@click.pass_obj
def tick(call: Invocation, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Read the calendars, decide, and do: one pass."""
    with call.means() as means, InstanceLock.acquire(means.config.state.parent, call.now()):
        report = make_tick(call.now(), means)
        if call.fixed_now is None:
            give_notices(means, report.now, report)
    if as_json:
        print_json(tick_document(report))
    else:
        terminal.show_report(report)
    _leave(_report_status(report))


@click.command()
@click.pass_obj
def run(call: Invocation) -> None:
    """Run in the foreground: a tick every few minutes, until stopped."""
    if call.fixed_now:
        raise click.UsageError("--now does not go with run: a daemon lives in the present.")
    log_to_stderr(call.environment, verbose=call.verbose)
    if sys.stderr.isatty() and "NOTIFY_SOCKET" not in call.environment:
        click.echo(_HOW_TO_KEEP_IT_RUNNING, err=True)
    run_daemon(call)


def leave_after(plan: Plan) -> None:
    """End with the exit status that says how the calendars could be looked at."""
    if plan.refused or plan.waits_for_keyring:
        _leave(_CREDENTIALS)
    _leave(0 if plan.snapshot.complete else _INCOMPLETE)


def _report_status(report: Report) -> int:
    if report.refused or report.waits_for_keyring:
        return _CREDENTIALS
    if not report.complete:
        return _INCOMPLETE
    return _PARTLY if report.failures else 0


def _leave(status: int) -> None:
    if status:
        raise click.exceptions.Exit(status)
