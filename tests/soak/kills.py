"""No embedding is ever lost: workers, broker, database and supervisor are killed while pictures are saved.

    python -m tests.soak.kills --kills 20 --broker-away 30 --database-kills 2

Ends with status 1 when a promise is broken; prints a JSON report in any case.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.site import Site
from tests.soak.stage import stage

PATIENCE_S = 300
EMBEDDING_AGAIN_MAX_S = 30  # after the broker is back


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="kill -9 of the worker, at random moments")
    parser.add_argument("--broker-away", type=float, default=30, help="seconds")
    parser.add_argument("--database-kills", type=int, default=2)
    parser.add_argument("--duplicates", type=int, default=300, help="messages that say nothing new")
    parser.add_argument("--per-second", type=float, default=6, help="pictures saved")
    parser.add_argument("--poison", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    began = time.monotonic()
    with stage() as site:
        report = Kills(site, options).run()
    report["seconds"] = round(time.monotonic() - began)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


class Kills:
    def __init__(self, site: Site, options: argparse.Namespace):
        self.site, self.options = site, options
        self.report: dict[str, Any] = {}

    def run(self) -> dict[str, Any]:
        """Everything that may go wrong goes wrong, one after the other; then the books are checked."""
        from tests.soak.goods import Saver

        self.site.start_worker("embed")
        self.site.start_beat()
        self.saver = Saver(self.options.per_second)
        self.saver.start()
        self.kill_workers()
        self.take_the_broker_away()
        self.kill_the_database()
        self.kill_the_supervisor()
        self.send_duplicates()
        self.saver.end()
        self.report |= {
            "saved": self.saver.saved,
            "replaced": self.saver.replaced,
            "saves_failed_while_database_was_away": self.saver.without_database,
            "saves_failed_otherwise": self.saver.failures,
            "slowest_save_s": round(self.saver.slowest_s, 2),
        }
        if self.options.poison:
            self.poison()
        self.check()
        return self.report

    # --- what goes wrong

    def kill_workers(self) -> None:
        held = []
        for _ in range(self.options.kills):
            until(self.claimed)
            time.sleep(random.uniform(0, 1))  # noqa: S311
            self.site.kill("embed")
            held.append(self.claimed())
            self.site.start_worker("embed")
        self.report["worker_kills"] = len(held)
        self.report["rows_held_at_a_kill"] = held

    def take_the_broker_away(self) -> None:
        worker, beat = self.site.programs["embed"], self.site.programs["beat"]
        until(lambda: self.pending() < 100)
        for away in (0.5, 0.5, self.options.broker_away):  # a worker that connects again may go deaf
            with self.site.without_broker():
                time.sleep(away)
        back, last = time.monotonic(), newest_image()
        until(lambda: image_is_ready(last))
        self.report["broker"] = {
            "away_s": self.options.broker_away,
            "embedding_again_after_s": round(time.monotonic() - back, 1),
            "worker_lived_on": worker.poll() is None,
            "beat_lived_on": beat.poll() is None,
        }

    def kill_the_database(self) -> None:
        self.report["embedding_again_after_database_kill_s"] = [
            # At every second time it may still say goodbye.
            self._kill_the_database(signal.SIGINT if number % 2 else signal.SIGKILL)
            for number in range(self.options.database_kills)
        ]

    def _kill_the_database(self, how: signal.Signals) -> float:
        [server] = [p for p in self.site_processes("postgres") if p.parent().name() != "postgres"]
        server.send_signal(how)
        died = time.monotonic()
        until(lambda: not self.site.running.answers_sql())
        until(self.site.running.answers_sql)
        return self.embedding_again_after(died)

    def kill_the_supervisor(self) -> None:
        """Database and broker end with it; the programs stay, and find those of the next one."""
        from tests.shop.services.running import Running

        self.site.running.kill()
        died = time.monotonic()
        self.site.running = Running(self.site.state)
        self.report["embedding_again_after_supervisor_kill_s"] = self.embedding_again_after(died)

    def embedding_again_after(self, died: float) -> float:
        """Seconds until a picture that was saved afterwards has its embedding."""
        saved = self.saver.saved
        until(lambda: self.saver.saved > saved)
        last = newest_image()
        if self.site.programs["embed"].poll() is not None:  # its supervisor would do so
            self.report["worker_ended_with_the_database"] = True
            self.site.start_worker("embed")
        until(lambda: image_is_ready(last))
        return round(time.monotonic() - died, 1)

    def site_processes(self, name: str) -> list[Any]:
        from tests.shop.services.running import processes_of

        return [process for process in processes_of(self.site.state) if process.name() == name]

    def send_duplicates(self) -> None:
        from similarity.tasks import embed_pending, sweep

        for number in range(self.options.duplicates):
            (sweep if number % 20 == 0 else embed_pending).delay()
        self.report["duplicate_messages"] = self.options.duplicates

    def poison(self) -> None:
        """A picture that its worker never gets over, a damaged one, a lost one, and healthy neighbours."""
        from similarity import pending
        from similarity.models import Embedding
        from tests.soak.goods import make

        until(lambda: self.pending() == 0)
        self.site.kill("embed")  # so that all of them wait and share a batch
        wall, damaged, lost = (make(10**6 + number) for number in range(3))
        neighbours = [make(10**6 + number).pk for number in range(3, 40)]
        for image in (wall, damaged, lost):
            Path(image.picture.path).unlink()
        os.mkfifo(wall.picture.path)  # whoever opens it waits for ever
        Path(damaged.picture.path).write_bytes(b"\xff\xd8\xff garbage")
        kills = 0
        while not self.over(wall):
            self.site.start_worker("embed")
            until(lambda: Embedding.objects.get(image=wall).attempts > kills or self.over(wall))  # noqa: B023
            if not self.over(wall):
                time.sleep(0.5)
                self.site.kill("embed")
                kills += 1
        until(lambda: self.pending() == 0)
        rows = [Embedding.objects.get(image=image) for image in (wall, damaged, lost)]
        healthy = Embedding.objects.filter(image__in=neighbours, state="ready")
        self.report["poison"] = {
            "kills_of_the_worker": kills,
            "reasons": [row.reason for row in rows],
            "neighbours_ready": healthy.count(),
            "most_attempts_of_a_neighbour": max(healthy.values_list("attempts", flat=True)),
        }
        expected = [
            "The worker ended 3 times",
            "The file is not a picture",
            "file is missing from the storage",
        ]
        self.report["poison_as_promised"] = (
            kills == pending.MAX_ATTEMPTS
            and all(row.state == "failed" for row in rows)
            and all(words in row.reason for words, row in zip(expected, rows, strict=True))
            and healthy.count() == len(neighbours)
        )
        for image in (wall, damaged, lost):
            image.product.delete()

    @staticmethod
    def over(image: Any) -> bool:
        from similarity.models import Embedding

        return Embedding.objects.get(image=image).state != "pending"

    # --- what is true afterwards

    def check(self) -> None:
        import numpy as np

        from catalog.models import ProductImage
        from similarity import pending
        from similarity.models import Embedding, SearchVector
        from similarity.signals import notify_workers

        until(lambda: self.pending() == 0)
        images = dict(ProductImage.objects.values_list("pk", "checksum"))
        disturbed = features(), search_vectors()
        self.report["images"] = len(images)
        self.report["not_exactly_one_current_embedding"] = not_exactly_one(images)
        self.report["reasons"] = list(
            Embedding.objects.filter(state="failed").values_list("reason", flat=True).distinct()
        )
        SearchVector.objects.all().delete()  # so that those compared are made anew
        pending.redo()
        notify_workers()
        until(lambda: self.pending() == 0)
        undisturbed = features(), search_vectors()
        cosines = [
            [float(then[key] @ now[key]) for key in now if key in then]
            for then, now in zip(disturbed, undisturbed, strict=True)
        ]
        self.report["compared_with_undisturbed"] = len(cosines[0])
        self.report["search_vectors_compared"] = len(cosines[1])
        self.report["least_cosine_to_undisturbed"] = round(float(np.min(cosines[0] + cosines[1])), 6)
        broker = self.report["broker"]
        self.report["passed"] = (
            not self.report["not_exactly_one_current_embedding"]
            and not self.saver.failures
            and all(len(compared) == len(images) for compared in cosines)
            and self.report["least_cosine_to_undisturbed"] > 0.9999
            and self.report.get("poison_as_promised", True)
            and broker["embedding_again_after_s"] < EMBEDDING_AGAIN_MAX_S
            and broker["worker_lived_on"]
            and broker["beat_lived_on"]
        )

    @staticmethod
    def pending() -> int:
        from similarity import pending

        return pending.counts()["pending"]

    @staticmethod
    def claimed() -> int:
        from similarity.models import Embedding

        return Embedding.objects.filter(state="pending", claim__isnull=False).count()


def newest_image() -> int:
    from catalog.models import ProductImage

    newest: list[int] = []
    until(
        lambda: newest.extend(ProductImage.objects.order_by("-pk").values_list("pk", flat=True)[:1]) or newest
    )
    return newest[0]


def image_is_ready(image: int) -> bool:
    from similarity.models import Embedding

    return Embedding.objects.filter(image=image, state="ready").exists()


def features() -> dict[tuple[int, str], Any]:
    """Unit features by picture and its checksum."""
    from similarity.models import Embedding

    return units(Embedding.objects.filter(state="ready").values_list("image_id", "checksum", "features"))


def search_vectors() -> dict[tuple[int, str], Any]:
    """The vectors that queries touch, by picture and its checksum."""
    from similarity.models import SearchVector

    vectors = SearchVector.objects.filter(model__is_active=True)
    return units(vectors.values_list("image_id", "image__checksum", "vector"))


def units(rows: Any) -> dict[tuple[int, str], Any]:
    import numpy as np

    from similarity.vectors import normalise

    return {
        (image, checksum): normalise(np.asarray(vector, np.float32)[None])[0]
        for image, checksum, vector in rows.iterator()
    }


def not_exactly_one(images: dict[int, str]) -> list[int]:
    """The pictures that lack a ready row of their present checksum or have not exactly one search vector."""
    from collections import Counter

    from similarity.models import Embedding, SearchVector

    ready = Counter(Embedding.objects.filter(state="ready").values_list("image_id", "checksum"))
    vectors = Counter(SearchVector.objects.filter(model__is_active=True).values_list("image_id", flat=True))
    return [pk for pk, checksum in images.items() if ready[pk, checksum] != 1 or vectors[pk] != 1]


def until(happened: Callable[[], Any]) -> None:
    """Wait for it; a question that the database cannot answer just now is asked again."""
    from django.db import InterfaceError, OperationalError, connection

    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            if happened():
                return
        except (OperationalError, InterfaceError):
            connection.close()
        assert time.monotonic() < end, f"did not happen within {PATIENCE_S} s"
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
