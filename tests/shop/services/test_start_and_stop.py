"""Starting from nothing, starting again, stopping, and a second supervisor in the same place."""

import os
import signal
import socket
import time

from shop.services import urls
from shop.services.__main__ import main
from shop.services.lock import lock_holder
from tests.shop.services.running import Running, processes_of

# Promise 10 of docs/reliability.md.
COLD_S, WARM_S, STOP_S = 10, 3, 15


def test_an_empty_directory_becomes_a_database_with_vectors_and_a_queue(empty_state):
    running = Running(empty_state)
    assert running.seconds < COLD_S
    assert running.sql("SELECT extname FROM pg_extension WHERE extname = 'vector'") == [("vector",)]
    assert running.sql("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user") == [
        ("lookalike", False)
    ]
    assert running.sql("SELECT lower('ÄÉ')") == [("äé",)]
    assert running.valkey.config_get("appendonly", "maxmemory-policy") == {
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    assert running.stop() == 0


def test_a_new_database_has_vectors_too(running):
    running.sql("CREATE DATABASE test_lookalike")
    assert running.sql("SELECT '[1,0]'::vector <=> '[0,1]'::vector", "test_lookalike") == [(1.0,)]


def test_the_second_start_finds_everything_and_is_quick(start, state):
    first = start()
    first.sql("CREATE TABLE kept AS SELECT 42 AS answer")
    passwords = urls(state.root)
    assert first.stop() == 0
    second = start()
    assert second.seconds < WARM_S
    assert second.sql("SELECT answer FROM kept") == [(42,)]
    assert second.answers_ping()
    assert urls(state.root) == passwords


def test_nothing_is_left_after_stopping(start, state):
    for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        running = start()
        assert len(processes_of(state)) >= 2
        began = time.monotonic()
        assert running.stop(stop_signal) == 0
        assert time.monotonic() - began < STOP_S
        assert processes_of(state) == []
        assert not state.run.exists()


def test_no_server_listens_on_tcp(running):
    kinds = {
        c.family for process in processes_of(running.state) for c in process.net_connections(kind="inet")
    }
    assert kinds & {socket.AF_INET, socket.AF_INET6} == set()


def test_a_second_supervisor_is_refused_and_told_who_runs(running, capsys):
    assert main(["up", "--state", str(running.state.root)]) == 1
    assert f"Already running here as process {running.supervisor.pid}" in capsys.readouterr().err
    assert running.answers_sql()
    assert running.answers_ping()


def test_status_and_down(start, state, capsys):
    where = ["--state", str(state.root)]
    assert main(["status", *where]) == 3
    running = start()
    assert main(["status", *where]) == 0
    assert f"process {running.supervisor.pid}" in capsys.readouterr().out
    assert main(["down", *where]) == 0
    assert running.supervisor.wait(5) == 0
    assert lock_holder(state) is None
    assert main(["down", *where]) == 0


def test_a_directory_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["up", "--state", str(tmp_path / "file" / "var")]) == 1
    assert "Cannot write to" in capsys.readouterr().err


def test_a_log_of_more_than_ten_megabytes_is_set_aside(start, state):
    state.make()
    log = state.logs / "valkey.log"
    with log.open("w") as file:
        os.truncate(file.fileno(), 11 * 1024 * 1024)
    start()
    assert log.stat().st_size < 1024 * 1024
    assert log.with_suffix(".log.1").exists()
