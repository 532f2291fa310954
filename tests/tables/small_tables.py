"""Small tables with every kind of column."""

import keras
import numpy as np
import pandas as pd

import keras_gan


def mixed(num_rows=300, seed=0):
    """Return a table of numbers, categories, dates, and what is missing."""
    rng = np.random.default_rng(seed)
    debt = np.where(rng.random(num_rows) < 0.4, 0.0, rng.lognormal(5, 1, num_rows))
    days = pd.to_timedelta(rng.integers(0, 900, num_rows), "D")
    counts = np.where(rng.random(num_rows) < 0.1, None, rng.integers(0, 9, num_rows))
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, num_rows),
            "debt": debt.round(2),
            "job": rng.choice(["cook", "smith", None], num_rows, p=[0.6, 0.3, 0.1]),
            "is_old": rng.random(num_rows) < 0.3,
            "day": pd.Timestamp("2020-01-01") + days,
            "text_day": (pd.Timestamp("2021-01-01") + days).strftime("%Y-%m-%d"),
            "gap": np.where(
                rng.random(num_rows) < 0.2, np.nan, rng.normal(size=num_rows)
            ),
            "count": pd.array(counts, dtype="Int32"),
            "size": pd.Categorical(
                rng.choice(list("sml"), num_rows), list("smlx"), ordered=True
            ),
            "nothing": [np.nan] * num_rows,
            "same": ["a"] * num_rows,
        }
    )


def small_gan(frame, seed=0, **networks):
    """Return a compiled model for a table, with tiny networks."""
    keras.utils.set_random_seed(seed)
    networks = {"units": (8,), "noise_dim": 2} | networks
    gan = keras_gan.models.TabularGAN.for_table(frame, seed=seed, **networks)
    compile_fast(gan)
    return gan


def compile_fast(gan, **settings):
    """Compile a model so that nothing is traced, but under JAX."""
    is_jax = keras.backend.backend() == "jax"
    gan.compile(run_eagerly=not is_jax, jit_compile=is_jax, **settings)
