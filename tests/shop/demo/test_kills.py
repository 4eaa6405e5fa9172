"""Each program of a running demo is killed once: it serves again within its bound, and nothing is left."""

import random
from http.client import HTTPConnection, HTTPException

import psutil
import psycopg
import pytest

from shop.services import urls
from tests.shop.demo.test_stages import read_until
from tests.shop.services.running import eventually, processes_of
from tests.soak.shoppers import photo_form

pytestmark = pytest.mark.slow
# Everything but the catalogue and the compressed style sheets, which take a minute.
EMPTY_DEMO = """
import sys
from shop.demo import __main__ as program
class Empty(program.Demo):
    def fill(self): pass
    def collect_static(self): pass
program.Demo = Empty
sys.exit(program.main())
"""
# Seconds, twice what is promised: other tests run beside this one. A worker loads its network anew; beat
# sends everything once in 30 s.
SERVER, WORKER, BEAT = 20, 60, 60


class Shop:
    """The running demo, as its visitors and its owner see it."""

    def __init__(self, demo, state, port):
        self.demo, self.state, self.port = demo, state, port

    def status(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def shows_pages(self) -> bool:
        return self.status("/") == 200

    def finds_photos(self) -> bool:
        body, kind = photo_form(random.Random())  # noqa: S311
        return self.status("/api/search/photo/", "POST", body, **{"Content-Type": kind}) == 200

    def sql(self, statement: str, *values: object) -> tuple:
        with psycopg.connect(urls(self.state.root).database) as connection:
            return connection.execute(statement, values).fetchone()

    def kill(self, word: str) -> None:
        """`kill -9` the program that has this word in its command; its children must end with it."""
        mine = filter(lives, psutil.Process(self.demo.pid).children())
        [victim] = [process for process in mine if word in " ".join(process.cmdline())]
        children = victim.children(recursive=True)
        victim.kill()
        eventually(lambda: not any(map(lives, children)), within=SERVER)


def lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_whatever_is_killed_serves_again_and_nothing_is_left(start_demo, state, free_port):
    demo = start_demo("-c", EMPTY_DEMO, DEBUG="true", PHOTO_PER_MINUTE="10000")
    shop = Shop(demo, state, free_port)
    read_until(demo, "Lookalike is ready")
    eventually(shop.finds_photos, within=WORKER)

    sent = (state.logs / "beat.log").read_text().count("Sending due task")
    shop.kill("shop beat")

    shop.kill("granian")
    eventually(shop.shows_pages, within=SERVER)

    shop.kill("bin/postgres")
    eventually(shop.shows_pages, within=SERVER)

    shop.kill("valkey-server")
    eventually(shop.finds_photos, within=SERVER)

    shop.kill("photo@")
    eventually(shop.finds_photos, within=WORKER)

    [now] = shop.sql("SELECT now()")
    shop.kill("embed@")
    again = "SELECT count(*) FROM similarity_worker WHERE queue = 'embed' AND seen_at > %s"
    eventually(lambda: shop.sql(again, now) == (1,), within=WORKER)

    log = state.logs / "beat.log"
    eventually(lambda: log.read_text().count("Sending due task") > sent, within=BEAT)

    demo.kill()
    eventually(lambda: not processes_of(state), within=SERVER)
