"""Fetching by address: real servers, and none that is not on the public internet."""

import gzip
import socket
import threading
import time

import pytest

from catalog.imports import fetch
from catalog.imports.fetch import FetchRefused, HostFailed
from catalog.imports.hosts import FAILURES_MAX, Hosts
from catalog.imports.networks import is_public
from tests.catalog.imports import servers

PICTURE = bytes(range(256)) * 40
INNER_ADDRESSES = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "4000::1", "5f00::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1",
]  # fmt: skip
# Of this machine, of networks around it and of clouds' metadata, as programs have read them.
INNER_SPELLINGS = [
    "127.0.0.1", "127.0.0.2", "127.0.0.2.", "127.1", "127.2", "2130706433", "2130706434", "0x7f000001",
    "0x7f000002", "0177.0.0.1", "0177.0.0.2", "017700000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0", "0x0",
    "0.0.0.0", "localhost", "LOCALHOST", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
    "[fec0::1]", "[fe80::1]", "[fd00::1]", "[ff02::1]",
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "192.168.1.1", "0xc0a80101", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "100.64.0.1",
    "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255",
]  # fmt: skip
REFUSAL = "is not on the public internet|there is no such host"


@pytest.fixture
def allowed(settings):
    """127.0.0.1 and no other address may be asked."""
    settings.IMPORT_NETWORKS = ["127.0.0.1/32"]


@pytest.fixture
def shop(allowed):
    """A well-behaved site that may be asked."""
    with servers.site({"/a.jpg": PICTURE, "/größe 1.jpg": PICTURE}) as site:
        yield site


@pytest.fixture
def canary():
    """A site in the own network: nobody must as much as connect to it."""
    with servers.site({"/": PICTURE}, host="127.0.0.2") as site:
        yield site
        assert site.is_untouched


@pytest.fixture(scope="module")
def everywhere():
    """A canary at every address of this machine."""
    with servers.site({}, host="0.0.0.0") as site:
        yield site


@pytest.fixture(scope="module")
def at_nine():
    with servers.site({}, host="127.0.0.9") as site:
        yield site


@pytest.fixture
def outer(at_nine, settings):
    """A site at the one address that is allowed here."""
    settings.IMPORT_NETWORKS = ["127.0.0.9/32"]
    return at_nine


@pytest.mark.parametrize("ip", INNER_ADDRESSES)
def test_an_address_that_is_not_public_is_known(ip):
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001::1",
    ],
)  # fmt: skip
def test_a_public_address_is_known(ip):
    assert is_public(ip)


def test_a_picture_is_fetched_as_it_is(shop):
    assert fetch.fetch(shop.url("/a.jpg?size=1,2#top")) == PICTURE
    assert shop.asked == ["/a.jpg?size=1,2"]
    assert shop.headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer"} & shop.headers.keys()


def test_an_address_in_any_script_is_asked_for(shop):
    shop.pages["/gr%C3%B6%C3%9Fe%201.jpg"] = PICTURE
    assert fetch.fetch(shop.url("/größe 1.jpg")) == PICTURE


@pytest.mark.parametrize("way", ["directly", "by a redirect"])
@pytest.mark.parametrize("host", INNER_SPELLINGS)
def test_no_spelling_of_an_inner_address_is_connected_to(outer, everywhere, host, way):
    outer.pages["/away"] = servers.redirect(everywhere.url("/", host))
    with pytest.raises(FetchRefused, match=REFUSAL):
        fetch.fetch(everywhere.url("/", host) if way == "directly" else outer.url("/away"))
    assert everywhere.is_untouched


@pytest.mark.parametrize("way", ["at once", "at the second look"])
@pytest.mark.parametrize("ip", INNER_ADDRESSES)
def test_no_name_of_an_inner_address_is_connected_to(outer, everywhere, monkeypatch, ip, way):
    outer.pages["/away"] = servers.redirect(everywhere.url("/", "shop.test"))
    answers = [[ip]] if way == "at once" else [["127.0.0.9"], [ip]]
    asked = resolver(monkeypatch, *answers)
    with pytest.raises(FetchRefused, match=REFUSAL):
        fetch.fetch((everywhere if way == "at once" else outer).url("/away", "shop.test"))
    assert len(asked) == len(answers)
    assert everywhere.is_untouched


def test_a_canary_notices_whoever_connects_and_says_nothing():
    with servers.site({}, host="0.0.0.0") as canary:
        socket.create_connection(("127.0.0.2", canary.server_address[1])).close()
        assert not canary.is_untouched


