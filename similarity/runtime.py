"""What computes the network: TensorFlow, or OpenVINO in int8. Reads files, loads neither of them.

A network in int8 lies beside its card, which says of which weights it was made and how faithful it is. One
that has passed the gate (`similarity.fidelity`) computes vectors of the same model; any other is a model of
its own.
"""

import hashlib
import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from similarity import weights
from similarity.fidelity import Fidelity
from similarity.weights import Weights, WeightsError

OPENVINO = "openvino"


def configured() -> Weights:
    """The weights of the settings, with what computes them. Raises `WeightsError`."""
    found = weights.read(settings.EMBEDDER_WEIGHTS)
    return in_int8(found) if settings.EMBEDDER_RUNTIME == OPENVINO else found


def find(sha256: str) -> Weights:
    """The weights with this hash, as configured where they are the configured ones. Raises `WeightsError`.

    Without a network in int8 TensorFlow computes, and the worker says so.
    """
    reason = ""
    try:
        found = configured()
        if found.sha256 == sha256:
            return found
    except WeightsError as error:
        reason = f"{error} "
    try:
        return weights.find(sha256, settings.EMBEDDER_WEIGHTS)
    except WeightsError as error:
        raise error if str(error) in reason else WeightsError(f"{reason}{error}") from error


def network_path(found: Weights) -> Path:
    """Where the network in int8 made of these weights lies; its `.bin` and its card `.json` lie beside it."""
    return Path(settings.STATE_DIR) / "int8" / f"{found.sha256[:16]}.xml"


def in_int8(found: Weights) -> Weights:
    """These weights computed in int8: under a hash of their own if that is not faithful.

    Raises `WeightsError` when there is no such network, it is damaged, or OpenVINO is not installed.
    """
    network = network_path(found)
    card_path = network.with_suffix(".json")
    if not card_path.is_file():
        raise WeightsError(
            f"EMBEDDER_RUNTIME=openvino: there is no network in int8 of {found.path.name} at {network}. "
            "Make it with `manage.py quantise_embedder`."
        )
    if find_spec(OPENVINO) is None:
        raise WeightsError(
            "EMBEDDER_RUNTIME=openvino: OpenVINO is not installed. "
            "Install it with `pip install -r requirements-openvino.lock`."
        )
    try:
        card = json.loads(card_path.read_text())
        made_of, sha256, fidelity = card["weights_sha256"], card["sha256"], Fidelity(**card["fidelity"])
        is_same = not fidelity.objection
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The card {card_path} does not say how faithful its network is: {error}."
        ) from error
    if made_of != found.sha256 or sha256 != hash_of(network):
        raise WeightsError(f"{network} is damaged or not the network that its card describes.")
    if is_same:
        return replace(found, network=network)
    return replace(found, network=network, sha256=sha256, name=f"{found.name} int8")


def hash_of(network: Path) -> str:
    """sha256 over the two files of a network; empty while one is missing."""
    try:
        parts = [weights.sha256_of(network.with_suffix(end)) for end in (".xml", ".bin")]
    except FileNotFoundError:
        return ""
    return hashlib.sha256("".join(parts).encode()).hexdigest()
