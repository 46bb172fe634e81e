"""Puts the manual page into the wheel, made of the commands that the wheel holds."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPage(BuildHookInterface):  # type: ignore[type-arg]
    """Needs what connectd needs at run time, since the page comes from the running program."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the page and say where it goes; a checkout that is worked on needs none."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        import click  # noqa: PLC0415 - only needed for a page

        from connectd.cli.main import cli  # noqa: PLC0415 - found only now, in this very tree
        from connectd.cli.manual import manual  # noqa: PLC0415 - as above

        page = Path(self.directory) / "connectd.1"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(manual(click.Context(cli, info_name="connectd")), "utf-8")
        build_data["shared_data"][str(page)] = "share/man/man1/connectd.1"