@pytest.mark.parametrize("status", fetch.REDIRECTS)
def test_a_redirect_into_the_own_network_is_refused(shop, canary, status):
    shop.pages["/away"] = servers.redirect(canary.url("/"), status)
    with pytest.raises(FetchRefused, match=r"127\.0\.0\.2 is not on the public internet"):
        fetch.fetch(shop.url("/away"))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://127.0.0.2/", "ftp://x/", "", "javascript:1"]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(shop, target):
    shop.pages["/away"] = servers.redirect(target)
    with pytest.raises(FetchRefused):
        fetch.fetch(shop.url("/away"))


def test_redirects_are_followed_three_times(shop):
    for number in range(5):
        shop.pages[f"/{number}"] = servers.redirect(f"/{number - 1}" if number else "/a.jpg")
    assert fetch.fetch(shop.url("/2")) == PICTURE
    with pytest.raises(FetchRefused, match="redirects more than 3 times"):
        fetch.fetch(shop.url("/3"))


def resolver(monkeypatch, *answers):
    """Answer for `shop.test` with one list of addresses after the other; returns what was asked."""
    asked, real = [], socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host != "shop.test":
            return real(host, port, *args, **kwargs)
        ips = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_that_changes_its_mind_leads_nowhere(shop, monkeypatch):
    """DNS rebinding: the second answer would be the own network, but nobody asks twice."""
    with servers.site({"/a.jpg": b"secret"}, host="127.0.0.2") as canary:
        asked = resolver(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        assert fetch.fetch(shop.url("/a.jpg", "shop.test")) == PICTURE
        assert asked == ["shop.test"]
        assert canary.is_untouched


def test_a_name_is_checked_again_for_each_redirect(shop, canary, monkeypatch):
    shop.pages["/away"] = servers.redirect(shop.url("/a.jpg", "shop.test"))
    resolver(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    with pytest.raises(FetchRefused, match=r"shop\.test is not on the public internet"):
        fetch.fetch(shop.url("/away", "shop.test"))
    assert shop.asked == ["/away"]


def test_a_name_with_one_address_of_the_own_network_is_refused(shop, canary, monkeypatch):
    resolver(monkeypatch, ["127.0.0.1", "127.0.0.2"])
    with pytest.raises(FetchRefused, match="is not on the public internet"):
        fetch.fetch(shop.url("/a.jpg", "shop.test"))
    assert shop.asked == []


def test_the_address_that_was_connected_to_is_checked_as_well(shop, monkeypatch):
    resolver(monkeypatch, ["127.0.0.1"])
    with servers.site({"/a.jpg": PICTURE}, host="127.0.0.2") as inner:
        there = socket.create_connection(inner.server_address)
        monkeypatch.setattr(socket, "create_connection", lambda *args: there)
        with pytest.raises(FetchRefused, match="is not on the public internet"):
            fetch.fetch(shop.url("/a.jpg", "shop.test"))
        assert inner.asked == []


def test_public_hosts_are_asked_at_the_usual_ports_only(monkeypatch):
    resolver(monkeypatch, ["8.8.8.8"])
    with pytest.raises(FetchRefused, match="only ports 80 and 443"):
        fetch.fetch("http://shop.test:6379/")


def test_proxies_of_the_environment_are_not_used(shop, canary, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url("/"))
    assert fetch.fetch(shop.url("/a.jpg")) == PICTURE


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "begin with http"),
        ("gopher://127.0.0.1:6379/_x", "begin with http"),
        ("ftp://example.com/a.jpg", "begin with http"),
        ("javascript:alert(1)", "begin with http"),
        ("data:image/png;base64,AAAA", "begin with http"),
        ("http://user:secret@example.com/a.jpg", "user name or password"),
        ("http://example.com\\@127.0.0.1/", "no address that can be fetched"),
        ("http://a\tb/", "no address that can be fetched"),
        ("http://example.com:x/", "no address that can be fetched"),
        ("http://[::1/", "no address that can be fetched"),
        ("http://" + "a" * 64 + ".com/", "no address that can be fetched"),
        ("http:///a.jpg", "names no host"),
        ("http://fe80::1%25eth0/", "no address|no host"),
        ("http://example.com/" + "a" * 2000, "more than 2000 bytes"),
    ],
)
def test_an_address_that_is_none_is_refused_without_asking_anybody(monkeypatch, url, words):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("was looked up"))
    with pytest.raises(FetchRefused, match=words) as refused:
        fetch.fetch(url)
    assert "secret" not in " ".join(refused.value.messages)


