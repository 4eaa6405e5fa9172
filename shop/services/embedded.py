"""Both services under one supervisor, and the environment that leads a program to them."""

from __future__ import annotations

from collections.abc import Mapping

from shop.services import ServiceUrls, urls
from shop.services.paths import State
from shop.services.postgres import postgres
from shop.services.supervisor import Supervisor
from shop.services.valkey import valkey


def start_services(supervisor: Supervisor, environment: Mapping[str, str]) -> dict[str, str]:
    """Start what `environment` has no address for, and return it with both addresses in it."""
    services = []
    if not environment.get("DATABASE_URL"):
        services.append(postgres(supervisor.home, supervisor.server_environment))
    if not environment.get("REDIS_URL"):
        services.append(valkey(supervisor.home, supervisor.server_environment))
    supervisor.start(*services)
    return with_urls(environment, urls(supervisor.state.root), supervisor.state)


def with_urls(environment: Mapping[str, str], found: ServiceUrls | None, state: State) -> dict[str, str]:
    """Add the addresses that `environment` does not give itself."""
    ours = found.environment() if found else {}
    given = {name: value for name, value in environment.items() if value or name not in ours}
    return {**ours, **given, "LOOKALIKE_STATE": str(state.root)}
