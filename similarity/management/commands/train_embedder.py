"""`manage.py train_embedder`: train the ResNet50 on this catalogue, or on labelled pictures in files."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity import holdout, weights


class Command(BaseCommand):
    help = (
        "Train the ResNet50 on this catalogue or on labelled pictures in files, and write its weights with a "
        "card. Goes on where it was interrupted. KERAS_BACKEND=torch is faster, where PyTorch is there."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where checkpoint, weights and card are written")
        parser.add_argument("--styles", type=Path, help="CSV of labelled pictures instead of the catalogue")
        parser.add_argument("--images", type=Path, help="ZIP with their pictures, images/<id>.jpg")
        parser.add_argument(
            "--epochs", type=float, default=16, help="times each product is seen (default: 16)"
        )
        parser.add_argument("--rate", type=float, default=0.04, help="peak learning rate (default: 0.04)")
        parser.add_argument("--start", help="weights to go on from: fashion, imagenet or a path")
        parser.add_argument(
            "--input", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"), help="pixels; default 80 60"
        )
        parser.add_argument(
            "--bfloat16", action="store_true", help="mixed precision, where the processor has it"
        )

    def handle(
        self,
        *,
        folder: Path,
        styles: Path | None,
        images: Path | None,
        start: str | None,
        input: list[int] | None,
        bfloat16: bool,
        **options: Any,
    ) -> None:
        if (styles is None) != (images is None):
            raise CommandError("--styles and --images belong together.")
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        from similarity.training import card, dataset, network, prove, run

        if bfloat16:
            network.use_bfloat16()
        height, width = input or (80, 60)
        self.stdout.write("Reading pictures …")
        data = (
            dataset.of_files(styles, images, height, width)
            if styles and images
            else dataset.of_catalogue(height, width)
        )
        held_out = holdout.held_out(data.ids)
        rows = (~held_out).nonzero()[0]
        if len(rows) < run.BATCH or held_out.sum() < 2:
            raise CommandError(
                f"{len(data)} products with a picture, {held_out.sum()} of them held out: at least "
                f"{run.BATCH} to learn from and 2 held out are needed."
            )
        folder.mkdir(parents=True, exist_ok=True)
        try:
            first = weights.read(start).path if start else None
        except weights.WeightsError as error:
            raise CommandError(str(error)) from error
        plan = run.Plan(height, width, options["epochs"], options["rate"], first)
        self.stdout.write(f"{len(rows)} products to learn from, {held_out.sum()} held out.")

        def advance(step: int, steps: int, loss: float) -> None:
            self.stdout.write(f"step {step} of {steps}, loss {loss:.4f}")

        def look(share: float, trained: Any) -> None:
            proof = asdict(prove.prove(trained, data, held_out, gallery=3000))
            with (folder / "curve.jsonl").open("a") as curve:
                curve.write(json.dumps({"share": round(share, 4), **proof}) + "\n")
            self.stdout.write(json.dumps(proof))

        trained = run.train(data, rows, plan, folder / "checkpoint.npz", advance, look)
        proof = prove.prove(trained, data, held_out, queries=len(data))
        source = f"{styles.name} and {images.name}" if styles and images else "this shop's catalogue"
        written = card.write(trained, folder, plan, source, len(rows), proof)
        self.stdout.write(f"{written}: {json.dumps(asdict(proof))}")
