"""Draw tables from a model: latents, rows, a choice among them, and a `DataFrame`."""

from collections.abc import Iterator

import numpy as np
from keras import ops

from keras_gan import backend, tables
from keras_gan.tables.where import Where
from keras_gan.validation import networks

# So many candidates are drawn at a time, whatever the number of rows: the first rows of
# a seed are the same for every number.
CHUNK = 4096
NUM_REFERENCE = 32_768
# How many candidates are drawn for each row before `where` is given up.
PATIENCE = 2_000


class TableSampler:
    """Draw tables from a `keras_gan.models.TabularGAN`.

    Args:
        model: the `TabularGAN`.
    """

    def __init__(self, model):
        self.model = model
        self._refined = (None, None)

    def parts(
        self, num_rows: int, where=None, seed: int = 0, num_candidates: float = 4.0
    ) -> Iterator:
        """Yield tables that have `num_rows` rows together, each of a few thousand.

        Args:
            num_rows: int.
            where: dict or None; see `TabularGAN.sample`.
            seed: int.
            num_candidates: float; see `TabularGAN.sample`.

        Raises:
            ValueError: if hardly any row meets `where`.
        """
        codec = self.model.codec
        wanted = Where(codec, where)
        if not num_candidates >= 1:
            raise ValueError(
                f"`num_candidates` must be at least 1. Received: {num_candidates}"
            )
        refinement = self._refinement(float(num_candidates))
        draw = self._drawer(num_candidates > 1)
        num_made = chunk = 0
        while num_made < num_rows:
            rng = np.random.default_rng((seed, chunk))
            rows, logits = draw(rng, wanted.conditions(CHUNK, rng))
            ranks, classes = codec.parse(rows)
            kept = refinement.keeps(classes, logits, rng.random(CHUNK))
            frame = codec.table(refinement.adjust(ranks[kept]), classes[kept], rng)
            if wanted.is_filter:
                frame = frame[wanted.matches(frame)]
            frame = frame.iloc[: num_rows - num_made]
            num_made, chunk = num_made + len(frame), chunk + 1
            if len(frame):
                yield frame.reset_index(drop=True)
            if chunk * CHUNK > PATIENCE * (num_made + 10) * num_candidates:
                raise ValueError(
                    f"Of {chunk * CHUNK:,} rows drawn {num_made:,} meet "
                    f"`where={where!r}`. Ask for less."
                )

    def _drawer(self, has_logits):
        """Return a function that draws rows and D's logits for them."""
        sampler, discriminator = self.model.sampler, self.model.discriminator
        latent_dim, condition = sampler.prior.latent_dim, sampler.condition
        # A logit of several rows does not tell which of them is not believed.
        has_logits = has_logits and self._rows_per_logit() == 1

        def draw(rng, conditions):
            normals = rng.standard_normal((CHUNK, latent_dim), "float32")
            latents = sampler.prior.from_normal(normals)
            given = None if condition is None else conditions
            rows = sampler.synthesize(latents, condition=given, batch_size=CHUNK)
            if not has_logits:
                return rows, None
            inputs = rows if condition is None else [rows, conditions]
            logits = backend.predict(discriminator, inputs, CHUNK)
            return rows, np.asarray(ops.convert_to_numpy(logits))[:, 0]

        return draw

    def _rows_per_logit(self):
        model = self.model
        return networks.images_per_logit(
            model.discriminator, model.image_shape, model.condition
        )

    def _refinement(self, num_candidates):
        """Return the `Refinement` of the present weights."""
        networks_used = (self.model.network_to_sample(), self.model.discriminator)
        weights = [w for network in networks_used for w in network.get_weights()]
        key = (num_candidates, *(float(np.sum(np.abs(w))) for w in weights))
        if self._refined[0] != key:
            draw, codec = self._drawer(num_candidates > 1), self.model.codec
            none, found = Where(codec, None), []
            for chunk in range(NUM_REFERENCE // CHUNK):
                rng = np.random.default_rng(chunk)
                found.append(draw(rng, none.conditions(CHUNK, rng)))
            rows = np.concatenate([rows for rows, _ in found])
            logits = None
            if found[0][1] is not None:
                logits = np.concatenate([each for _, each in found])
            refinement = tables.Refinement(
                codec, *codec.parse(rows), logits, num_candidates
            )
            self._refined = (key, refinement)
        return self._refined[1]
