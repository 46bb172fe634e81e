"""Reads the questions for agendas: those shipped with connectd, and the user's own."""

from importlib.resources import files
from pathlib import Path

from connectd.domain.questions import Catalogue
from connectd.errors import ConfigError
from connectd.formats.questions import parse_questions

FILE = "questions.toml"


def read_catalogue(config: Path) -> Catalogue:
    """The questions of each step; the user's file stands beside the configuration ``config``.

    Raises ConfigError with everything that is wrong with that file. There need be none.
    """
    shipped, _ = parse_questions(files("connectd").joinpath("data", FILE).read_text("utf-8"))
    path = config.absolute().parent / FILE
    text = _text(path)
    if text is None:
        return shipped
    catalogue, problems = parse_questions(text, shipped)
    if problems:
        raise ConfigError(problems, str(path))
    return catalogue


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise ConfigError(["is not UTF-8 text; save it as UTF-8"], str(path)) from error
    except OSError as error:
        raise ConfigError([f"cannot be read: {error.strerror}"], str(path)) from error
