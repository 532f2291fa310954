"""Settings of every test: one seed, no window, a quiet TensorFlow, its backends."""

import gc
import itertools
import os
import runpy
import signal
import tempfile
from collections import Counter
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("MPLBACKEND", "Agg")
if "PYTEST_XDIST_WORKER" in os.environ:  # a thread each: workers share the cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
# Tests compile many small programs and run each a few times.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
if gc.isenabled():  # until all is imported, which takes a quarter less time
    gc.disable()
IS_JAX = os.environ.get("KERAS_BACKEND") == "jax"
if IS_JAX:
    runpy.run_path(Path(__file__).parent / "lean" / "jax_flags.py")

# Keras is imported in functions: the process that hands out the tests needs none.
BACKENDS = {"tensorflow", "jax", "torch"}
LEFT_OUT = "left out on "
DEAR = 5  # seconds of processor time; the summary names tests above them
LEAN = Path(__file__).with_name("lean")
CLOCK = pytest.StashKey()
PROGRAMS = "KERAS_GAN_TEST_PROGRAMS"  # the folder of jax_programs.py
# Tests there wait for processes: begun first, none is left to be waited for at the end.
FIRST = (
    "distribution/",
    "callbacks/test_checkpoint_kill.py",
    "models/test_backends_agree.py",
    "models/test_killed.py",
    "runs/test_determinism.py",
    "docs/test_notebooks.py",
    "serving/",
)


def pytest_configure(config):
    """Choose the kernels of TensorFlow; let JAX compile a program once.

    oneDNN makes a kernel for each shape that it meets, which takes longer than to run
    it a few times: a tenth of the tests' time. Slow tests, the processes of
    distribution/ and serving/, and the installed wheel have it, as users do.
    """
    if config.getoption("markexpr") != "slow":
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    if not IS_JAX:
        return
    if PROGRAMS not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="programs")
        config.add_cleanup(folder.cleanup)
        os.environ[PROGRAMS] = folder.name
    if hands_out_tests(config):
        return
    import jax_programs

    config.add_cleanup(jax_programs.compile_once())


def hands_out_tests(config):
    """Whether other processes, the workers, run the tests of this one."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return not is_worker and config.getoption("dist", "no") != "no"


def backends_of(marker):
    """The backends that a `backends` marker names, and its reason."""
    backends, reason = set(marker.args), marker.kwargs.get("reason")
    if not backends or not backends <= BACKENDS or not reason:
        raise pytest.UsageError(
            'Write @pytest.mark.backends("tensorflow", reason="..."), with one or '
            f"several of {sorted(BACKENDS)} and a reason. Received: {marker}"
        )
    return backends, reason


def pytest_collection_modifyitems(items):
    """Skip what the `backends` markers do not ask for, and begin with what waits."""
    import keras

    items.sort(key=begins_later)

    backend = keras.backend.backend()
    for item in items:
        for marker in item.iter_markers("backends"):
            backends, reason = backends_of(marker)
            if backend not in backends:
                reason = f"{LEFT_OUT}{backend}: {reason}"
                item.add_marker(pytest.mark.skip(reason=reason))


def begins_later(item):
    return not str(item.path.relative_to(Path(__file__).parent)).startswith(FIRST)


def pytest_collection_finish():
    """Look for garbage more seldom, and not in what is there before the first test.

    That is a twelfth of the processor time of a test that builds and trains networks.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def processor_seconds():
    """The processor time of this process, and of its children that have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    item.stash[CLOCK] = processor_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Note what the setup, the call or the teardown of a test took."""
    report = yield
    now = processor_seconds()
    report.processor_seconds = now - item.stash[CLOCK]
    item.stash[CLOCK] = now
    return report


def pytest_terminal_summary(terminalreporter):
    """Tell what tests cost, and what the `backends` markers left out, and why."""
    summarize_costs(terminalreporter)
    summarize_left_out(terminalreporter)


def summarize_costs(terminalreporter):
    costs = Counter()
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        costs[getattr(report, "nodeid", "")] += getattr(report, "processor_seconds", 0)
    dear = [(test, cost) for test, cost in costs.most_common() if cost > DEAR]
    terminalreporter.section(
        f"{costs.total():.0f} s of processor time, {len(dear)} tests above {DEAR} s"
    )
    for test, cost in dear:
        terminalreporter.line(f"{cost:6.1f} {test}")


def summarize_left_out(terminalreporter):
    reasons = [
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    left_out = [reason for reason in reasons if reason.startswith(LEFT_OUT)]
    if left_out:
        on_backend = left_out[0].split(": ", 1)[0]
        terminalreporter.section(f"{len(left_out)} tests {on_backend}")
        for reason in sorted(set(left_out)):
            number = left_out.count(reason)
            terminalreporter.line(f"{number:5} {reason.split(': ', 1)[1]}")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard():
    """Shells let jobs in the background ignore Ctrl-C, and all that these start."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def lean_processes():
    """What a test starts takes two seconds less to import Keras: see tests/lean."""
    folders = [str(LEAN), *filter(None, [os.environ.get("PYTHONPATH")])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(folders))
        yield


@pytest.fixture(scope="session", autouse=True)
def same_precision():
    """Precision "auto" is float32 on every machine: no step is timed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("keras_gan.precision.timing.bfloat16_cost", lambda: 1.0)
        yield


@pytest.fixture(autouse=True)
def same_seed():
    import keras

    keras.utils.set_random_seed(1234)


def optimize(is_on):
    """Say whether TensorFlow and JAX optimise what they trace; return what was so."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        before = tf.config.optimizer.get_experimental_options()
        tf.config.optimizer.set_experimental_options(
            {"disable_meta_optimizer": not is_on}
        )
        return not before.get("disable_meta_optimizer", False)
    if keras.backend.backend() == "jax":
        import jax

        before = jax.config.read("jax_disable_most_optimizations")
        jax.config.update("jax_disable_most_optimizations", not is_on)
        return not before
    return is_on


@pytest.fixture(scope="session", autouse=True)
def as_traced():
    """To optimise a program takes longer than the few steps that most tests take.

    In a process that a test starts, TensorFlow optimises, as it does for users.
    """
    import keras

    before = optimize(False)
    with pytest.MonkeyPatch.context() as patch:
        if keras.backend.backend() == "tensorflow":
            from tensorflow.python.util import tf_stack

            # Nobody reads where in the tests each operation was traced.
            trace = tf_stack.extract_stack()
            patch.setattr(tf_stack, "extract_stack", lambda stacklevel=1: trace)
        yield
    optimize(before)


@pytest.fixture
def optimized():
    """Programs are optimised, where they run for longer than that takes."""
    before = optimize(True)
    yield
    optimize(before)


@pytest.fixture(scope="module")
def eager():
    """Steps of games run eagerly on TensorFlow: to trace a few takes longer.

    What asks for several steps per execution is traced; so is what sets
    `gan.run_eagerly = False` after `compile`.
    """
    import keras

    import keras_gan
    from keras_gan.backend import num_devices

    compile_traced = keras_gan.AdversarialModel.compile

    def compile_eager(self, *args, **kwargs):
        compile_traced(self, *args, **kwargs)
        if kwargs.get("steps_per_execution", 1) == 1 and num_devices(self) == 1:
            self.run_eagerly = True

    with pytest.MonkeyPatch.context() as patch:
        if keras.backend.backend() == "tensorflow":
            patch.setattr(keras_gan.AdversarialModel, "compile", compile_eager)
        yield
