"""What every test starts from: the same seed, no window, a quiet TensorFlow."""

import os
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("MPLBACKEND", "Agg")
if "PYTEST_XDIST_WORKER" in os.environ:  # a thread each: workers share the cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

import keras
import pytest


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard():
    """Shells let jobs in the background ignore Ctrl-C, and all that these start."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def same_seed():
    keras.utils.set_random_seed(1234)


@pytest.fixture
def on_tensorflow():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("a TensorFlow format")
