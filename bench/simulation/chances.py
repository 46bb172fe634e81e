"""Draws that depend on what they are for, not on when they are made: common random numbers.

What is drawn under one key is the same for every way of planning that is compared, whatever
each of them asked before. So all of them live in the same world.
"""

from dataclasses import dataclass
from hashlib import blake2b
from math import exp
from statistics import NormalDist

_BYTES = 8
_ALL = float(1 << 8 * _BYTES)
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Chances:
    """The draws of one world, told from those of others by its ``name``."""

    name: str

    def share(self, *key: object) -> float:
        """A number evenly drawn from the open interval (0, 1)."""
        text = "/".join(map(str, (self.name, *key)))
        drawn = int.from_bytes(blake2b(text.encode(), digest_size=_BYTES).digest())
        return (drawn + 0.5) / _ALL

    def happens(self, probability: float, *key: object) -> bool:
        """Whether something of this probability comes true."""
        return self.share(*key) < probability

    def about(self, median: float, spread: float, *key: object) -> float:
        """A log-normal number; ``spread`` is the standard deviation of its logarithm."""
        return median * exp(spread * _NORMAL.inv_cdf(self.share(*key)))