@pytest.mark.parametrize("endless", [servers.drip, servers.drip_headers, servers.carry_on])
def test_a_host_that_never_ends_is_cut_off(shop, monkeypatch, endless):
    monkeypatch.setattr(fetch, "TOTAL_S", 0.5)
    shop.pages["/slow"] = endless
    started = time.monotonic()
    with pytest.raises(HostFailed, match="took longer than"):
        fetch.fetch(shop.url("/slow"))
    assert time.monotonic() - started < 5


def test_a_host_that_says_nothing_is_cut_off(allowed, monkeypatch):
    monkeypatch.setattr(fetch, "CONNECT_S", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(HostFailed, match="took longer than"),
    ):
        fetch.fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_flood_is_read_no_further_than_the_limit(shop, settings):
    settings.IMAGE_MAX_BYTES = 1_000_000
    shop.pages["/flood"] = servers.flood
    with pytest.raises(FetchRefused, match="larger than 1 MB"):
        fetch.fetch(shop.url("/flood"))


def test_a_size_beyond_the_limit_is_refused_before_a_byte_is_read(shop):
    shop.pages["/large"] = lambda handler: servers.answer(handler, b"x", **{"Content-Length": "99999999999"})
    with pytest.raises(FetchRefused, match="larger than 12 MB"):
        fetch.fetch(shop.url("/large"))


def test_a_bomb_that_unpacks_itself_is_not_unpacked(shop):
    bomb = gzip.compress(bytes(50_000_000))
    shop.pages["/bomb"] = lambda handler: servers.answer(handler, bomb, Content_Encoding="gzip")
    with pytest.raises(FetchRefused, match="compressed, which was not asked for"):
        fetch.fetch(shop.url("/bomb"))


def test_a_picture_that_is_cut_off_is_refused(shop):
    shop.pages["/half"] = servers.hang_up
    with pytest.raises(FetchRefused, match="cut off"):
        fetch.fetch(shop.url("/half"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, FetchRefused), (403, FetchRefused), (204, FetchRefused), (429, HostFailed), (503, HostFailed)],
)
def test_what_the_host_answers_is_told_but_not_what_it_says(shop, status, kind):
    shop.pages["/no"] = lambda handler: servers.answer(handler, b"inner secrets", status=status)
    with pytest.raises(FetchRefused) as refused:
        fetch.fetch(shop.url("/no"))
    assert refused.value.messages == [
        f"The picture could not be fetched from 127.0.0.1: it answered {status}."
    ]
    assert type(refused.value) is kind


def test_a_host_that_does_not_exist_is_told(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostFailed, match=r"from nobody\.example: there is no such host"):
        fetch.fetch("https://nobody.example/a.jpg")


def test_a_certificate_that_nobody_vouches_for_is_refused(shop):
    with pytest.raises(HostFailed, match="certificate or encryption cannot be trusted"):
        fetch.fetch(shop.url("/a.jpg").replace("http:", "https:"))


def test_a_host_is_asked_for_two_pictures_at_a_time(shop):
    lock, waiting, seen = threading.Lock(), 0, []

    def slow(handler):
        nonlocal waiting
        with lock:
            waiting += 1
            seen.append(waiting)
        time.sleep(0.05)
        # No longer counted before the answer leaves: the next one may ask as soon as it has this one's bytes.
        with lock:
            waiting -= 1
        servers.answer(handler, PICTURE)

    shop.pages["/slow"] = slow
    hosts = Hosts()
    threads = [threading.Thread(target=hosts.fetch, args=[shop.url("/slow")]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert max(seen) == 2


def test_a_host_that_keeps_failing_is_left_in_peace(shop):
    shop.pages["/down"] = lambda handler: servers.answer(handler, status=503)
    hosts = Hosts()
    for _ in range(FAILURES_MAX + 3):
        with pytest.raises(FetchRefused):
            hosts.fetch(shop.url("/down"))
    assert len(shop.asked) == FAILURES_MAX
    with pytest.raises(FetchRefused, match="failed 5 times in a row and was not asked again"):
        hosts.fetch(shop.url("/a.jpg"))


def test_a_picture_that_is_missing_says_nothing_about_its_host(shop):
    hosts = Hosts()
    for _ in range(FAILURES_MAX + 3):
        with pytest.raises(FetchRefused, match="answered 404"):
            hosts.fetch(shop.url("/nothing"))
    assert hosts.fetch(shop.url("/a.jpg")) == PICTURE
