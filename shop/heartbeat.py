"""Whether the worker of this machine hangs: `python -m shop.heartbeat embed` ends with status 3 if it does.

A worker that is stuck in a task for ever still has its process, so nothing restarts it. What tells is the row
it writes with its tasks, which beat sends twice a minute; imports and quality runs, which take longer, write
rows of their own. Loads no Django: it is asked often.
"""

from __future__ import annotations

import os
import socket
import sys
import time

import psutil  # type: ignore[import-untyped]
import psycopg

# More than any task leaves without a sign: building the index of a million pictures takes 12 minutes, of two
# cores that others use twice as long (similarity.runs.STALE).
SILENT_S = 2700
HANGS = 3  # no status that an error would end with
SILENCE = """
SELECT extract(epoch FROM now() - greatest(
    w.seen_at,
    (SELECT max(heartbeat_at) FROM similarity_run),
    (SELECT max(heartbeat_at) FROM catalog_importjob)
)) FROM similarity_worker w WHERE w.name = %s
"""


def hangs(database_url: str, queue: str) -> bool:
    """Whether this machine's worker for `queue` was silent for too long.

    False for one that has never reported, and while the database is away: that is not the worker's fault.
    """
    try:
        with psycopg.connect(database_url, connect_timeout=3) as connection:
            row = connection.execute(SILENCE, [f"{queue}@{socket.gethostname()}"]).fetchone()
    except psycopg.Error:
        return False
    return row is not None and row[0] > SILENT_S


def main() -> int:
    # In a container, the first process began when it did: a worker that has just started is no hanging one.
    began = psutil.Process(1).create_time()
    is_new = time.time() - began < SILENT_S
    return HANGS if not is_new and hangs(os.environ["DATABASE_URL"], sys.argv[1]) else 0


if __name__ == "__main__":
    sys.exit(main())
