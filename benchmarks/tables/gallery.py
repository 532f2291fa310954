"""Write `savedmodels/README.md`: a picture and the card of each generator."""

import json
import os
from pathlib import Path

from keras_gan import presets

HEAD = """# Trained generators

Each folder is a SavedModel for TensorFlow Serving. It also holds the weights for Keras,
on any backend:

```python
sampler = keras_gan.from_preset("{name}")
images = sampler.generate(16, seed=0)
```

```sh
keras-gan serve savedmodels
```

The weights are stored in half precision if it gives the same pictures, within 1/255.
`model_card.json` in `assets.extra` of each says how it was trained and what was
measured. `python benchmarks/image_quality.py --ship savedmodels` writes this folder,
and so do `benchmarks/stacked_mnist.py` and `benchmarks/small_data.py`.
"""


def write(folder):
    """Write the README of a folder of trained generators.

    Args:
        folder: path of `savedmodels`.
    """
    folder = Path(folder)
    cards = {
        path.parents[2].name: json.loads(path.read_text())
        for path in sorted(folder.glob("*/1/assets.extra/model_card.json"))
    }
    if not cards:
        return
    parts = [HEAD.format(name=next(iter(cards)))]
    parts += [section(folder / name, card) for name, card in cards.items()]
    draft = folder / f".README.{os.getpid()}"
    draft.write_text("\n".join(parts))
    os.replace(draft, folder / "README.md")


def section(folder, card):
    """Return a generator's section of the page."""
    num_bytes = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    training = card["training"]
    lines = [
        f"## {folder.name}\n",
        f"{presets.get(card['preset']['name']).description}\n",
        f"![Generated images]({folder.name}/grid.png)\n",
        f"- Trained by `{training['command']}` on {training['images']:,} images",
        *(f"- {line}" for line in card["metrics"]),
        f"- {card['architecture']['num_parameters']:,} parameters, {card['weights']}, "
        f"{num_bytes / 2**20:.1f} MiB in all",
    ]
    return "\n".join(lines) + "\n"
