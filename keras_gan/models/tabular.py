"""A GAN of tables: numbers, categories, dates, and what is missing."""

import os
import secrets
from pathlib import Path

import keras

from keras_gan import architectures, conditions, export, tables
from keras_gan.datasets.inputs import is_array
from keras_gan.models.gan import GAN
from keras_gan.models.table_sampling import TableSampler
from keras_gan.optimizers.ema import EMA
from keras_gan.optimizers.schedules import ConstantThenLinear
from keras_gan.penalties import R1, R2
from keras_gan.tables.reading import concatenated
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class TabularGAN(GAN):
    """A `GAN` that learns the rows of a table and makes new ones.

    The columns are coded by a `keras_gan.tables.TableCodec`: numbers as ranks, all else
    as one-hot blocks, missing values as a class of their own. The generator starts as a
    Gaussian copula, which knows the distribution of each column and their correlations,
    and learns the rest from the discriminator. Rare classes are trained on by
    sampling, as in CTGAN. `sample` returns a table with the columns, dtypes, bounds and
    rounding of the training rows.

    Args:
        codec: a fitted `keras_gan.tables.TableCodec`.
        generator: `keras.Model` from latents, or `[latents, condition]`, to rows; by
            default that of `keras_gan.architectures.tabular`.
        discriminator: `keras.Model` from rows, or `[rows, condition]`, to logits.
        prior: from `keras_gan.latents`; by default a standard normal.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: that of the codec, a `Vector` of all blocks; None for it.

    Raises:
        ValueError: if the networks do not fit the codec.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 50, "job": ["cook", "smith"] * 100})
    gan = keras_gan.models.TabularGAN.for_table(frame, seed=0)
    print(gan.codec.describe())
    gan.compile()
    gan.fit(frame, epochs=1, batch_size=50)
    table = gan.sample(10, where={"job": "cook"}, seed=0)
    ```

    Xu et al. 2019, "Modeling Tabular data using Conditional GAN", arXiv:1907.00503.
    """

    def __init__(
        self,
        codec: tables.TableCodec,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        prior=None,
        seed: int | None = None,
        name: str = "tabular_gan",
        condition: conditions.Condition | None = None,
    ):
        if not isinstance(codec, tables.TableCodec):
            raise ValueError(
                "`codec` must be a `keras_gan.tables.TableCodec`. Received: "
                f"{type(codec).__name__}. Of a table: "
                "`keras_gan.models.TabularGAN.for_table(frame)`."
            )
        if generator is None:
            generator = architectures.tabular_generator(codec)
        if discriminator is None:
            discriminator = architectures.tabular_discriminator(codec)
        size = sum(codec.block_sizes)
        condition = condition or (conditions.Vector(size) if size else None)
        super().__init__(
            generator, discriminator, prior, seed=seed, name=name, condition=condition
        )
        if self.image_shape != (codec.width,):
            raise ValueError(
                f"The generator makes rows of the shape {self.image_shape}, and those "
                f"of the codec have {(codec.width,)}. Make both networks by "
                "`keras_gan.architectures.tabular(codec)`."
            )
        self.codec = codec
        self.table_sampler = TableSampler(self)

    @classmethod
    def for_table(cls, data, schema=None, seed: int | None = None, **networks):
        """Return a model for a table: recognise its columns and make the networks.

        Args:
            data: `pandas.DataFrame`, or the path of a CSV or Parquet file.
            schema: dict from names of columns to kinds: `"number"`, `"integer"`,
                `"category"`, `"boolean"`, `"date"`, or `"drop"` to leave one out.
            seed: int, for all random draws of training; None for a fresh one.
            **networks: those of `keras_gan.architectures.tabular`, such as `units`.

        Raises:
            ValueError: on a table that cannot be learned from; see
                `keras_gan.tables.infer_columns`.
        """
        codec = tables.fit_codec(data, schema)
        return cls(codec, *architectures.tabular(codec, **networks), seed=seed)

    def compile(
        self,
        discriminator_optimizer=None,
        generator_optimizer=None,
        loss="non_saturating",
        discriminator_penalties=None,
        ema="default",
        num_steps: int | None = None,
        **kwargs,
    ):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            discriminator_optimizer: by default Adam with 5e-4, beta_1 = 0 and
                beta_2 = 0.95; see `num_steps`.
            generator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name.
            discriminator_penalties: by default `R1(0.1)` and `R2(0.1)`.
            ema: by default `EMA(20_000)`; None for none.
            num_steps: int, how many steps are to be trained. In the second half of them
                the default learning rates go to 0. None to leave them as they are.
            **kwargs: see `GAN.compile`.
        """
        if discriminator_penalties is None:
            discriminator_penalties = [R1(0.1), R2(0.1)]
        super().compile(
            discriminator_optimizer or _adam(num_steps),
            generator_optimizer or _adam(num_steps),
            loss,
            discriminator_penalties,
            ema=EMA(20_000) if ema == "default" else ema,
            **kwargs,
        )

    def fit(self, x=None, y=None, batch_size: int = 128, **kwargs):
        """Train on a table.

        Args:
            x: `pandas.DataFrame`, the path of a CSV or Parquet file, a
                `keras_gan.tables.HeldOut` for its rows to train on, or a
                `keras_gan.tables.TableBatches`; also encoded rows, an array
                `(num_rows, width)`.
            y: array, the conditions of encoded rows.
            batch_size: int.
            **kwargs: as for `keras_gan.GAN.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch.

        Raises:
            ValueError: on a table that is not as the codec knows it.
        """
        if is_array(x):
            kwargs["batch_size"] = batch_size
        elif isinstance(x, str | os.PathLike | tables.HeldOut) or hasattr(x, "columns"):
            x = tables.batches(self.codec, x, batch_size, self.seed or 0)
        return super().fit(x, y, **kwargs)

    def sample(
        self,
        num_rows: int,
        where: dict | None = None,
        seed: int | None = None,
        num_candidates: float = 4.0,
    ):
        """Make a table of new rows.

        Args:
            num_rows: int.
            where: dict from a column's name to the value that it is to have, a list of
                values, or for numbers and dates a pair `(low, high)`.
            seed: int; the same seed and arguments give the same table. None for a
                fresh one.
            num_candidates: float, how many rows are generated for each one that is
                kept. The discriminator chooses; see `keras_gan.tables.Refinement`. With
                1 all are kept.

        Returns:
            A `pandas.DataFrame`.

        Raises:
            ValueError: on a column or a value that no training row has, and if hardly
                any row meets `where`.
        """
        num_rows = arguments.integer("num_rows", num_rows)
        seed = secrets.randbits(31) if seed is None else arguments.seed(seed)
        parts = self.table_sampler.parts(num_rows, where, seed, num_candidates)
        return concatenated(list(parts))

    def describe_rows(self, num_candidates: float = 4.0) -> dict:
        """Return what a program needs to turn encoded rows into values.

        It is what JSON can hold, and part of the model card of a SavedModel, under
        `table`. `docs/tables.md` says what each entry means.

        Args:
            num_candidates: float; see `sample`.
        """
        return self.table_sampler.description(num_candidates)

    def export(
        self,
        path: str | os.PathLike,
        version: int | None = None,
        overwrite: bool = False,
        format: str = "saved_model",
        card: dict | None = None,
        num_candidates: float = 4.0,
    ) -> Path:
        """Write the generator to files that other programs load.

        It makes encoded rows, called `rows` in a SavedModel, each with the
        discriminator's logit at its end. The model card of a SavedModel holds
        `describe_rows`: with it, `keras-gan serve` answers with the rows of `sample`.

        Args:
            path: the folder of the model, in which the version becomes a folder;
                or, for the other formats, the file.
            version: int; None for the next free one.
            overwrite: whether what exists may be replaced.
            format: as for `keras_gan.Sampler.export`.
            card: dict for the model card of a SavedModel.
            num_candidates: float; see `sample`. With 1 the rows have no logit.

        Returns:
            The `pathlib.Path` of the version's folder, or of the file.

        Raises:
            ValueError: on an unknown format, and on a version that exists.
        """
        sampler = self.table_sampler.exported(num_candidates)
        if format != "saved_model":
            return sampler.export(path, version, overwrite, format)
        table = self.describe_rows(num_candidates)
        card = {**self.training_facts(), "table": table, **(card or {})}
        return export.saved_model(
            sampler.network,
            path,
            version,
            overwrite,
            sampler.prior,
            sampler.condition,
            card,
            output="rows",
        )

    def get_config(self):
        codec = keras.saving.serialize_keras_object(self.codec)
        return {**super().get_config(), "codec": codec}


def _adam(num_steps):
    rate = 5e-4
    if num_steps is not None:
        half = max(1, arguments.integer("num_steps", num_steps) // 2)
        rate = ConstantThenLinear(rate, half, half)
    return keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.95)
