"""The child process: its limits hold, it comes back, and nothing leaks into or out of it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectd.edges.confined import ANSWER_LIMIT, REQUEST_LIMIT, Confined
from connectd.errors import TooCostlyError

TASKS = "confined_tasks:do"


@pytest.fixture
def confined() -> Iterator[Confined]:
    with Confined(TASKS, cpu_seconds=0.3, memory_mb=64) as child:
        yield child


def process_of(confined: Confined) -> int:
    number = confined.call({"task": "echo", "say": ""})["process"]
    assert isinstance(number, int)
    return number


def is_alive(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until_gone(process: int) -> None:
    for _ in range(200):
        if not is_alive(process):
            return
        time.sleep(0.05)
    pytest.fail(f"process {process} is still there")


def test_answers_in_another_process_that_stays(confined: Confined) -> None:
    text = 'Grüße \ud800 \x00 "'
    assert confined.call({"task": "echo", "say": text})["said"] == text
    assert process_of(confined) == process_of(confined) != os.getpid()


def test_one_that_was_asked_nothing_for_a_while_rests_and_comes_back(confined: Confined) -> None:
    first = process_of(confined)
    confined.rest()
    assert process_of(confined) == first
    confined.rest()
    confined.rest()
    assert not is_alive(first)
    assert process_of(confined) != first


def test_nothing_is_started_before_it_is_needed() -> None:
    Confined("no_such_module:at_all").close()


def test_computing_too_long_is_ended_even_inside_c(confined: Confined) -> None:
    first = process_of(confined)
    with pytest.raises(TooCostlyError, match=r"more than 0\.3 s of computing time"):
        confined.call({"task": "spin"})
    wait_until_gone(first)
    assert process_of(confined) != first


def test_the_time_is_counted_for_each_request_alone(confined: Confined) -> None:
    numbers = {confined.call({"task": "work", "seconds": 0.15})["process"] for _ in range(5)}
    assert len(numbers) == 1


def test_taking_too_much_memory_is_ended(confined: Confined) -> None:
    assert confined.call({"task": "hog", "megabytes": 32})["size"] == 32 * 1024 * 1024
    with pytest.raises(TooCostlyError, match="more than 64 MB of memory"):
        confined.call({"task": "hog", "megabytes": 80})
    assert process_of(confined)


def test_doing_nothing_for_too_long_is_ended() -> None:
    with Confined(TASKS, wall_seconds=5) as confined:
        first = process_of(confined)
        started = time.monotonic()
        with pytest.raises(TooCostlyError, match="longer than 5 s"):
            confined.call({"task": "sleep"})
        assert time.monotonic() - started < 20
        wait_until_gone(first)
        assert process_of(confined) != first


def test_between_requests_no_time_is_counted() -> None:
    with Confined(TASKS, wall_seconds=4) as confined:
        first = process_of(confined)
        time.sleep(5.5)
        assert process_of(confined) == first


def test_an_answer_that_is_too_large_is_not_taken() -> None:
    with Confined(TASKS) as confined:
        large = confined.call({"task": "blather", "size": ANSWER_LIMIT - 1000})
        assert len(large["text"]) == ANSWER_LIMIT - 1000
        with pytest.raises(TooCostlyError, match="too much"):
            confined.call({"task": "blather", "size": ANSWER_LIMIT + 1})
        assert process_of(confined)


def test_a_request_that_is_too_large_is_not_sent(confined: Confined) -> None:
    with pytest.raises(TooCostlyError, match="too large"):
        confined.call({"task": "echo", "say": "x" * REQUEST_LIMIT})


def test_a_large_request_passes() -> None:
    with Confined(TASKS) as confined:
        assert len(confined.call({"task": "echo", "say": "x" * 8_000_000})["said"]) == 8_000_000


def test_what_is_printed_by_mistake_reaches_nobody(
    confined: Confined, capfd: pytest.CaptureFixture[str]
) -> None:
    assert confined.call({"task": "chatter"}) == {"input": ""}
    assert process_of(confined)
    assert capfd.readouterr() == ("", "")


def test_a_fault_keeps_its_traceback_and_the_process(confined: Confined) -> None:
    first = process_of(confined)
    with pytest.raises(RuntimeError, match="LookupError: nothing there"):
        confined.call({"task": "fail"})
    assert process_of(confined) == first


def test_a_target_that_is_not_there_is_a_fault() -> None:
    with (
        Confined("no_such_module:at_all") as confined,
        pytest.raises(RuntimeError, match="no_such"),
    ):
        confined.call({})


def test_a_process_that_vanished_while_idle_is_replaced(confined: Confined) -> None:
    first = process_of(confined)
    os.kill(first, signal.SIGKILL)
    wait_until_gone(first)
    assert process_of(confined) != first


def test_a_request_is_not_blamed_for_an_end_from_outside(
    confined: Confined, tmp_path: Path
) -> None:
    sign = tmp_path / "sign"
    sign.touch()
    assert confined.call({"task": "die_once", "sign": str(sign)})["process"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_request_that_always_ends_its_process_is_given_up(
    confined: Confined, number: int
) -> None:
    with pytest.raises(TooCostlyError, match="ended the process"):
        confined.call({"task": "die", "signal": number})
    assert process_of(confined)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_signals_are_for_the_parent_alone(confined: Confined, number: int) -> None:
    first = process_of(confined)
    os.kill(first, number)
    assert process_of(confined) == first


def test_sees_no_secret_and_no_open_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    inheritable = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(inheritable, True)  # noqa: FBT003 takes no keyword
    try:
        with Confined(TASKS) as confined:
            seen = confined.call({"task": "look"})
    finally:
        os.close(inheritable)
    assert not {"SECRET_TOKEN", "HOME", "PATH", "USER"} & set(seen["environment"])
    assert all(name.startswith(("/dev/null", "pipe:", "/proc/")) for name in seen["files"])
    assert sum(name.startswith("pipe:") for name in seen["files"]) == 2
    assert seen["cores"] == [0, 0]
    assert seen["session"]
    assert seen["directory"] == "/"


def test_closing_ends_the_process_and_a_later_call_starts_another(confined: Confined) -> None:
    first = process_of(confined)
    confined.close()
    wait_until_gone(first)
    assert process_of(confined) != first


PARENT = """
import os, signal, sys
from connectd.edges.confined import Confined
confined = Confined("confined_tasks:do", wall_seconds=5)
print(confined.call({"task": "echo", "say": ""})["process"], flush=True)
if sys.argv[1] == "busy":
    confined.call({"task": "sleep"})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_the_process_ends_when_the_parent_was_killed(state: str) -> None:
    path = {"PYTHONPATH": str(Path(__file__).parent)}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | path,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until_gone(child)


def test_an_interrupted_call_does_not_mix_up_answers(confined: Confined) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        first = process_of(confined)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            confined.call({"task": "sleep"})
    finally:
        signal.signal(signal.SIGALRM, before)
    assert confined.call({"task": "echo", "say": "mine"})["said"] == "mine"
    assert process_of(confined) != first
