"""Who can reach the servers: their own account, and nobody else."""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from shop.services import urls
from shop.services.paths import CHECKOUT, Account, ServicesError, State, settle
from tests.shop.services.running import Running, processes_of, remove

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another account")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_sockets_passwords_and_data_are_private(running):
    state = running.state
    assert mode(state.run) == 0o700
    assert mode(state.secrets) == 0o600
    assert mode(state.root / "pg18") == 0o700
    assert mode(state.root / "valkey") == 0o700


def test_a_wrong_password_is_refused_by_both(running):
    database, broker = urls(running.state.root)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.replace("lookalike:", "lookalike:x"))
    with pytest.raises(redis.RedisError):
        redis.Redis.from_url(broker.replace("unix://:", "unix://:x")).ping()


@as_root
def test_another_account_cannot_connect_even_with_the_password(running):
    database, broker = urls(running.state.root)
    refusals = as_account("daemon", lambda: psycopg.connect(database), redis.Redis.from_url(broker).ping)
    assert len(refusals) == 2
    assert "Permission denied" in refusals[0]
    assert "ConnectionError" in refusals[1]


def as_account(name: str, *actions: Callable[[], object]) -> list[str]:
    """Do it in a child process under that account; return what it was told where it failed."""
    account = pwd.getpwnam(name)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        for action in actions:
            try:
                action()
            except Exception as error:
                os.write(writer, f"{error!r}".replace("\n", " ").encode() + b"\n")
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as file:
        return file.read().splitlines()


@as_root
def test_as_root_the_servers_run_under_an_unprivileged_account(running):
    accounts = {process.uids().effective for process in processes_of(running.state)}
    assert accounts == {pwd.getpwnam("nobody").pw_uid}


@as_root
def test_as_root_below_a_private_home_nothing_is_opened_to_others():
    """The binaries may lie there too; no directory changes its mode for our sake."""
    home = Path(tempfile.mkdtemp(prefix="home "))
    state = State.at(home / "a checkout" / "var")
    try:
        running = Running(state)
        assert running.answers_sql()
        assert running.answers_ping()
        assert mode(home) == 0o700
        data = Path("/var/lib") / f"lookalike-{state.key}"
        assert (data / "pg18").is_dir()
        assert not (state.root / "pg18").exists()
        assert running.stop() == 0
        again = Running(state)
        assert again.answers_sql()
        again.stop()
    finally:
        remove(state)
        shutil.rmtree(home)


def test_a_very_long_path_is_no_obstacle():
    base = Path(tempfile.mkdtemp(prefix="long-"))
    base.chmod(0o755)
    state = State.at(base / ("a rather long name " * 5).strip() / ("and another one " * 6).strip())
    try:
        running = Running(state)
        assert running.answers_sql()
        assert running.answers_ping()
        assert len(os.fsencode(state.run / ".s.PGSQL.5432")) < 60
        running.stop()
    finally:
        remove(state)
        shutil.rmtree(base)


def test_a_planted_run_directory_is_not_used(state):
    """Anybody can make a directory in /tmp under a name that can be guessed."""
    target = state.root / "target"
    target.mkdir()
    state.run.symlink_to(target)
    try:
        if os.geteuid() == 0:
            settle(state)
            assert not state.run.is_symlink()
            assert target.exists()
        else:
            with pytest.raises(ServicesError, match="not a private directory"):
                settle(state)
    finally:
        state.run.unlink() if state.run.is_symlink() else state.run.rmdir()


@as_root
def test_an_ordinary_user_needs_nothing_special():
    """The checkout belongs to root here; the state directory is the user's own."""
    user = pwd.getpwnam("daemon")
    if not Account("daemon", user.pw_uid, user.pw_gid).can_enter(Path(sys.executable)):
        pytest.skip("this Python lies where only root may go")
    base = Path(tempfile.mkdtemp(prefix="user "))
    os.chown(base, user.pw_uid, user.pw_gid)
    state = State.at(base / "var")
    site_packages = str(Path(psycopg.__file__).parents[1])
    python = {"PYTHONPATH": os.pathsep.join([str(CHECKOUT), site_packages]), "PATH": os.environ["PATH"]}
    try:
        running = Running(state, user=user.pw_uid, group=user.pw_gid, extra_groups=[], env=python)
        assert running.answers_sql()
        assert {process.uids().effective for process in processes_of(state)} == {user.pw_uid}
        assert running.stop() == 0
    finally:
        remove(state)
        shutil.rmtree(base)
