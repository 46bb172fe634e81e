"""One call of the command: where its configuration is, what time it is, and its edges."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from connectd.config import Config, config_path, load
from connectd.edges.store import Store

if TYPE_CHECKING:
    from connectd.config_as_if import Wish
    from connectd.service.means import Means


class Invocation(NamedTuple):
    """What the global options say; everything else is built from it when it is needed."""

    config_option: str | None
    fixed_now: datetime | None
    environment: Mapping[str, str]
    verbose: bool = False

    def now(self) -> datetime:
        """The time of this call, in UTC and whole seconds."""
        return self.fixed_now or datetime.now(UTC).replace(microsecond=0)

    def config(self, as_if: Sequence["Wish"] = ()) -> Config:
        """The configuration, with ``as_if`` put over it; raises ConfigError, WrongInputError."""
        path = config_path(self.config_option, self.environment)
        return load(path, self.environment, as_if)

    @contextmanager
    def store(self, as_if: Sequence["Wish"] = ()) -> Iterator[tuple[Config, Store]]:
        """The configuration and the open database."""
        config = self.config(as_if)
        with Store.open(config.state) as store:
            store.begin(self.now())
            yield config, store

    @contextmanager
    def means(self) -> Iterator["Means"]:
        """The edges of a tick."""
        from connectd.cli.building import build_means  # noqa: PLC0415 - status must not import it

        with (
            self.store() as (config, store),
            closing(build_means(config, store, self.environment)) as means,
        ):
            yield means

    @contextmanager
    def rehearsal(self, as_if: Sequence["Wish"] = ()) -> Iterator["Means"]:
        """The same on a copy of the database in memory, where other settings can be tried out."""
        from connectd.cli.building import build_means  # noqa: PLC0415 - as above
        from connectd.service.pausing import pauses_kept  # noqa: PLC0415 - as above

        with (
            self.store(as_if) as (config, store),
            closing(build_means(config, store.rehearsal(), self.environment)) as means,
            pauses_kept(means, store),
        ):
            yield means

    def say(self, text: str) -> None:
        """Tell the user something that is not the result; only where more was asked for."""
        if self.verbose:
            click.echo(text, err=True)


def at_a_terminal() -> bool:
    """Whether somebody sits there who can be asked: standard input and output are a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def print_json(document: object) -> None:
    """Print one JSON document, the only thing on standard output."""
    import json  # noqa: PLC0415 - needed with --json alone

    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(document, ensure_ascii=plain, indent=2)
    click.echo("\n".join(map(_printable, text.split("\n"))))


def _printable(line: str) -> str:
    return line if line.isprintable() else "".join(map(_escaped, line))


def _escaped(character: str) -> str:
    """What could steer a terminal, or is no text (RFC 8259 section 7 allows to escape all)."""
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
