"""The stages of a demo, one after another."""

from __future__ import annotations

import http.client
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from shop.demo.port import HOST
from shop.demo.static import Collected
from shop.demo.terminal import Stage, say
from shop.services.embedded import start_services
from shop.services.keyring import stored_secrets
from shop.services.paths import CHECKOUT, ServicesError
from shop.services.process import Service, last_line
from shop.services.supervisor import Supervisor

# More threads than cores: a photo search waits up to PHOTO_TIMEOUT_S for its worker.
WEB_THREADS = 8


@dataclass
class Demo:
    """One run, stage after stage. Every stage may be repeated: the second start finds its work done."""

    supervisor: Supervisor
    port: int
    began: float
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Start everything, then stay until somebody stops us."""
        say("Lookalike starts; Ctrl-C stops all of it.")
        self.start_servers()
        self.manage("Tables of the database", "migrate", "--noinput")
        self.collect_static()
        self.start_web()
        self.manage("Admin account", "create_demo_admin")
        self.manage("Demo catalogue", "create_demo_catalogue", show=True)
        self.start_workers()
        try:
            self.manage("Looks of every picture", "embed", "--missing", "--wait", show=True)
        except ServicesError as error:  # such as damaged weights: the shop itself is there all the same
            say(f"{error}\nThe shop runs without look-alikes for these pictures.")
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
        with Stage("Given servers" if external else "PostgreSQL and Valkey"):
            self.environment = start_services(self.supervisor, given)

    def collect_static(self) -> None:
        collected = Collected(
            Path(self.environment.get("STATIC_ROOT") or self.supervisor.state.root / "static")
        )
        if not collected.is_current():
            self.manage("Style sheets and scripts", "collectstatic", "--noinput", "--verbosity=0")
            collected.remember()

    def start_web(self) -> None:
        options = ["--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--workers", "1"]
        options += ["--blocking-threads", str(WEB_THREADS), "--no-ws"]
        with Stage("Web server"):
            self.supervisor.start(
                self.python("Web server", "granian", *options, "shop.wsgi:application", ready=True)
            )
        say(f"  The shop answers already: {self.address}")

    def start_workers(self) -> None:
        """Two, because a customer's photo must not wait behind a thousand pictures; and beat, the clock."""
        calm = ["--without-mingle", "--without-gossip", "--without-heartbeat", "-P", "solo", "-l", "INFO"]
        with Stage("Workers"):
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
        with Stage(title, own_line=show):
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
        say(
            f"\nLookalike is ready after {time.monotonic() - self.began:.0f} s.\n"
            f"  Shop          {self.address}\n"
            f"  Photo search  {self.address}search/photo/\n"
            f"  Admin         {self.address}admin/   (admin / {password})\n"
            f"  API           {self.address}api/docs/\n"
            f"Logs are in {self.supervisor.state.logs}. Ctrl-C stops everything."
        )
