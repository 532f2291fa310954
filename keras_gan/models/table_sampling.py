"""Draw tables from a model: latents, rows, a choice among them, and a `DataFrame`."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan import backend, tables
from keras_gan.latents import Normal
from keras_gan.sampler import Sampler
from keras_gan.tables.row_draw import CHUNK, RowDraw
from keras_gan.tables.where import Where
from keras_gan.validation import networks

NUM_REFERENCE = 32_768


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
        codec, latent_dim = self.model.codec, self.model.prior.latent_dim
        Where(codec, where)  # before the refinement, which takes seconds
        refinement = self._refinement(_checked(num_candidates))
        draw = RowDraw(codec, refinement, latent_dim, num_rows, where, seed)
        run = self._runner(num_candidates > 1)
        while not draw.is_done:
            frame = codec.frame(draw.take(*run(*draw.inputs())))
            if len(frame):
                yield frame

    def network(self, has_logit: bool) -> keras.Model:
        """Return the network of an export: rows, each with the discriminator's logit.

        Args:
            has_logit: bool; without, the rows alone.
        """
        generator, sampler = self.model.network_to_sample(), self.model.sampler
        if not has_logit or self._rows_per_logit() != 1:
            return generator
        inputs = sampler.symbolic_inputs()
        given = inputs if isinstance(inputs, list | tuple) else [inputs]
        inputs = [keras.Input(each.shape[1:]) for each in given]
        rows = generator(inputs if len(inputs) > 1 else inputs[0])
        seen = [rows, *inputs[1:]]
        logit = self.model.discriminator(seen if len(seen) > 1 else rows)
        join = keras.layers.Concatenate(dtype="float32", name="rows_and_logit")
        return keras.Model(inputs, join([rows, logit]), name=self.model.name)

    def description(self, num_candidates: float) -> dict:
        """Return what decodes the rows of an export; see `TabularGAN.describe_rows`.

        Args:
            num_candidates: float.
        """
        model = self.model
        refinement = self._refinement(_checked(num_candidates))
        return {
            **model.codec.description(),
            "latent_dim": model.prior.latent_dim,
            "is_normal": type(model.prior) is Normal,
            "has_logit": num_candidates > 1 and self._rows_per_logit() == 1,
            "rows_per_draw": CHUNK,
            "refinement": refinement.get_config(),
        }

    def exported(self, num_candidates: float) -> Sampler:
        """Return the sampler whose files an export writes.

        Args:
            num_candidates: float.
        """
        model = self.model
        backend.sync_state(model)
        network = self.network(num_candidates > 1)
        return Sampler(network, model.prior, model.condition, model.name)

    def _runner(self, has_logits):
        """Return a function that runs the generator, and D for logits."""
        sampler, discriminator = self.model.sampler, self.model.discriminator
        # A logit of several rows does not tell which of them is not believed.
        has_logits = has_logits and self._rows_per_logit() == 1

        def run(normals, conditions):
            latents = sampler.prior.from_normal(normals)
            given = None if sampler.condition is None else conditions
            rows = sampler.synthesize(latents, condition=given, batch_size=CHUNK)
            if not has_logits:
                return rows, None
            inputs = rows if given is None else [rows, given]
            logits = backend.predict(discriminator, inputs, CHUNK)
            return rows, np.asarray(ops.convert_to_numpy(logits))[:, 0]

        return run

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
            run, codec = self._runner(num_candidates > 1), self.model.codec
            none, found = Where(codec, None), []
            latent_dim = self.model.prior.latent_dim
            for chunk in range(NUM_REFERENCE // CHUNK):
                rng = np.random.default_rng(chunk)
                conditions = none.conditions(CHUNK, rng)
                normals = rng.standard_normal((CHUNK, latent_dim), "float32")
                found.append(run(normals, conditions))
            rows = np.concatenate([rows for rows, _ in found])
            logits = None
            if found[0][1] is not None:
                logits = np.concatenate([each for _, each in found])
            refinement = tables.Refinement(
                codec, *codec.parse(rows), logits, num_candidates
            )
            self._refined = (key, refinement)
        return self._refined[1]


def _checked(num_candidates):
    if not num_candidates >= 1:
        raise ValueError(
            f"`num_candidates` must be at least 1. Received: {num_candidates}"
        )
    return float(num_candidates)
