"""The short form of `make soak`: worker, broker and database are killed while pictures are saved."""

import json
import subprocess
import sys

import pytest

from shop.services.paths import CHECKOUT

FEW = ["--kills", "2", "--broker-away", "1", "--database-kills", "1", "--duplicates", "40", "--no-poison"]


@pytest.mark.slow
def test_every_picture_has_exactly_one_embedding_whoever_was_killed_meanwhile():
    command = [sys.executable, "-m", "tests.soak.kills", *FEW, "--per-second", "4"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=600)
    assert done.stdout, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report["not_exactly_one_current_embedding"] == []
    assert report["saves_failed_otherwise"] == []
    assert report["broker"]["worker_lived_on"]
    assert report["least_cosine_to_undisturbed"] > 0.9999
    assert report["passed"], done.stdout
