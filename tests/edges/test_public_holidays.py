"""Public holidays where the user lives, as the package knows them."""

from datetime import date

import pytest

from connectd.edges.public_holidays import PublicHolidays
from connectd.errors import ConfigError


def test_a_country_has_its_holidays_in_the_order_of_the_days() -> None:
    found = PublicHolidays("DE", None).between(date(2026, 12, 24), date(2027, 1, 1))
    assert list(found) == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]
    assert found[date(2027, 1, 1)] == "Neujahr"


def test_a_part_of_a_country_has_more() -> None:
    epiphany = date(2027, 1, 6)
    assert epiphany in PublicHolidays("DE", "BY").between(epiphany, epiphany)
    assert PublicHolidays("DE", "BE").between(epiphany, epiphany) == {}


def test_without_a_country_there_are_none() -> None:
    assert PublicHolidays(None, None).between(date(2026, 1, 1), date(2026, 12, 31)) == {}


def test_an_unknown_country_or_part_is_said_with_its_key() -> None:
    with pytest.raises(ConfigError, match=r'me\.country: the public holidays of "XX"'):
        PublicHolidays("XX", None)
    with pytest.raises(ConfigError, match=r'me\.subdivision: DE has none called "ZZ".*BB, BE'):
        PublicHolidays("DE", "ZZ")
