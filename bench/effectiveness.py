"""How well connectd does what it is for, in simulated half-years of busy people.

Seeded worlds (``simulation/world.py`` says what is in them) are lived by a user with connectd,
whose real ``decide`` does the planning, and in the same worlds, with the same answers, by a
user with a reminder tool and by one with a fixed cadence; a clairvoyant gives a bound. Prints
the share of months in which the goal was reached, the share of worlds with all of them, the
different people met a month, and the drafts (or reminders) shown and the invitations sent per
meeting held, each with its 95 % interval. Run: python bench/effectiveness.py --small
"""
# ruff: noqa: INP001  scripts, no package

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypedDict

from simulation.figures import Figure, average, ratio, share
from simulation.trial import CLAIRVOYANT, POLICIES, Result, trial
from simulation.world import Setting

WORLDS, FEW_WORLDS = 300, 24
PROCESSES = 2
MEASURES = (
    "months_reached",
    "worlds_all_reached",
    "people_a_month",
    "drafts_per_meeting_held",
    "invitations_per_meeting_held",
)
_WIDTH = 24

Policies = dict[str, dict[str, Figure]]


class Report(TypedDict):
    """The document that ``--json`` writes."""

    policies: Policies
    worlds: int
    seed: int


def lived(
    worlds: int, seed: int, setting: Setting, processes: int = PROCESSES
) -> list[dict[str, Result]]:
    """What everybody reached, world by world; the same for any number of processes."""
    one = partial(trial, seed, setting=setting)
    if processes == 1:
        return [one(number) for number in range(worlds)]
    with get_context("spawn").Pool(processes) as pool:
        return pool.map(one, range(worlds), chunksize=1)


def report(results: Sequence[dict[str, Result]], seed: int) -> Report:
    """The figures of every policy."""
    policies = {name: _figures([result[name] for result in results]) for name in POLICIES}
    return {"policies": policies, "worlds": len(results), "seed": seed}


def _figures(results: Sequence[Result]) -> dict[str, Figure]:
    held = [result.held for result in results]
    figures = (
        share([result.reached / len(result.people) for result in results]),
        share([float(result.reached == len(result.people)) for result in results]),
        average([sum(result.people) / len(result.people) for result in results]),
        ratio([result.drafts for result in results], held),
        ratio([result.invitations for result in results], held),
    )
    return dict(zip(MEASURES, figures, strict=True))


def table(policies: Policies) -> str:
    """The figures, one line for each measure."""
    head = "".join(f"{name:>{_WIDTH}}" for name in policies)
    lines = [f"{'':30}{head}"]
    for measure in MEASURES:
        cells = "".join(f"{_shown(figures[measure]):>{_WIDTH}}" for figures in policies.values())
        lines.append(f"{measure.replace('_', ' '):30}{cells}")
    return "\n".join(lines)


def _shown(figure: Figure) -> str:
    return f"{figure['mean']:.3f} ({figure['low']:.3f} - {figure['high']:.3f})"


def causes(results: Sequence[dict[str, Result]]) -> str:
    """What happened how often, in the mean of the worlds."""
    names = [name for name in POLICIES if name != CLAIRVOYANT]
    sums = {name: Counter[str]() for name in names}
    for result in results:
        for name in names:
            sums[name].update(result[name].counts)
    lines = [f"{'a world, in the mean':52}" + "".join(f"{name:>10}" for name in names)]
    for what in sorted({what for counts in sums.values() for what in counts}):
        cells = "".join(f"{sums[name][what] / len(results):10.2f}" for name in names)
        lines.append(f"{what:52}{cells}")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--worlds", type=int, help=f"how many (default {WORLDS})")
    parser.add_argument("--small", action="store_true", help=f"{FEW_WORLDS} worlds only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--p", type=float, default=0.3, help="share of reminders followed")
    parser.add_argument("--every", type=int, metavar="DAYS", help="one interval for everybody")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--verbose", action="store_true", help="say what happened how often")
    return parser.parse_args()


def main() -> None:
    """Live the worlds and print what came of them."""
    asked = _arguments()
    worlds = asked.worlds or (FEW_WORLDS if asked.small else WORLDS)
    results = lived(worlds, asked.seed, Setting(p=asked.p, every=asked.every))
    found = report(results, asked.seed)
    sys.stdout.write(f"{worlds} worlds, seed {asked.seed}\n{table(found['policies'])}\n")
    if asked.verbose:
        sys.stdout.write(f"\n{causes(results)}\n")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
