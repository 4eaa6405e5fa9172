"""`python -m shop.services exec -- COMMAND`: how the tests get their servers."""

import json
import os
import signal
import subprocess
import sys

import pytest

from shop.services import urls
from shop.services.paths import CHECKOUT
from tests.shop.services.running import eventually, processes_of

SHOW_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"


def execute(state, *command, options=(), **changes):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "shop.services", "exec", "--state", str(state.root), *options, "--", *command],
        cwd=CHECKOUT,
        env={**environment, **changes},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("code", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_status_of_the_command_is_passed_on(state, code, status):
    process = execute(state, "sh", "-c", code)
    process.communicate(timeout=30)
    assert process.returncode == status
    assert processes_of(state) == []


def test_the_command_finds_both_servers_in_its_environment(state):
    script = (
        "import os, psycopg, redis\n"
        "print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1').fetchone()[0])\n"
        "print(redis.Redis.from_url(os.environ['REDIS_URL']).ping())\n"
        "print(os.environ['LOOKALIKE_STATE'])\n"
    )
    out, _ = execute(state, sys.executable, "-c", script).communicate(timeout=30)
    assert out.split("\n") == ["1", "True", str(state.root), ""]


def test_given_addresses_are_used_and_nothing_is_started(empty_state):
    given = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    out, _ = execute(empty_state, sys.executable, "-c", SHOW_ENVIRONMENT, **given).communicate(timeout=30)
    seen = json.loads(out)
    assert {name: seen[name] for name in given} == given
    assert list(empty_state.root.iterdir()) == []


def test_one_given_address_is_kept_and_the_other_server_is_started(empty_state):
    process = execute(
        empty_state, sys.executable, "-c", SHOW_ENVIRONMENT, DATABASE_URL="postgresql://elsewhere/db"
    )
    seen = json.loads(process.communicate(timeout=30)[0])
    assert seen["DATABASE_URL"] == "postgresql://elsewhere/db"
    assert seen["REDIS_URL"].startswith("unix://")
    assert not (empty_state.root / "pg18").exists()


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_command_which_has_the_last_word(state, stop_signal):
    waiting = "trap 'echo stopping; exit 5' INT TERM; echo started; while :; do sleep 0.1; done"
    process = execute(state, "sh", "-c", waiting)
    assert process.stdout.readline() == "started\n"
    process.send_signal(stop_signal)
    out, _ = process.communicate(timeout=30)
    assert out == "stopping\n"
    assert process.returncode == 5
    assert processes_of(state) == []


def test_a_killed_supervisor_takes_the_command_with_it(state):
    process = execute(
        state, sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    )
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    if sys.platform == "linux":
        eventually(lambda: not os.path.exists(f"/proc/{pid}"), within=5)  # noqa: PTH110
        eventually(lambda: not processes_of(state), within=5)


def test_join_uses_the_servers_that_run_already(running):
    state = running.state
    out, _ = execute(state, sys.executable, "-c", SHOW_ENVIRONMENT, options=["--join"]).communicate(
        timeout=30
    )
    assert json.loads(out)["DATABASE_URL"] == urls(state.root).database
    refused = execute(state, "true")
    assert "Already running here" in refused.communicate(timeout=30)[1]
    assert refused.returncode == 1


def test_an_unknown_command_is_a_sentence(state):
    process = execute(state, "no-such-command")
    assert process.communicate(timeout=30)[1] == "Command not found: no-such-command\n"
    assert process.returncode == 127
