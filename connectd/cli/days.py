"""The type of options that name a day."""

from datetime import date

import click


class _Day(click.ParamType[date]):
    """A day as in ISO 8601, with its year."""

    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day like 2026-12-24.", param, ctx)


DAY = _Day()
