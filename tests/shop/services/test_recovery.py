"""What happens after `kill -9`, a power cut, and damage on disk."""

import os
import shutil
import subprocess
import sys

import pytest

from shop.services import urls
from tests.shop.services.running import eventually, processes_of

pytestmark = pytest.mark.slow


def test_a_killed_postgres_comes_back_with_every_committed_row(start):
    running = start()
    running.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    running.process("postgres").kill()
    eventually(lambda: not running.answers_sql(), within=2)
    assert eventually(running.answers_sql) < 10
    assert running.sql("SELECT answer FROM kept") == [(42,)]


def test_a_killed_valkey_comes_back_and_remembers_nothing(start):
    running = start()
    running.valkey.set("photo", "somebody's face")
    server = running.process("valkey-server")
    server.kill()
    server.wait(5)
    assert eventually(running.answers_ping) < 10
    assert running.valkey.keys() == []


def test_what_passes_through_valkey_is_never_on_disk(start, state):
    running = start()
    pixels = os.urandom(5_000_000)
    running.valkey.set("photo", pixels, ex=6)
    running.stop()
    files = [path for path in state.root.rglob("*") if path.is_file() and "pg18" not in path.parts]
    assert files
    assert not [path for path in files if pixels[1000:1040] in path.read_bytes()]


def test_a_killed_supervisor_leaves_no_server_behind(start, state):
    running = start()
    running.kill()
    assert eventually(lambda: not processes_of(state), within=5) < 5
    assert start().answers_sql()


def test_everything_killed_at_once_starts_again(start, state):
    running = start()
    running.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    running.kill_everything()
    again = start()
    assert again.sql("SELECT answer FROM kept") == [(42,)]
    assert again.answers_ping()


def test_a_pid_file_that_names_somebody_else_does_not_stop_the_start(start, state):
    """After a power cut the pid in the file may belong to any program, which must not be harmed either."""
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        write_pid_file(state, f"{stranger.pid}\n{state.root / 'pg18'}\n1\n5432\n{state.run}\n\n")
        assert start().answers_sql()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_empty_pid_file_does_not_stop_the_start(start, state):
    write_pid_file(state, "")
    assert start().answers_sql()


def write_pid_file(state, text):
    version = state.root / "pg18" / "PG_VERSION"
    pid_file = version.with_name("postmaster.pid")
    pid_file.write_text(text)
    os.chown(pid_file, version.stat().st_uid, version.stat().st_gid)
    shutil.copymode(version, pid_file)


def test_a_start_killed_while_making_the_database_begins_anew(start, state):
    half = state.root / "pg18.new"
    (state.root / "pg18").rename(half)
    assert start().answers_sql()
    assert not half.exists()


def test_lost_passwords_are_made_anew_and_the_data_stays(start, state):
    running = start()
    running.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    running.stop()
    before = urls(state.root)
    state.secrets.unlink()
    again = start()
    assert urls(state.root) != before
    assert again.sql("SELECT answer FROM kept") == [(42,)]
