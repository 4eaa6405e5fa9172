"""Which machines a picture may be fetched from: those of the public internet, and what a setting names.

An address in a table is somebody else's idea of where our server should connect to. So each IP address is
checked, as a number and not as a name, and IPv6 is allowed only where it cannot stand for an IPv4 address
within. `ipaddress.is_private` alone lets carrier networks, NAT64, 6to4 and site-local addresses through.
"""

from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

# Global unicast; within it the ranges of IANA's registry that are not, or that carry an IPv4 address.
PUBLIC_V6 = IPv6Network("2000::/3")
SPECIAL_V6 = [
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
]
SPECIAL_V4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]


def is_public(ip: str) -> bool:
    """Whether this IP address is one of the public internet."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        return address in PUBLIC_V6 and not any(address in network for network in SPECIAL_V6)
    return not any(address in network for network in SPECIAL_V4)


def is_allowed_by_setting(ip: str) -> bool:
    """Whether this IP address is in one of the networks of IMPORT_NETWORKS."""
    address = ip_address(ip)
    return any(address in network for network in _networks(tuple(settings.IMPORT_NETWORKS)))


@cache
def _networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(text) for text in texts]
