"""What each file of the corpus costs at the door: less than 2 s and 300 MB."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shop.services.paths import CHECKOUT

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux")
def test_no_file_of_the_corpus_takes_2_s_or_300_mb_or_ends_the_process():
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.pictures"], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    report = json.loads(done.stdout)
    assert report["broken"] == []
    assert report["files"] > 150
    assert report["passed"]
