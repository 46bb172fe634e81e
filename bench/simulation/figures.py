"""Means over worlds, each with its 95 % interval.

The months of one world are not independent of each other, so every interval rests on the
spread between worlds. A ratio is one of sums, with its linearized error.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import TypedDict

_Z = 1.959964


class Figure(TypedDict):
    """A mean, and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


def share(values: Sequence[float]) -> Figure:
    """A mean of shares between 0 and 1, with the interval of Wilson, which stays between them.

    The number of independent observations is what the spread between the worlds amounts to;
    where they do not differ at all, it is the number of worlds.
    """
    mean, error = fmean(values), _error(values)
    n = mean * (1 - mean) / error**2 if error else len(values)
    middle = (mean + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(mean * (1 - mean) / n + _Z**2 / (4 * n**2))
    return _figure(mean, min(mean, middle - half), max(mean, middle + half))


def average(values: Sequence[float]) -> Figure:
    """A mean of numbers, with the normal interval."""
    mean, error = fmean(values), _error(values)
    return _figure(mean, mean - _Z * error, mean + _Z * error)


def ratio(above: Sequence[float], below: Sequence[float]) -> Figure:
    """The ratio of two sums over the same worlds; 0 where there is nothing to divide by."""
    if not sum(below):
        return _figure(0, 0, 0)
    quotient = sum(above) / sum(below)
    rests = [a - quotient * b for a, b in zip(above, below, strict=True)]
    error = _error(rests) / fmean(below)
    return _figure(quotient, quotient - _Z * error, quotient + _Z * error)


def _error(values: Sequence[float]) -> float:
    return stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0


def _figure(mean: float, low: float, high: float) -> Figure:
    return {"mean": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
