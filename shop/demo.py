"""`make demo`: the whole shop from one command, and nothing left of it after Ctrl-C.

The real parts with the real settings: PostgreSQL and Valkey (the embedded ones, unless DATABASE_URL and
REDIS_URL name others), the web server, two Celery workers and beat.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from shop.services.embedded import start_services
from shop.services.keyring import stored_secrets
from shop.services.paths import CHECKOUT, ServicesError, State
from shop.services.process import Service, last_line
from shop.services.supervisor import AlreadyRunning, Stopped, Supervisor

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
# More threads than cores: a photo search waits up to PHOTO_TIMEOUT_S for its worker.
WEB_THREADS = 8


def main() -> int:
    began = time.monotonic()
    state = State.at()
    supervisor = Supervisor(state, say=_say)
    try:
        port = wanted_port(os.environ)
        with supervisor:
            try:
                require_free(port)
                Demo(supervisor, port, began).run()
            finally:
                if supervisor.children:
                    _say("Stopping …")
    except Stopped:
        _say("Everything has stopped.")
        return 0
    except AlreadyRunning as error:
        _say(f"{error}")
        return 1
    except ServicesError as error:
        _say(f"\n{error}")
        return 1
    return 0


def wanted_port(environment: Mapping[str, str]) -> int:
    """Read PORT, or say what is wrong with it."""
    text = environment.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ServicesError(f"PORT={text} is not a port: write a number from 1 to 65535, such as PORT=8001.")
    return int(text)


def require_free(port: int) -> None:
    """Try to bind the port: before anything is started, and without harm to whoever has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will: ignore TIME_WAIT
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServicesError(
                    f"Port {port} is taken by another program. Choose another: make demo PORT={_next(port)}"
                ) from error
            raise ServicesError(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make demo PORT=8001"
            ) from error


def _next(port: int) -> int:
    return port + 1 if port < 65535 else DEFAULT_PORT


@dataclass
class Demo:
    """One run, stage after stage. Every stage may be repeated: the second start finds its work done."""

    supervisor: Supervisor
    port: int
    began: float
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Start everything, then stay until somebody stops us."""
        _say("Lookalike starts; Ctrl-C stops all of it.")
        self.start_servers()
        self.manage("Tables of the database", "migrate", "--noinput")
        self.manage("Style sheets and scripts", "collectstatic", "--noinput", "--verbosity=0")
        self.start_web()
        self.manage("Admin account", "create_demo_admin")
        self.manage("Demo catalogue", "create_demo_catalogue", show=True)
        self.start_workers()
        self.manage("Looks of every picture", "embed", "--missing", "--wait", show=True)
        self.welcome()
        self.supervisor.wait_until(lambda: False)

    def start_servers(self) -> None:
        given = {
            "DEBUG": "false",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "PYTHONUNBUFFERED": "1",
            "TF_CPP_MIN_LOG_LEVEL": "2",  # TensorFlow is silent about processor features
            **os.environ,
        }
        external = bool(given.get("DATABASE_URL") and given.get("REDIS_URL"))
        with _Stage("Given servers" if external else "PostgreSQL and Valkey"):
            self.environment = start_services(self.supervisor, given)

    def start_web(self) -> None:
        options = ["--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--workers", "1"]
        options += ["--blocking-threads", str(WEB_THREADS), "--no-ws"]
        with _Stage("Web server"):
            self.supervisor.start(
                self.python("Web server", "granian", *options, "shop.wsgi:application", ready=True)
            )
        _say(f"  The shop answers already: {self.address}")

    def start_workers(self) -> None:
        """Two, because a customer's photo must not wait behind a thousand pictures; and beat, the clock."""
        calm = ["--without-mingle", "--without-gossip", "--without-heartbeat", "-P", "solo", "-l", "INFO"]
        with _Stage("Workers"):
            self.supervisor.start(
                self.celery("Photo worker", "worker", "-Q", "photo", "-n", "photo@%h", *calm),
                self.celery(
                    "Embedding worker", "worker", "-Q", "embed", "-n", "embed@%h", *calm, niceness=10
                ),
                self.celery("Beat", "beat", "-l", "INFO"),
                wait=False,
            )

    def celery(self, name: str, *arguments: str, niceness: int = 0) -> Service:
        return self.python(name, "celery", "-A", "shop", *arguments, niceness=niceness)

    def python(
        self, name: str, module: str, *arguments: str, ready: bool = False, niceness: int = 0
    ) -> Service:
        return Service(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            environment=self.environment,
            directory=CHECKOUT,
            ready=self.web_answers if ready else None,
            ready_within_seconds=120,
            grace_seconds=30,
            niceness=niceness,
        )

    def web_answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def manage(self, title: str, *arguments: str, show: bool = False) -> None:
        """Run a manage.py command; its progress is shown, everything else it says goes to a log."""
        log = self.supervisor.log("setup")
        with _Stage(title, own_line=show):
            status = self.supervisor.run(
                [sys.executable, "manage.py", *arguments], self.environment, log, show_output=show
            )
            if status != 0:
                raise ServicesError(f"`manage.py {arguments[0]}` failed: {last_line(log)}\nMore in {log}")

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def welcome(self) -> None:
        password = stored_secrets(self.supervisor.state).get("admin", "see var/secrets.json")
        _say(
            f"\nLookalike is ready after {time.monotonic() - self.began:.0f} s.\n"
            f"  Shop          {self.address}\n"
            f"  Photo search  {self.address}search/photo/\n"
            f"  Admin         {self.address}admin/   (admin / {password})\n"
            f"  API           {self.address}api/docs/\n"
            f"Logs are in {self.supervisor.state.logs}. Ctrl-C stops everything."
        )


class _Stage:
    """Prints what is being done and, when it is done, how long that took."""

    def __init__(self, title: str, *, own_line: bool = False) -> None:
        self.title = title
        self.own_line = own_line  # the command draws a progress bar below the title

    def __enter__(self) -> None:
        self.began = time.monotonic()
        print(f"  {self.title:<26}", end="\n" if self.own_line else "", flush=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            print(flush=True)
        else:
            took = f"{time.monotonic() - self.began:5.1f} s"
            print(f"  {'':<26}{took}" if self.own_line else took, flush=True)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
