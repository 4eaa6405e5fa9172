"""Order of start and stop, restarts, and children of children: with small programs instead of servers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shop.services.paths import CHECKOUT
from tests.shop.services.running import eventually, processes_of

# Starts "first" and "second", each of which writes down its start and its end, waits for a signal, and gives
# signs of life meanwhile.
TWO_SERVICES = """
import os, sys, time
from pathlib import Path
from shop.services import supervisor as module
from shop.services.paths import State
from shop.services.process import Service
from shop.services.supervisor import Stopped, Supervisor

module._LOOK_EVERY_SECONDS = 0.5
journal, directory = sys.argv[2], Path(sys.argv[1])
def hangs(name):
    sign = Path(f"{journal} {name}")
    return sign.exists() and time.time() - sign.stat().st_mtime > 2
def service(name, code):
    ready = lambda: Path(journal).exists() and f"{name} up" in Path(journal).read_text()
    command, silent = [sys.executable, "-c", code, name, journal], lambda: hangs(name)
    return Service(
        name, command, dict(os.environ), directory, ready=ready, hangs=silent, grace_seconds=0.5
    )
try:
    with Supervisor(State.at(directory)) as supervisor:
        for name in ("first", "second"):
            supervisor.start(service(name, sys.argv[3]))
        print("ready", flush=True)
        supervisor.wait_until(lambda: False)
except Stopped:
    print("stopped", flush=True)
except Exception as error:
    print(error, flush=True)
"""
POLITE = """
import signal, sys, time
def write(text): open(sys.argv[2], "a").write(f"{sys.argv[1]} {text}\\n")
def end(*_): time.sleep(0.2); write("down"); sys.exit()
signal.signal(signal.SIGTERM, end)
write("up")
while True: open(f"{sys.argv[2]} {sys.argv[1]}", "w").close(); time.sleep(0.1)
"""
STUBBORN = POLITE.replace(
    "signal.signal(signal.SIGTERM, end)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
)
# A main process whose child holds a port, as a web server and its worker do.
PARENT = """
import socket, subprocess, sys, time
child = ("import socket, time; s = socket.create_server(('127.0.0.1', 0));"
         "print(s.getsockname()[1], flush=True); time.sleep(600)")
worker = subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE, text=True)
port = worker.stdout.readline().strip()
open(sys.argv[2], "a").write(f"{sys.argv[1]} up {worker.pid} {port}\\n")
worker.wait()
"""


@pytest.fixture
def state(empty_state):
    return empty_state


def run(state, code):
    journal = Path(state.root) / "journal"
    process = subprocess.Popen(
        [sys.executable, "-c", TWO_SERVICES, str(state.root), str(journal), code],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, journal


def test_they_start_in_order_and_stop_in_reverse_order(state):
    process, journal = run(state, POLITE)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10)[0] == "stopped\n"
    assert journal.read_text().splitlines() == ["first up", "second up", "second down", "first down"]


def test_whoever_ignores_the_request_is_ended_after_its_grace(state):
    process, journal = run(state, STUBBORN)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=10)[0] == "stopped\n"
    assert "down" not in journal.read_text()
    assert processes_of(state) == []


def test_a_program_that_never_gets_ready_is_given_up_with_its_last_words(state):
    process, _ = run(state, "raise SystemExit('the reason')")
    out, _ = process.communicate(timeout=30)
    assert "first ended 5 times with status 1. the reason" in out


def test_a_program_that_hangs_is_killed_and_started_again(state):
    process, journal = run(state, POLITE)
    assert process.stdout.readline() == "ready\n"
    hanging = next(p for p in processes_of(state) if "first" in p.cmdline())
    hanging.suspend()
    assert process.stdout.readline() == "first hangs and is ended.\n"
    eventually(lambda: journal.read_text().count("first up") == 2, within=10)
    assert not hanging.is_running()
    assert journal.read_text().count("second up") == 1
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)


def test_the_child_of_a_killed_program_does_not_keep_its_port(state):
    process, journal = run(state, PARENT)
    assert process.stdout.readline() == "ready\n"
    _, _, worker, _ = journal.read_text().splitlines()[0].split()
    main = next(p.ppid() for p in processes_of(state) if p.pid == int(worker))
    os.kill(main, signal.SIGKILL)
    eventually(lambda: int(worker) not in [p.pid for p in processes_of(state)], within=5)
    eventually(lambda: journal.read_text().count("first up") == 2, within=10)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert processes_of(state) == []


def test_a_child_of_a_child_left_by_a_killed_supervisor_is_stopped_by_the_next(state):
    process, _ = run(state, PARENT)
    assert process.stdout.readline() == "ready\n"
    workers = [p for p in processes_of(state) if p.ppid() != process.pid]
    process.kill()
    process.wait()
    for parent in processes_of(state):
        if parent not in workers:
            parent.kill()
    assert all(worker.is_running() for worker in workers)
    again, _ = run(state, POLITE)
    assert again.stdout.readline() == "Stopped 2 process(es) left over from an earlier start.\n"
    assert not any(worker.is_running() for worker in workers)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=10)
