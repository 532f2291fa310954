"""The folder of a made-up run."""

import json
import math

import numpy as np
import pytest
from PIL import Image

EPOCHS = 30


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    (folder / "settings.json").write_text(json.dumps(settings()))
    columns = ["epoch", "images", "seconds", "d_loss", "g_loss", "real_score"]
    rows = [",".join([*columns, "fake_score", "penalty", "val_frechet_distance"])]
    for epoch in range(1, EPOCHS + 1):
        distance = f"{100 / epoch:.6f}" if epoch % 10 == 0 else ""
        losses = f"{1.386 - 1 / (epoch + 3):.4f},{0.69 + 1 / (epoch + 5):.4f}"
        scores = f"{0.5 + 0.4 / epoch:.4f},{0.5 - 0.4 / epoch:.4f}"
        penalty = f"{0.01 * math.exp(-epoch / 9):.6f}"
        counts = f"{epoch},{epoch * 640},{epoch * 3.5}"
        rows.append(",".join([counts, losses, scores, penalty, distance]))
    (folder / "log.csv").write_text("\n".join(rows) + "\n")
    (folder / "samples").mkdir()
    for epoch in range(EPOCHS + 1):
        grid(epoch).save(folder / "samples" / f"epoch_{epoch:04}.png")
    frames = [grid(epoch) for epoch in range(4)]
    frames[0].save(folder / "walk.webp", save_all=True, append_images=frames[1:])
    (folder / "metrics.json").write_text(json.dumps(measured()))
    (folder / "gan.keras").touch()
    return folder


def settings():
    ramp = {"cosine_ramp": {"start": 2e-4, "end": 5e-5, "share": 0.5}}
    adam = {"learning_rate": ramp, "beta_1": 0.0}
    return {
        "preset": {
            "name": "<b>mine & yours</b>",
            "description": "A made-up run.",
            "networks": {
                "make": "architectures.dcgan",
                "arguments": {"image_shape": [28, 28, 1], "latent_dim": 64},
            },
            "compile": {
                "discriminator_optimizer": {
                    "make": "keras.optimizers.Adam",
                    "arguments": adam,
                },
                "discriminator_penalties": [
                    {"make": "penalties.R1", "arguments": {"weight": 0.1}}
                ],
            },
            "prior": None,
            "num_images": 19200,
        },
        "seed": 3,
        "command": ["keras-gan", "train", "mine", "--images", "19200"],
        "options": {"images": 19200},
        "versions": {"keras": "3.15.0"},
        "machine": "2-core",
    }


def measured():
    return {
        "epoch": EPOCHS,
        "metrics": {"frechet_distance": 3.3333},
        "described": ["Frechet distance over pixels: frechet_distance 3.333"],
    }


def grid(epoch):
    """A picture whose first pixel holds its epoch."""
    rng = np.random.default_rng(epoch)
    pixels = rng.integers(0, 256, (64, 64), "uint8")
    pixels[0, 0] = epoch
    return Image.fromarray(pixels)
