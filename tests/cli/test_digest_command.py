"""`connectd digest` shows the digest of now, and does nothing else."""

import busy_life
from busy_life import NOW
from shell import Shell
from test_light_commands import HEAVY, imported


def test_it_tells_what_a_digest_would_say_now(shell: Shell) -> None:
    busy_life.live(shell)
    said = shell.ok("digest", now=NOW).out
    document = shell.json("digest", now=NOW)
    assert set(document) == {"subject", "text"}
    assert said == f"{document['subject']}\n\n{document['text']}"
    assert document["subject"] == "Your week: 2 meetings held, 5 of 3 people met in 2026-11"
    for told in (
        "Hello Alice,\n",
        "- Sam Ng, Fri 13 Nov\n",
        "- Tue 24 Nov, 10:00: coffee with Ben Ng\n",
        "- the paper on resilience, to Carol Ng, by Fri 13 Nov, 5 days late\n",
        "You could introduce Ada Ng and Ben Ng to each other: both restore boats\n",
        "Most overdue is a meeting with Olga Ng, by 70 days.\n",
    ):
        assert told in said


def test_it_changes_nothing(shell: Shell) -> None:
    busy_life.live(shell)
    before = shell.json("status", now=NOW)
    shell.ok("digest", now=NOW)
    assert shell.json("status", now=NOW) == before


def test_it_asks_no_server(offline: Shell) -> None:
    assert imported(offline, "digest") & HEAVY == set()
