"""A whole shop of its own, on real processes that a test may kill: servers, web, workers, beat."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from uuid import uuid4

from shop.services import urls
from shop.services.paths import CHECKOUT, State
from shop.services.process import spawn
from tests.shop.services.running import Running, eventually, remove, temporary_state

CALM_WORKER = ["-P", "solo", "-l", "WARNING", "--without-mingle", "--without-gossip", "--without-heartbeat"]

NICENESS = {"embed": 10}  # as in the demo: pages and photos come before it


class Site:
    """The programs of a shop on one state directory. Logs lie in it, one per program."""

    def __init__(self, state: State, **more: str):
        self.state = state
        self.running = Running(state)
        services = urls(state.root)
        self.environment = {
            **os.environ,
            "DATABASE_URL": services.database,
            "REDIS_URL": services.redis,
            "REDIS_DATABASE": "0",
            "LOOKALIKE_STATE": str(state.root),
            "MEDIA_ROOT": str(state.root / "media"),
            "TMPDIR": str(state.root / "tmp"),
            "STATIC_ROOT": str(state.root / "static"),
            "DEBUG": "false",
            "LOG_FORMAT": "json",
            "TF_CPP_MIN_LOG_LEVEL": "2",
            **more,
        }
        (state.root / "tmp").mkdir()
        self.programs: dict[str, subprocess.Popen] = {}
        self.port = 0
        self.manage("migrate", "-v0")

    def manage(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=CHECKOUT, env=self.environment, check=True
        )

    def run(self, script: str) -> str:
        """Run Python on this shop; the last word that it prints."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=CHECKOUT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "shop.settings"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.split()[-1]

    def start(self, name: str, *module: str, niceness: int = 0) -> subprocess.Popen:
        """Start `python -m module …` under this name, or start it again."""
        with (self.state.root / f"{name}.log").open("ab") as log:
            self.programs[name] = spawn(
                [sys.executable, "-m", *module],
                environment=self.environment,
                directory=CHECKOUT,
                output=log,
                errors=log,
                niceness=niceness,
            )
        return self.programs[name]

    def start_worker(self, queue: str) -> subprocess.Popen:
        command = ["celery", "-A", "shop", "worker", "-Q", queue, "-n", f"{queue}@site", *CALM_WORKER]
        return self.start(queue, *command, niceness=NICENESS.get(queue, 0))

    def start_beat(self) -> subprocess.Popen:
        return self.start("beat", "celery", "-A", "shop", "beat", "-l", "WARNING")

    def start_web(self, threads: int = 8) -> subprocess.Popen:
        """The web server of production on a free port, ready when this returns."""
        # The error page needs our own files; to compress those of the libraries, too, takes minutes.
        of_libraries = ["admin", "unfold", "drf_spectacular_sidecar", "import_export", "rest_framework"]
        ignored = [argument for folder in of_libraries for argument in ("--ignore", folder)]
        self.manage("collectstatic", "--noinput", "-v0", *ignored)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        options += ["--workers", "1", "--blocking-threads", str(threads)]
        server = self.start("web", "granian", *options, "shop.wsgi:application")
        eventually(lambda: self.status("/healthz") == 200, within=60)
        return server

    def kill(self, name: str) -> None:
        """`kill -9`: the program gets no chance to tidy up."""
        self.programs[name].kill()
        self.programs[name].wait()

    @contextmanager
    def without_broker(self) -> Iterator[None]:
        """Valkey is killed and stays away during the block; it comes back empty."""
        os.kill(self.running.supervisor.pid, signal.SIGSTOP)  # or it would start Valkey again at once
        try:
            self.running.process("valkey-server").kill()
            eventually(lambda: not self.running.answers_ping())
            yield
        finally:
            os.kill(self.running.supervisor.pid, signal.SIGCONT)
            eventually(self.running.answers_ping)
            self.running.valkey.flushall()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str, float]:
        """Status, headers, body, and the seconds it took."""
        return self.ask("GET", path, None, headers)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str, float]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            given = {name.title(): value for name, value in answer.getheaders()}
            return answer.status, given, text, time.monotonic() - began
        finally:
            connection.close()

    def status(self, path: str) -> int:
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def log(self, name: str) -> str:
        return (self.state.root / f"{name}.log").read_text()

    def stop(self) -> None:
        for program in reversed(self.programs.values()):
            if program.poll() is None:
                program.terminate()
        for program in self.programs.values():
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        if self.running.supervisor.poll() is None:
            self.running.stop()


def multipart(field: str, content: bytes) -> tuple[bytes, dict[str, str]]:
    """The body of a form with this picture, and its headers."""
    border = uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="photo.jpg"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={border}"}


@contextmanager
def temporary_site(**more: str) -> Iterator[Site]:
    """A site in a directory of its own, both gone when the block ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing outlives whoever is ended
    state = temporary_state()
    site = Site(state, **more)
    try:
        yield site
    finally:
        site.stop()
        remove(state)
        shutil.rmtree(state.root, ignore_errors=True)
