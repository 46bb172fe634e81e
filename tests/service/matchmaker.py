"""Alice as she introduces two people, and what they are mailed."""

import email

from installation import Installation
from servers import SentMail, SmtpSink

from connectd.domain.introductions import Bringing, Introduction
from connectd.service import opting
from connectd.service.introducing import Told, ask, bring_together
from connectd.service.opting import Ended, Wanted

ADA, BOB = "ada@example.test", "bob@example.test"
WANTED = Wanted("You both restore old maps", Bringing.MAIL)


class Matchmaker:
    """Alice, who introduces ada and bob on her installation."""

    def __init__(self, alice: Installation) -> None:
        self.alice = alice
        self.ada = alice.add("Ada Lovelace", ADA)
        self.bob = alice.add("Bob Baker", BOB)

    @property
    def introduction(self) -> Introduction:
        found = self.alice.store.introduction(self.ada.id, self.bob.id)
        assert found
        return found

    def begin(self, wanted: Wanted = WANTED) -> Introduction:
        store, me = self.alice.store, self.alice.config.me
        return opting.begin(store, wanted, self.ada, self.bob, me, self.alice.now)

    def ask(self, who: str, *, by_hand: bool = False, of: Introduction | None = None) -> Told:
        asked = of or self.introduction
        return ask(asked, who, self.alice.means, self.alice.now, by_hand=by_hand)

    def agree(self, who: str) -> Introduction:
        return opting.agree(self.alice.store, self.introduction, who, self.alice.now)

    def decline(self, who: str) -> Ended:
        return opting.decline(self.alice.store, self.introduction, who, self.alice.now)

    def send(self, *, by_hand: bool = False) -> Told:
        return bring_together(self.introduction, self.alice.means, self.alice.now, by_hand=by_hand)

    def tick(self) -> None:
        assert not self.alice.tick(minutes=5).failures


def readers(sink: SmtpSink) -> list[tuple[str, ...]]:
    return [mail.recipients for mail in sink.messages]


def header(mail: SentMail, name: str) -> str:
    return str(email.message_from_string(mail.text)[name])
