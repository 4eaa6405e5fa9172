"""The stages of a demo, one after another."""

from __future__ import annotations

import http.client
import os
import sys
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from shop import heartbeat
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
CELERY = ["celery", "-A", "shop"]
# What the demo says where the environment says nothing.
CALM = {
    "DEBUG": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "PYTHONUNBUFFERED": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",  # TensorFlow need not describe the processor
}


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
        with Stage(self.servers_title()):
            self.environment = start_services(self.supervisor, {**CALM, **os.environ})
        with Stage("Tables of the database"):
            self.call("manage.py", "migrate", "--noinput")
        self.start_worker("Photo worker", "photo")  # first, because loading its network takes longest
        self.collect_static()
        with Stage("Web server and admin login"):
            self.start_web()
            self.call("manage.py", "create_demo_admin")  # while the web server starts
            self.supervisor.wait_until_ready("Web server")
        say(f"  The shop answers already: {self.address}")
        self.start_worker("Embedding worker", "embed", niceness=10)  # pages and photos come before it
        self.supervisor.start(self.python("Beat", *CELERY, "beat", "-l", "INFO"), wait=False)
        self.fill()
        with Stage("Photo search"):
            self.supervisor.wait_until_ready("Photo worker")
        self.welcome()
        self.supervisor.wait_until(lambda: False)

    def servers_title(self) -> str:
        given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
        return f"Given {' and '.join(given)}" if given else "PostgreSQL and Valkey"

    def collect_static(self) -> None:
        root = self.environment.get("STATIC_ROOT") or self.supervisor.state.root / "static"
        collected = Collected(Path(root))
        if not collected.is_current():
            with Stage("Style sheets and scripts"):
                self.call("manage.py", "collectstatic", "--noinput", "--verbosity=0")
            collected.remember()

    def start_web(self) -> None:
        options = ["--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--workers", "1"]
        options += ["--blocking-threads", str(WEB_THREADS), "--no-ws"]
        web = self.python("Web server", "granian", *options, "shop.wsgi:application")
        self.supervisor.start(replace(web, ready=self.web_answers), wait=False)

    def start_worker(self, name: str, queue: str, niceness: int = 0) -> None:
        """One of two, because a shopper's photo must not wait behind a thousand pictures."""
        calm = ["--without-mingle", "--without-gossip", "--without-heartbeat", "-P", "solo", "-l", "INFO"]
        worker = self.python(name, *CELERY, "worker", "-Q", queue, "-n", f"{queue}@%h", *calm)
        hangs = partial(heartbeat.hangs, self.environment["DATABASE_URL"], queue)
        self.supervisor.start(
            replace(worker, ready_text=" ready.", hangs=hangs, niceness=niceness), wait=False
        )

    def fill(self) -> None:
        with Stage("Catalogue and look-alikes", own_line=True):
            self.call("-m", "shop.demo.fill", show=True)

    def python(self, name: str, *arguments: str) -> Service:
        return Service(
            name=name,
            command=[sys.executable, "-m", *arguments],
            environment=self.environment,
            directory=CHECKOUT,
            # Short, because nothing is lost: whoever starts next takes up what a worker was ended in.
            grace_seconds=6,
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

    def call(self, *arguments: str, show: bool = False) -> None:
        """Run a Python program to its end; what it prints is shown or goes to a log, errors always do."""
        log = self.supervisor.log("setup")
        command = [sys.executable, *arguments]
        if self.supervisor.run(command, self.environment, log, show_output=show) != 0:
            raise ServicesError(f"`{' '.join(arguments)}` failed: {last_line(log)}\nMore in {log}")

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
