"""Random secrets: made once, also in a race, and readable by their owner only."""

import os
import stat
import subprocess
import sys

import pytest

from shop.services import secret_key
from shop.services.keyring import keep_secret, stored_secrets
from shop.services.paths import CHECKOUT, ServicesError


@pytest.fixture
def state(empty_state):
    return empty_state


def test_a_secret_is_made_once_and_kept(state):
    first = secret_key(state.root)
    assert len(first) >= 40
    assert secret_key(state.root) == first
    assert keep_secret(state, "other") != first
    assert stat.S_IMODE(state.secrets.stat().st_mode) == 0o600


def test_a_race_for_the_same_secret_has_one_result(state):
    code = "from shop import services; print(services.secret_key())"
    command = [sys.executable, "-c", code]
    env = {**os.environ, "LOOKALIKE_STATE": str(state.root)}
    racers = [
        subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    answers = {racer.communicate(timeout=30)[0] for racer in racers}
    assert answers == {secret_key(state.root) + "\n"}


def test_a_damaged_file_is_a_sentence(state):
    state.secrets.write_text("{")
    with pytest.raises(ServicesError, match="not valid JSON"):
        stored_secrets(state)


def test_looking_up_addresses_loads_nothing_heavy(state):
    heavy = {"django", "psycopg", "redis", "psutil", "celery"}
    code = f"import sys, shop.services; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
