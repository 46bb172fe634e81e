"""How the people are told: each category with everybody in it, marked by how the relation is."""

from collections import Counter
from collections.abc import Mapping, Sequence

import click

from connectd.cli.page import columns, row, shortened
from connectd.domain.cadence import Light
from connectd.formats.first_names import first_name
from connectd.formats.plain_text import clean
from connectd.service.status import Relation, Status

_LEGEND = ("+in time", "~overdue, by so many days", "!long overdue", "?not met yet", "*rests")
_SIGNS = {Light.RED: "!", Light.AMBER: "~", Light.GREEN: "+"}
_NOT_MET = "?"
_URGENCY = "!~?+"
_COLOURS = {"!": "red", "~": "yellow", "?": "yellow", "+": "green"}
_LONGEST_NAME, _LONGEST_CATEGORY = 16, 14


def short_names(status: Status) -> dict[str, str]:
    """First names by id; where two are called alike, their ids."""
    first = {
        relation.contact.id: clean(first_name(clean(relation.contact.name)))
        for relation in status.relations
    }
    alike = Counter(name.casefold() for name in first.values())
    return {
        contact: shortened(name if name and alike[name.casefold()] == 1 else contact, _LONGEST_NAME)
        for contact, name in first.items()
    }


def full_names(status: Status) -> dict[str, str]:
    """Whole names by id."""
    return {r.contact.id: clean(r.contact.name) or r.contact.id for r in status.relations}


def legend(width: int) -> tuple[str, ...]:
    """What the signs mean."""
    return row("People: ", _LEGEND, width, gap="  ")


def people_lines(
    status: Status, names: Mapping[str, str], width: int, most: int | None = None
) -> list[str]:
    """A row for each category, with whom it is most urgent to meet first.

    All rows together have ``most`` lines, but each has one at least; None for all they take.
    """
    relations = {relation.contact.id: relation for relation in status.relations}
    labels = {name: shortened(clean(name), _LONGEST_CATEGORY) for name in status.categories}
    indent = max(map(columns, labels.values()), default=0) + 2
    rows = [
        (
            labels[category] + " " * (indent - columns(labels[category])),
            _marked([relations[one] for one in people], names),
        )
        for category, people in status.categories.items()
    ]
    laid = [row(label, marked, width, gap="  ") for label, marked in rows]
    while most is not None and sum(map(len, laid)) > max(most, len(rows)):
        at = max(range(len(rows)), key=lambda number: len(laid[number]))
        shorter = row(*rows[at], width, len(laid[at]) - 1, gap="  ")
        if len(shorter) >= len(laid[at]):
            break
        laid[at] = shorter
    return [line for lines in laid for line in lines]


def coloured_people(line: str) -> str:
    """A row of ``people_lines`` with each person in the colour of the sign in front."""
    return "  ".join(
        click.style(part, fg=_COLOURS[sign]) if (sign := part.lstrip()[:1]) in _COLOURS else part
        for part in line.split("  ")
    )


def _marked(people: Sequence[Relation], names: Mapping[str, str]) -> list[str]:
    if not people:
        return ["nobody yet"]
    most_urgent_first = sorted(
        people, key=lambda one: (_URGENCY.index(_sign(one)), -(one.overdue_days or 0))
    )
    return [
        f"{_sign(one)}{names[one.contact.id]}"
        + f" {one.overdue_days}" * bool(one.overdue_days)
        + "*" * bool(one.rest)
        for one in most_urgent_first
    ]


def _sign(relation: Relation) -> str:
    return _NOT_MET if relation.last_met is None else _SIGNS[relation.light]
