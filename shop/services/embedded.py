"""Both services under one supervisor, and the environment that leads a program to them."""

from __future__ import annotations

from collections.abc import Mapping

from shop.services.keyring import stored_secrets
from shop.services.paths import State
from shop.services.postgres import postgres
from shop.services.supervisor import Supervisor
from shop.services.urls import database_url, redis_url
from shop.services.valkey import valkey


def start_services(supervisor: Supervisor, environment: Mapping[str, str]) -> dict[str, str]:
    """Start what `environment` has no address for, and return it with both addresses in it."""
    services = []
    if not environment.get("DATABASE_URL"):
        services.append(postgres(supervisor.home, supervisor.server_environment))
    if not environment.get("REDIS_URL"):
        services.append(valkey(supervisor.home, supervisor.server_environment))
    supervisor.start(*services)
    return with_urls(environment, supervisor.state)


def with_urls(environment: Mapping[str, str], state: State) -> dict[str, str]:
    """Add the addresses of the embedded services, except where `environment` names another."""
    complete = {**environment, "LOOKALIKE_STATE": str(state.root)}
    secrets = stored_secrets(state)
    if not complete.get("DATABASE_URL") and "postgres" in secrets:
        complete["DATABASE_URL"] = database_url(state, secrets["postgres"])
    if not complete.get("REDIS_URL") and "valkey" in secrets:
        complete["REDIS_URL"] = redis_url(state, secrets["valkey"])
    return complete
