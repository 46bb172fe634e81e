"""Thunderbird itself, on a screen that nobody looks at, at the hands of a test."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mail_sink import MailSink
from marionette import Marionette
from processes import running
from programs import environment
from screen import screen
from servers import User, wait_until
from thunderbird_profile import control_port, make_profile

SCRIPTS = Path(__file__).with_suffix(".js").read_text()
RADICALE_REALM = "Radicale - Password Required"
QUESTION_LIMIT_SECONDS = 30


class Thunderbird:
    """A running Thunderbird; ``sink`` is the only mail server that it knows.

    A gesture returns when Thunderbird has closed its dialogs, which may be before it has
    written to the server. A question that the gesture does not expect makes it fail.
    """

    def __init__(self, marionette: Marionette, sink: MailSink) -> None:
        self._marionette = marionette
        self.sink = sink
        self._run("ready")

    def login(self, user: User, *calendars: str) -> None:
        """Become this user of Radicale, who has subscribed to these calendars.

        They are given by their URLs, and each holds an event.
        """
        address = urlsplit(user.url)
        origin = f"{address.scheme}://{address.netloc}"
        credential = (user.name, user.password, user.email)
        self._run("login", origin, RADICALE_REALM, *credential, list(calendars))

    def accept(self, uid: str) -> None:
        """Press Accept in the invitation's window."""
        self._run("answer", uid, "accept")
        self._run("closed")

    def decline(self, uid: str) -> None:
        """Press Decline in the invitation's window."""
        self._run("answer", uid, "decline")
        self._run("closed")

    def confirm(self, uid: str) -> None:
        """Set the status of an event of one's own to Confirmed, and save."""
        self._run("confirm", uid)
        self._run("closed")

    def delete(self, uid: str, *, question: str | None = None) -> None:
        """Select the event and press Delete.

        If Thunderbird asks something then, known by some words of it, the answer is yes.
        """
        self._run("remove", uid)
        if question:
            self._say_yes(question)
        self._run("closed")

    def look_again(self, uid: str, words: str) -> None:
        """Synchronize, and wait until the event as Thunderbird has it contains these words."""
        self._run("refresh", uid, words)

    def _say_yes(self, words: str) -> None:
        wait_until(
            lambda: self._marionette.question() is not None,
            f"Thunderbird to ask: {words}",
            QUESTION_LIMIT_SECONDS,
        )
        question = self._marionette.question()
        assert words in (question or ""), f"Thunderbird asks instead: {question}"
        self._marionette.press_first_button()

    def _run(self, function: str, *arguments: object) -> None:
        self._marionette.run(f"{SCRIPTS}\nreturn {function}(...arguments);", *arguments)


@contextmanager
def started_thunderbird(folder: Path) -> Iterator[Thunderbird]:
    """Start Thunderbird with a new profile, a screen and a mail sink, which all end with it."""
    with ExitStack() as stack:
        sink = stack.enter_context(MailSink())
        display = stack.enter_context(screen(folder))
        profile = folder / "profile"
        make_profile(profile, sink.port)
        log = folder / "thunderbird.log"
        options = ["--no-remote", "--profile", str(profile)]
        control = ["--marionette", "--remote-allow-system-access"]
        process = stack.enter_context(
            running(
                ["thunderbird", *options, *control],
                log,
                environment(folder, DISPLAY=display, MOZ_CRASHREPORTER_DISABLE="1"),
            )
        )

        def controllable() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"Thunderbird ended; see {log}")
            return control_port(profile) is not None

        wait_until(controllable, f"Thunderbird to start; see {log}")
        marionette = stack.enter_context(closing(Marionette(control_port(profile) or 0)))
        yield Thunderbird(marionette, sink)
