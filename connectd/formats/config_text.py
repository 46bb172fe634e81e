"""Changes the text of a configuration, and leaves everything else in it as it is."""

import re
import tomllib
from collections.abc import Mapping

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Table

from connectd.errors import ConfigError
from connectd.formats.new_config_text import KEY_COMMENTS, Section, category_text, toml_key

_HEADING = re.compile(
    r"""^(?P<before>\s*\[\s*categories\s*\.\s*)"""
    r"""(?P<key>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)(?P<after>\s*\])""",
    re.MULTILINE,
)


def changed_config_text(
    existing: str, sections: Mapping[str, Section], categories: Mapping[str, str]
) -> str:
    """The text with the values of these sections in it; comments and all else stay.

    ``account`` is the one of the same name, or a new one. ``categories`` holds every category
    by its name so far, in their order, or nothing where none is renamed. Raises ConfigError if
    ``existing`` is no TOML.
    """
    try:
        document = tomlkit.parse(existing)
    except ParseError as error:
        raise ConfigError([f"the configuration is not valid TOML: {error}"]) from error
    for name, values in sections.items():
        if not values:
            continue
        if name == "account":
            accounts = document.setdefault(name, tomlkit.aot())
            _fill(_account(accounts, values["name"]), name, values)
        else:
            _fill(document.setdefault(name, tomlkit.table()), name, values)
    return _renamed(tomlkit.dumps(document), categories)


def _fill(table: Table, section: str, values: Section) -> None:
    for key, value in values.items():
        if key in table:
            if table[key] != value:
                table[key] = value
            continue
        item = tomlkit.item(value)
        if comment := KEY_COMMENTS[section].get(key):
            item.comment(comment)
        table.append(key, item)


def _account(accounts: AoT, name: object) -> Table:
    for table in accounts:
        if isinstance(table, Table) and table.get("name", name) == name:
            return table
    table = tomlkit.table()
    accounts.append(table)
    return table


def _renamed(text: str, categories: Mapping[str, str]) -> str:
    """The text with these names in the headings of its categories; missing ones come last.

    Only headings are touched, so that every table stays where it is. Raises ConfigError where
    the categories are written in another way.
    """
    if not categories:
        return text
    found: set[str] = set()

    def other(heading: re.Match[str]) -> str:
        (name,) = tomllib.loads(f"{heading['key']} = 0")
        found.add(name)
        return f"{heading['before']}{toml_key(categories.get(name, name))}{heading['after']}"

    renamed = _HEADING.sub(other, text)
    missing = [wanted for name, wanted in categories.items() if name not in found]
    renamed = "\n".join([renamed, *(f"{category_text(wanted)}\n" for wanted in missing)])
    written = tomllib.loads(renamed).get("categories", {})
    if written.keys() != set(categories.values()):
        names = ", ".join(f"[categories.{toml_key(name)}]" for name in categories.values())
        raise ConfigError([f"categories: please write them as {names}, and try again"])
    return renamed
