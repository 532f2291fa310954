"""Measure synthetic tables on real ones: this GAN beside a copula and other baselines.

A table is split 70 to 30, stratified by the target. Rows with a missing value are left
out. A model is fitted on the 70%, and as many rows are drawn from it as there are; see
`keras_gan.tables.quality` for what is measured against the 30%.

The tables are those of the R packages modeldata and ggplot2, read by the package rdata
from the folder `data` of an unpacked package, or any CSV file:

    python benchmarks/tabular.py credit.csv --target Status --seeds 0 1 2

`--kinds ctgan` measures a peer, the package ctgan.

One thread is faster than two: OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1.
"""

import argparse
import json
import time

import keras_gan
from keras_gan import tables

import keras
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

BASELINES = ("real", "shuffled", "copula", "gan")
PEERS = ("ctgan",)


def fit_gan(train, steps, seed):
    """Return a function from a number of candidates to a table, and CPU seconds."""
    start = time.process_time()
    keras.utils.set_random_seed(seed)
    gan = keras_gan.models.TabularGAN.for_table(train, seed=seed)
    gan.compile(num_steps=steps)
    batches = tables.batches(gan.codec, train, 128, seed).with_steps_per_epoch(steps)
    gan.fit(batches, verbose=0)
    return gan, time.process_time() - start


def fit_ctgan(train, seed):
    """Return a table of the package ctgan with its defaults, and CPU seconds."""
    import ctgan
    import torch

    torch.set_num_threads(1)
    numbers = set(train.select_dtypes("number"))
    classes = [name for name in train if name not in numbers]
    start = time.process_time()
    model = ctgan.CTGAN()
    model.set_random_state(seed)
    model.fit(train, classes)
    seconds = time.process_time() - start
    return model.sample(len(train)).astype(train.dtypes), seconds


def synthesize(kind, train, steps, seed):
    """Return a table of as many rows as `train`, and the CPU seconds of its model."""
    if kind == "real":
        return train, 0.0
    if kind == "shuffled":
        rng = np.random.default_rng(seed)
        columns = {name: rng.permutation(train[name]) for name in train}
        return pd.DataFrame(columns).astype(train.dtypes), 0.0
    if kind == "copula":  # the generator before its training
        gan = keras_gan.models.TabularGAN.for_table(train, seed=seed)
        return gan.sample(len(train), seed=seed, num_candidates=1), 0.0
    if kind == "ctgan":
        return fit_ctgan(train, seed)
    gan, seconds = fit_gan(train, steps, seed)
    return gan.sample(len(train), seed=seed), seconds


def main():
    """Print one JSON line for each kind of table and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="a CSV or Parquet file")
    parser.add_argument("--target", help="a column of two classes")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=2_800)
    parser.add_argument(
        "--kinds", nargs="+", default=BASELINES, choices=(*BASELINES, *PEERS)
    )
    options = parser.parse_args()
    whole = pd.concat(tables.read_parts(options.data), ignore_index=True)
    whole = whole.dropna().reset_index(drop=True)
    labels = None if options.target is None else whole[options.target]
    parts = train_test_split(whole, test_size=0.3, random_state=0, stratify=labels)
    train, test = (part.reset_index(drop=True) for part in parts)
    for kind in options.kinds:
        for seed in options.seeds if kind != "real" else [0]:
            table, seconds = synthesize(kind, train, options.steps, seed)
            found = tables.quality(train, test, table, options.target)
            facts = {"kind": kind, "seed": seed, "cpu_seconds": round(seconds, 1)}
            facts |= {name: round(value, 4) for name, value in found.items()}
            print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
