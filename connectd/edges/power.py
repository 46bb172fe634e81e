"""Whether this machine lives on its battery (Linux: the class ``power_supply`` of sysfs)."""

from pathlib import Path

_SUPPLIES = Path("/sys/class/power_supply")


def on_battery(supplies: Path = _SUPPLIES) -> bool:
    """Whether a battery of the machine itself, not of a mouse, is being used up.

    What cannot be known counts as no.
    """
    try:
        return any(_is_used_up(supply) for supply in supplies.iterdir())
    except OSError:
        return False


def _is_used_up(supply: Path) -> bool:
    return (
        _said(supply / "type") == "Battery"
        and _said(supply / "status") == "Discharging"
        and _said(supply / "scope") != "Device"
    )


def _said(attribute: Path) -> str:
    try:
        return attribute.read_text(errors="replace").strip()
    except OSError:
        return ""
