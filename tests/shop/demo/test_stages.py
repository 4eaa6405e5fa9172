"""Ctrl-C and failure in the middle of a demo's stages."""

import signal

from shop.demo.static import Collected
from tests.shop.services.running import processes_of


def read_until(process, text):
    seen = ""
    while text not in seen:
        part = process.stdout.read(1)
        assert part, seen
        seen += part
    return seen


def test_ctrl_c_while_tables_are_made_stops_everything(start_demo, state):
    demo = start_demo()
    read_until(demo, "Tables of the database")
    assert len(processes_of(state)) >= 2
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=30)
    assert rest.endswith("Everything has stopped.\n")
    assert "Traceback" not in rest
    assert demo.returncode == 0
    assert processes_of(state) == []


def test_a_stage_that_fails_ends_the_demo_with_its_reason(start_demo, state):
    demo = start_demo(EMBEDDER_WEIGHTS="", IMAGE_MAX_BYTES="much")
    out, _ = demo.communicate(timeout=30)
    assert demo.returncode == 1
    assert "IMAGE_MAX_BYTES='much' is not a whole number." in out
    assert f"More in {state.logs / 'setup.log'}" in out
    assert "Traceback" not in out
    assert processes_of(state) == []


def test_given_addresses_replace_the_embedded_servers(start_demo, state):
    demo = start_demo(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", REDIS_URL="redis://127.0.0.1:1")
    out, _ = demo.communicate(timeout=30)
    assert "Given DATABASE_URL and REDIS_URL" in out
    assert "`manage.py migrate --noinput` failed" in out
    assert not (state.root / "pg18").exists()
    assert not (state.root / "valkey").exists()


def test_a_second_demo_is_told_who_runs(start_demo):
    first = start_demo()
    read_until(first, "Tables of the database")
    second = start_demo()
    out, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"Already running here as process {first.pid}" in out
    assert first.poll() is None


def test_static_files_are_collected_anew_only_when_their_sources_change(tmp_path, monkeypatch):
    checkout, target = tmp_path / "checkout", tmp_path / "target"
    for name in ("static/css/shop.css", "shop/settings.py", "requirements.lock"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("one")
    monkeypatch.setattr("shop.demo.static.CHECKOUT", checkout)
    target.mkdir()
    assert not Collected(target).is_current()
    Collected(target).remember()
    assert Collected(target).is_current()
    (checkout / "static/css/shop.css").write_text("two!")
    assert not Collected(target).is_current()
