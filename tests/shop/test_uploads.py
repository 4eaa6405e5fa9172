"""Bodies that are too large or of another kind, on the web server of production: memory stays flat."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection

import pytest

from tests.site import Site

pytestmark = pytest.mark.slow
PHOTO = "/api/search/photo/"
MEGABYTE = bytes(1_000_000)
HEAD = b'--x\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n\r\n\xff\xd8\xff'
TAIL = b"\r\n--x--\r\n"
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def body(megabytes: int) -> Iterator[bytes]:
    yield HEAD
    for _ in range(megabytes):
        yield MEGABYTE
    yield TAIL


def send(site: Site, content: Iterator[bytes], headers: dict[str, str]) -> tuple[int, dict]:
    """The answer to a body that is made as it is sent; chunked where no length is given. 0 when cut off."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        with suppress(ConnectionError):  # it was answered before the end
            connection.request(
                "POST", PHOTO, content, headers, encode_chunked="Content-Length" not in headers
            )
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except ConnectionError:  # cut off before the answer was read
        return 0, {}
    finally:
        connection.close()


def test_of_a_photo_of_200_mb_little_is_kept(site, peak_growth):
    length = {"Content-Length": str(len(HEAD) + 200 * len(MEGABYTE) + len(TAIL))}
    status, answer = send(site, body(200), FORM | length)
    assert (status, answer["code"]) == (413, "bytes")
    assert peak_growth[0] < 60


def test_a_body_without_a_length_is_not_read(site, peak_growth):
    status, _answer = send(site, body(200), FORM | {"Transfer-Encoding": "chunked"})
    assert status == 400
    assert peak_growth[0] < 60


def test_ten_megabytes_of_json_are_no_photo(site, peak_growth):
    content = iter([b'{"image": "', MEGABYTE * 10, b'"}'])
    headers = {"Content-Type": "application/json", "Content-Length": str(11 + 10 * len(MEGABYTE) + 2)}
    status, _answer = send(site, content, headers)
    assert status == 415
    assert peak_growth[0] < 60
