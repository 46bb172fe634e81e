"""Puts a draft into the user's calendar, once."""

from collections.abc import Sequence
from datetime import datetime

from connectd.config import Account
from connectd.domain.before_sending import lapses_at
from connectd.domain.model import Contact, Form, Meeting
from connectd.domain.view import Action, Name
from connectd.edges.caldav_server import CalDavServer, CalendarObject, Home
from connectd.edges.store import Placement
from connectd.errors import (
    ConnectdError,
    OutcomeUnknownError,
    PreconditionError,
    RefusedError,
    ServerError,
)
from connectd.formats.calendar_writer import Me, draft, href_of
from connectd.formats.recognition import altered, is_ours
from connectd.formats.wording import DraftNotes
from connectd.service.agendas import meeting_agenda, people_at, questions_for
from connectd.service.delivery import sends_by
from connectd.service.means import Means
from connectd.service.of_three import note_draft, people_of
from connectd.service.survey import Survey, account_record


def me_for(means: Means) -> Me:
    """The user, as the drafts account knows them."""
    return Me(
        name=means.config.me.name,
        email=means.config.drafts_account.email,
        zone=means.config.me.timezone.key,
        installation=means.store.installation,
        other_emails=means.my_addresses,
    )


def place_draft(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Write the draft and read it back; None if the record has moved on meanwhile.

    The questions on its agenda are recorded with it. A server that alters who organizes or
    attends gets the plain form, from now on. Raises ConnectdError when the draft could not be
    written, or nobody knows whether it was.
    """
    drafts = found.drafts
    if drafts is None:
        raise ServerError("There is no calendar for drafts at the moment.")
    people = people_of(action.meeting, means.store)
    home = found.homes[drafts.account]
    learned = account_record(means, drafts.account).form
    form = form_for(means.config.drafts_account, home, learned)
    questions = questions_for(people_at(action.meeting, means.store), means.store, means.catalogue)
    meeting = action.meeting._replace(form=form, questions=questions)
    placement = Placement(
        uid=meeting.uid,
        account=drafts.account,
        calendar=drafts.info.url,
        href=href_of(drafts.info.url, meeting.uid),
        etag=None,
        written=_text(meeting, people, means, home, now),
    )
    with means.store.transaction():
        if not means.store.save_meeting(meeting, was=None):
            return None
        means.store.save_placement(placement)
        intent = means.store.begin_intent(meeting.uid, action.name, action.because, now)
    try:
        stored, is_new = _create(means.servers[drafts.account], placement, meeting, means)
    except OutcomeUnknownError:
        raise
    except ConnectdError as error:
        forget_draft(meeting, intent, str(error), means, now)
        raise
    settle_draft(meeting, placement, stored if is_new else None, intent, means, now)
    if meeting.form is Form.INVITATION and altered(placement.written, stored.text):
        text = _text(meeting._replace(form=Form.PLAIN), people, means, home, now)
        _fall_back(meeting, placement._replace(etag=stored.etag), text, means)
    return action.because


def settle_draft(
    meeting: Meeting,
    placement: Placement,
    stored: CalendarObject | None,
    intent: int,
    means: Means,
    now: datetime,
) -> None:
    """Record that the draft stands; ``stored`` is what the server made of it just now.

    Where an earlier try is met again (None), no version of it counts as seen, and the next
    look tells what it is like.
    """
    placed = (
        placement._replace(etag=stored.etag, written=stored.text)
        if stored
        else placement._replace(etag="")
    )
    with means.store.transaction():
        means.store.save_placement(placed)
        means.store.finish_intent(intent, "written", now)
        note_draft(meeting, means.store)
        reasons = "; ".join(meeting.reasons)
        means.store.log(now, Name.DRAFT, meeting.contact, meeting.uid, reasons)


def forget_draft(meeting: Meeting, intent: int, why: str, means: Means, now: datetime) -> None:
    """Record that the draft never came to be; the next try is the same attempt again."""
    with means.store.transaction():
        means.store.finish_intent(intent, f"not written: {why}", now)
        means.store.drop_meeting(meeting.uid)


def _create(
    server: CalDavServer, placement: Placement, meeting: Meeting, means: Means
) -> tuple[CalendarObject, bool]:
    """Create the object, and say whether it is new; what is not certain is looked up first."""
    try:
        return server.create(placement.href, placement.written), True
    except PreconditionError as error:
        stored = server.get(placement.href)
        if stored and is_ours(stored.text, meeting.uid, means.store.installation):
            return stored, False
        raise RefusedError("Something else lies where the draft should be.") from error
    except OutcomeUnknownError as error:
        stored = _look(server, placement.href)
        if stored is None:
            raise ServerError(
                "The server lost the draft; it will be tried again.", retry_after=error.retry_after
            ) from None
        return stored, True


def _look(server: CalDavServer, href: str) -> CalendarObject | None:
    try:
        return server.get(href)
    except ServerError as error:
        raise OutcomeUnknownError(
            "The server did not say whether the draft was written; connectd will look again."
        ) from error


def _text(
    meeting: Meeting, people: Sequence[Contact], means: Means, home: Home, now: datetime
) -> str:
    rules = means.policy.rules
    notes = DraftNotes(
        sends=sends_by(means, home),
        lapses_at=lapses_at(meeting, rules),
        accepted_calendar=means.config.drafts_account.accepted,
        agenda=meeting_agenda(meeting, means.config, means.store, means.catalogue).lines(),
    )
    return draft(meeting, people, me_for(means), notes, now)


def form_for(account: Account, home: Home, learned: str | None) -> Form:
    """Buttons where no server would act on them, an ordinary event elsewhere.

    A server that schedules sends replies to organizers, but the sabre/dav engine leaves an
    organizer alone that is no mail address. ``learned`` is the form that the server turned
    out to keep.
    """
    if account.draft_form != "auto":
        return Form(account.draft_form)
    if learned:
        return Form(learned)
    return Form.PLAIN if home.schedules and not home.sabre else Form.INVITATION


def _fall_back(meeting: Meeting, placement: Placement, text: str, means: Means) -> None:
    """Replace a draft whose organizer or attendees the server altered by the plain form."""
    server = means.servers[placement.account]
    stored = server.replace(placement.href, text, placement.etag or "")
    record = account_record(means, placement.account)
    with means.store.transaction():
        means.store.save_meeting(meeting._replace(form=Form.PLAIN), was=meeting.state)
        means.store.save_placement(placement._replace(written=text, etag=stored.etag))
        means.store.save_account(record._replace(form=Form.PLAIN.value))
