"""What lies in Redis or Valkey, byte by byte."""

from collections.abc import Callable

import redis

READ: dict[bytes, Callable[[redis.Redis, bytes], list[bytes]]] = {
    b"none": lambda client, key: [],  # it has ended meanwhile
    b"string": lambda client, key: [client.get(key)],
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"set": lambda client, key: list(client.smembers(key)),
    b"zset": lambda client, key: client.zrange(key, 0, -1),
    b"hash": lambda client, key: [part for pair in client.hgetall(key).items() for part in pair],
}


def everything_in(client: redis.Redis) -> dict[bytes, bytes]:
    """All that each key of this database holds."""
    return {key: b"\n".join(READ[client.type(key)](client, key)) for key in client.scan_iter()}
