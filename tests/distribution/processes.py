"""Processes that play a game, and what they ended with."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np

SCRIPT = Path(__file__).with_name("games.py")


def start(kind, result, games, folder=None, **environment):
    backend = keras.backend.backend()
    given = [str(g) for g in (kind, result, games, folder) if g is not None]
    environment = {
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "1",  # as the package has it
        **environment,
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", SCRIPT, *given],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_workers(folder, result, games, **environment):
    """Two workers on this machine, as a cluster would start them."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(2)]
    addresses = [f"localhost:{s.getsockname()[1]}" for s in sockets]
    for one in sockets:
        one.close()
    return [
        start(
            "worker",
            result.with_stem(f"{result.stem}_{index}"),
            games,
            folder,
            WORKER=str(index),
            TF_CONFIG=json.dumps(
                {
                    "cluster": {"worker": addresses},
                    "task": {"type": "worker", "index": index},
                }
            ),
            **environment,
        )
        for index in range(2)
    ]


def finish(*processes):
    said = [process.communicate(timeout=240)[1] for process in processes]
    for process, what in zip(processes, said, strict=True):
        assert process.returncode == 0, what[-4000:]


def assert_same(result, expected, game, tolerance=1e-5):
    """Every weight, slot, counter and mean, and what is generated from them."""
    with np.load(result) as a, np.load(expected) as b:
        names = [name for name in b if name.startswith(f"{game}/")]
        assert names
        assert names == [name for name in a if name.startswith(f"{game}/")]
        for name in names:
            np.testing.assert_allclose(
                a[name], b[name], rtol=tolerance, atol=tolerance, err_msg=name
            )
