"""The public holidays of a country or a part of it, from the ``holidays`` package."""

from datetime import date

from connectd.errors import ConfigError


class PublicHolidays:
    """The holidays where the user lives; none where no country is given.

    ``country`` is a code of ISO 3166-1, ``subdivision`` one of ISO 3166-2 without the country.
    Raises ConfigError for one that is not known.
    """

    def __init__(self, country: str | None, subdivision: str | None) -> None:
        self._country = country
        self._subdivision = subdivision
        self._language = _language(country, subdivision) if country else None

    def between(self, first: date, last: date) -> dict[date, str]:
        """Those from ``first`` to ``last``, both included, with their local names."""
        if not self._country:
            return {}
        import holidays  # noqa: PLC0415 - only for those who want it: it takes a while

        named = holidays.country_holidays(
            self._country,
            subdiv=self._subdivision,
            years=range(first.year, last.year + 1),
            language=self._language,
        )
        return {day: name for day, name in sorted(named.items()) if first <= day <= last}


def _language(country: str, subdivision: str | None) -> str | None:
    """The language in which the country names its holidays, whatever the locale is."""
    import holidays  # noqa: PLC0415 - as above

    try:
        return holidays.country_holidays(country, subdiv=subdivision).default_language
    except NotImplementedError:
        known = holidays.list_supported_countries(include_aliases=True)
        raise ConfigError([_unknown(country, subdivision, known.get(country))]) from None


def _unknown(country: str, subdivision: str | None, parts: list[str] | None) -> str:
    if parts is None:
        return f'me.country: the public holidays of "{country}" are not known; leave it out'
    advice = f"choose one of {', '.join(parts)}" if parts else "leave it out"
    return f'me.subdivision: {country} has none called "{subdivision}"; {advice}'
