"""Asks when contacts are busy, and remembers what came of it; that never stops a plan.

A contact is asked about at the server of the account that drafts are written to (RFC 6638),
and by the free/busy URL of the contact. Only spans are kept.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock

from connectd.domain.model import Contact, Span
from connectd.domain.spans import Spans, merge
from connectd.edges.caldav_server import FreeBusyAnswer, Home
from connectd.edges.store import TheirBusy
from connectd.edges.store.their_busy import SERVER, URL
from connectd.errors import CredentialsError, RefusedError, ServerError, TooCostlyError
from connectd.formats.free_busy import question
from connectd.formats.readings import span_from_json, span_to_json
from connectd.service.means import Means

_KNOWN_FOR = timedelta(hours=1)
_REFUSED_FOR = timedelta(days=1)
_TROUBLE_FOR = timedelta(minutes=15)
_OLD_AFTER = timedelta(days=1)
_SECONDS_FOR_ALL = 10.0
_SECONDS_FOR_ONE = 5.0
_PEOPLE = 20


@dataclass(slots=True)
class Patience:
    """How long asking may still take in one tick, and about how many people."""

    until: float = field(default_factory=lambda: time.monotonic() + _SECONDS_FOR_ALL)
    people: int = _PEOPLE

    @property
    def seconds(self) -> float:
        """The seconds that are left."""
        return max(0.0, self.until - time.monotonic())


@dataclass(frozen=True, slots=True)
class _Source:
    """One way to hear of one contact: ``asked`` says exactly whom or what is asked."""

    contact: Contact
    way: str
    asked: str


def their_busy(
    contacts: Sequence[Contact],
    means: Means,
    homes: Mapping[str, Home],
    now: datetime,
    patience: Patience,
) -> dict[str, Spans]:
    """When these contacts are busy from now to the horizon, by id; who says nothing is left out.

    What was heard within the hour is not asked for again, and what was refused not for a day;
    where there was trouble, what was known before still counts for a day. ``patience`` gets
    less with everything that is asked.
    """
    inquiry = _Inquiry(means, homes, now, patience)
    sources = [source for contact in contacts for source in inquiry.sources(contact)]
    inquiry.ask([source for source in sources if inquiry.is_due(source)])
    return inquiry.known(sources)


class _Inquiry:
    """The asking of one moment."""

    def __init__(
        self, means: Means, homes: Mapping[str, Home], now: datetime, patience: Patience
    ) -> None:
        self._means = means
        self._home = homes.get(means.config.drafts_account.name)
        self._now = now
        self._patience = patience
        self._needed_to = now + timedelta(days=means.policy.rules.horizon_days)
        midnight = datetime.combine(self._needed_to.date(), clock.min, UTC)
        self._window = Span(now, midnight + timedelta(days=2))

    def sources(self, contact: Contact) -> list[_Source]:
        """Every way to hear of a contact."""
        found = []
        if self._home and self._home.outbox and contact.emails:
            asked = f"{self._home.outbox} {contact.emails[0].lower()}"
            found.append(_Source(contact, SERVER, asked))
        if contact.free_busy:
            found.append(_Source(contact, URL, contact.free_busy))
        return found

    def is_due(self, source: _Source) -> bool:
        """Whether asking makes sense now; a clock that was set back makes all due."""
        last = self._last(source)
        if last is None or not last.asked_at <= self._now < last.ask_again_at:
            return True
        return last.reaches_to is not None and last.reaches_to < self._needed_to

    def ask(self, sources: Sequence[_Source]) -> None:
        """Ask as many as the patience allows, and record what comes of it."""
        people = dict.fromkeys(source.contact.id for source in sources)
        chosen = set(list(people)[: self._patience.people])
        self._patience.people -= len(chosen)
        asked = [source for source in sources if source.contact.id in chosen]
        self._ask_server([source for source in asked if source.way == SERVER])
        for source in asked:
            if source.way == URL and self._patience.seconds:
                self._ask_url(source)

    def known(self, sources: Iterable[_Source]) -> dict[str, Spans]:
        """What is known of each contact by all ways together."""
        spans: dict[str, list[Span]] = {}
        for source in sources:
            last = self._last(source)
            if last and last.known_since and self._now - last.known_since < _OLD_AFTER:
                spans.setdefault(source.contact.id, []).extend(last.spans)
        return {contact: merge(busy) for contact, busy in spans.items()}

    def _ask_server(self, sources: Sequence[_Source]) -> None:
        """Ask about all of them at once; the server answers for each."""
        if not sources or self._home is None or not self._patience.seconds:
            return
        account = self._means.config.drafts_account
        by_address = {source.contact.emails[0].lower(): source for source in sources}
        me = _my_address(account.email, self._home)
        text = question(me, list(by_address), self._window, self._now)
        try:
            server = self._means.servers[account.name]
            answers = server.free_busy(self._home, text, self._patience.seconds)
        except RefusedError as refusal:
            for source in sources:
                self._refused(source, str(refusal))
            return
        except (CredentialsError, ServerError) as trouble:
            for source in sources:
                self._trouble(source, str(trouble))
            return
        said = {answer.address: answer for answer in answers}
        for address, source in by_address.items():
            self._hear(source, said.get(address))

    def _hear(self, source: _Source, answer: FreeBusyAnswer | None) -> None:
        if answer is None:
            self._trouble(source, "the server did not answer for them")
        elif answer.told:
            self._read(source, answer.text or "")
        else:
            self._refused(source, answer.status or "no status")

    def _ask_url(self, source: _Source) -> None:
        """Fetch what the contact publishes; the host is the only one that hears of it."""
        within = min(_SECONDS_FOR_ONE, self._patience.seconds)
        self._means.progress()
        try:
            fetched = self._means.web.fetch(source.asked, within=within)
        except RefusedError as refusal:
            self._refused(source, str(refusal))
        except ServerError as trouble:
            self._trouble(source, str(trouble))
        else:
            self._read(source, fetched.text if fetched else "")

    def _read(self, source: _Source, text: str) -> None:
        """Read what somebody published, in the child process; a text is not kept."""
        contact = source.contact
        request = {
            "what": "free_busy",
            "text": text,
            "zone": contact.timezone or self._means.config.me.timezone.key,
            "addresses": [address.lower() for address in contact.emails],
            "window": span_to_json(self._window),
        }
        try:
            spans = self._means.reader.call(request)["spans"]
        except TooCostlyError as error:
            self._refused(source, str(error))
            return
        if spans is None:
            self._refused(source, "what is there is no calendar")
            return
        known = self._blank(source, _KNOWN_FOR)._replace(
            known_since=self._now,
            reaches_to=self._window.end,
            spans=tuple(map(span_from_json, spans)),
        )
        self._means.store.save_their_busy(known)

    def _refused(self, source: _Source, reason: str) -> None:
        refused = self._blank(source, _REFUSED_FOR)._replace(refusal=reason)
        self._means.store.save_their_busy(refused)

    def _trouble(self, source: _Source, reason: str) -> None:
        """Ask again soon; what was known before stays known meanwhile."""
        again = self._blank(source, _TROUBLE_FOR)._replace(refusal=reason)
        if last := self._last(source):
            again = again._replace(known_since=last.known_since, spans=last.spans)
        self._means.store.save_their_busy(again)

    def _last(self, source: _Source) -> TheirBusy | None:
        """What came of asking last, unless that was somebody or something else."""
        last = self._means.store.their_busy(source.contact.id, source.way)
        return last if last and last.asked == source.asked else None

    def _blank(self, source: _Source, wait: timedelta) -> TheirBusy:
        return TheirBusy(
            contact=source.contact.id,
            way=source.way,
            asked=source.asked,
            asked_at=self._now,
            ask_again_at=self._now + wait,
        )


def _my_address(preferred: str, home: Home) -> str:
    """The address by which the server knows the user: it answers nobody else (RFC 6638 5.1)."""
    if preferred.lower() in home.addresses:
        return preferred
    return next(iter(home.addresses), preferred)
