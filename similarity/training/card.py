"""What is written at the end of a training: weights, their card for the shop, and one for people."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import keras

from similarity.training.network import save_half
from similarity.training.prove import Proof
from similarity.training.run import Plan

NAME = "resnet50-fashion"


def write(network: keras.Model, folder: Path, plan: Plan, source: str, products: int, proof: Proof) -> Path:
    """Write `<NAME>.weights.h5`, `.json` (which `EMBEDDER_WEIGHTS` reads) and `.md`; returns the weights.

    `source` says in words where the `products` learned from come from.
    """
    path = folder / f"{NAME}.weights.h5"
    save_half(network, path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    card = {"backbone": "ResNet50", "sha256": sha256, "input": [plan.height, plan.width]}
    (folder / f"{NAME}.json").write_text(json.dumps(card, indent=2) + "\n")
    (folder / f"{NAME}.md").write_text(text(sha256, path.stat().st_size, plan, source, products, proof))
    return path


def text(sha256: str, size: int, plan: Plan, source: str, products: int, proof: Proof) -> str:
    """The model card, in Markdown."""
    began = "the weights it was given" if plan.start else "random weights"
    rows = [
        f"| {name}, precision@5 | {proof.raw[name]:.3f} | {proof.refined[name]:.3f} |" for name in proof.raw
    ]
    rows.append(f"| spoiled photo, recall@1 | {proof.raw_spoiled:.3f} | {proof.refined_spoiled:.3f} |")
    return "\n".join(
        [
            f"# {NAME}.weights.h5",
            "",
            f"ResNet50 v1 without the top, average pooling, input {plan.height} rows × {plan.width} columns "
            f"through `preprocess_input`. {size:,} bytes, sha256 `{sha256}`.",
            "",
            f"**Data**: {products:,} products of {source}, a picture each; products whose id hashes to 1 "
            "modulo 10 (sha256) were held out.",
            "",
            "**Licence**: that of the pictures it learned from, which this card cannot know: say here what "
            "it allows before you pass the weights on.",
            "",
            f"**Recipe** (`manage.py train_embedder`): from {began}, {plan.epochs:g} epochs of two views per "
            f"product, peak learning rate {plan.learning_rate:g}; {json.dumps(asdict(plan), default=str)}.",
            "",
            f"**Measured** on {proof.queries:,} held-out products among {proof.gallery:,}, exact search:",
            "",
            "| | raw | half-whitened PCA, 256-d |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
