"""Whose requests are counted together, also behind proxies and against forged headers."""

import pytest
from django.test import RequestFactory

from shop import limits


def client(forwarded: str = "", address: str = "10.0.0.1") -> str:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return limits.client(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.7", "10.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "made up, 127.0.0.1, 198.51.100.7", "198.51.100.7"),
        (2, "made up, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        (2, "192.0.2.1", "10.0.0.1"),  # it came past one of our proxies
        (1, "", "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, forwarded, counted):
    settings.PROXIES = proxies
    assert client(forwarded) == counted


def test_one_customer_of_ipv6_is_one_client():
    assert client(address="2001:db8:1:2::1") == client(address="2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert client(address="2001:db8:1:3::1") != client(address="2001:db8:1:2::1")


def test_an_ipv4_address_in_ipv6_clothes_is_the_same_client():
    assert client(address="::ffff:198.51.100.7") == client(address="198.51.100.7")


def test_what_is_no_address_is_cut_short(settings):
    settings.PROXIES = 1
    assert client("x" * 5000) == "x" * 100
