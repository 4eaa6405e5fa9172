"""One REDIS_URL in the environment; each client wants it written its own way."""

import environ
import pytest
import redis
from kombu import Connection
from psycopg.conninfo import conninfo_to_dict

from shop.services import urls
from shop.services.keyring import keep_secret
from shop.services.urls import broker_url, client_url


@pytest.mark.parametrize(
    ("given", "client", "broker"),
    [
        ("redis://cache:6379", "redis://cache:6379/1", "redis://cache:6379/1"),
        ("redis://:p%40ss@cache/5", "redis://:p%40ss@cache/1", "redis://:p%40ss@cache/1"),
        ("redis://cache?db=3&protocol=3", "redis://cache/1?protocol=3", "redis://cache/1?protocol=3"),
        (
            "rediss://u:p@cache/0?ssl_cert_reqs=required",
            "rediss://u:p@cache/1?ssl_cert_reqs=required",
            "rediss://u:p@cache/1?ssl_cert_reqs=required",
        ),
        (
            "unix://:p@/run/vk.sock",
            "unix://:p@/run/vk.sock?db=1",
            "redis+socket://:p@/run/vk.sock?virtual_host=1",
        ),
        (
            "unix://:p@/run/vk.sock?db=7",
            "unix://:p@/run/vk.sock?db=1",
            "redis+socket://:p@/run/vk.sock?virtual_host=1",
        ),
        ("unix:///run/vk.sock", "unix:///run/vk.sock?db=1", "redis+socket:///run/vk.sock?virtual_host=1"),
    ],
)
def test_the_database_is_set_in_the_way_of_each_client(given, client, broker):
    assert client_url(given, 1) == client
    assert broker_url(given, 1) == broker


def test_celery_and_redis_py_reach_the_same_server_by_their_own_address(running):
    address = urls(running.state.root).redis
    with Connection(broker_url(address, 2)) as connection:
        connection.SimpleQueue("queue").put("task")
    with redis.Redis.from_url(client_url(address, 2)) as client:
        assert client.llen("queue") == 1
    assert running.valkey.llen("queue") == 0  # that is database 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("valkey://cache", "REDIS_URL: write redis:// instead of valkey://; it is the same protocol."),
        ("valkeys://cache", "REDIS_URL: write rediss:// instead of valkeys://; it is the same protocol."),
        ("amqp://cache", "REDIS_URL: 'amqp://' is none of redis://, rediss:// and unix://."),
    ],
)
def test_other_schemes_are_refused_with_the_one_to_write(given, sentence):
    for derive in (client_url, broker_url):
        with pytest.raises(ValueError, match="REDIS_URL") as refusal:
            derive(given, 0)
        assert str(refusal.value) == sentence


def test_there_are_no_addresses_before_the_first_start(empty_state):
    assert urls(empty_state.root) is None
    keep_secret(empty_state, "secret_key")
    assert urls(empty_state.root) is None


def test_the_database_address_means_the_same_to_django_and_to_libpq(state):
    password = keep_secret(state, "postgres")
    keep_secret(state, "valkey")
    address = urls(state.root).database
    django = environ.Env.db_url_config(address)
    assert (django["NAME"], django["USER"], django["PASSWORD"]) == ("lookalike", "lookalike", password)
    assert django["OPTIONS"] == {"host": str(state.run)}
    assert conninfo_to_dict(address) == {
        "user": "lookalike",
        "password": password,
        "dbname": "lookalike",
        "host": str(state.run),
    }


def test_two_checkouts_never_share_a_socket_directory(state, tmp_path):
    keep_secret(state, "postgres")
    keep_secret(state, "valkey")
    assert str(state.run) in urls(state.root).database
    assert str(state.run) in urls(state.root).redis
    assert type(state).at(tmp_path).run != state.run
