"""How a chance is told."""


def percent(chance: float) -> str:
    """Whole percents; what is possible is not 0, and what is not certain is not 100."""
    if 0 < chance < 1:
        return f"{min(99, max(1, round(chance * 100)))} %"
    return f"{chance * 100:.0f} %"
