"""The arithmetic of the training benchmark, and one tiny run of it."""

import importlib
import json
import subprocess
import sys
from dataclasses import replace
from math import prod
from pathlib import Path
from types import SimpleNamespace

import keras
import pytest

import keras_gan

pytestmark = pytest.mark.backends("tensorflow", reason="it names its backends itself")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FILES = ("entries", "flops", "keras_nets", "linear", "nets", "rounds", "targets")


@pytest.fixture
def steps(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return SimpleNamespace(
        **{name: importlib.import_module(f"steps.{name}") for name in FILES}
    )


@pytest.fixture
def build(steps):
    policy = keras.config.dtype_policy()
    yield lambda nets: steps.keras_nets.build(nets, "float32")
    keras.config.set_dtype_policy(policy)


@pytest.fixture
def measured(steps):
    """Makes a result of a program, by its key, from the seconds of its steps."""

    def make(key, step_seconds, **changes):
        peak = steps.entries.peak("tensorflow", "float32")
        entry = peak if key == "peak" else steps.entries.PROGRAMS[key]
        entry = replace(entry, **changes)
        return steps.rounds.Result(entry, step_seconds, 1.0, 2**20)

    return make


def test_flop_of_the_tutorial_step(steps):
    nets = steps.nets.tutorial()
    generator = [1_254_400, 40_140_800, 10_035_200, 313_600]
    assert steps.flops.generator_layers(nets) == generator
    assert steps.flops.discriminator_layers(nets) == [313_600, 10_035_200, 6_272]
    # G: outputs, weights, and what flows between its layers.
    of_generator = 51_744_000 + 51_744_000 + 50_489_600
    # D: the same on two batches, and once more all the way down to the fakes.
    of_discriminator = 2 * (10_355_072 + 10_355_072 + 10_041_472) + 10_355_072
    flop = steps.flops.of_step(nets, "simultaneous", 256)
    assert flop == 2 * 256 * (of_generator + of_discriminator) == 115_627_982_848


def test_flop_of_the_other_algorithms(steps):
    generator, discriminator = 51_744_000, 10_355_072  # multiply-adds of one pass

    def macs(algorithm):
        return steps.flops.of_step(steps.nets.tutorial(), algorithm, 1) // 2

    assert macs("share_fakes") - macs("simultaneous") == discriminator
    assert macs("algorithm_1") - macs("share_fakes") == generator
    assert macs("r1") - macs("simultaneous") == 3 * discriminator


@pytest.mark.parametrize("size", [28, 64])
def test_flop_of_the_networks_that_keras_builds(steps, build, size):
    """Every tap of a kernel meets every pixel of the smaller side."""
    nets = steps.nets.of_size(size)
    generator, discriminator = (
        [
            prod(layer.kernel.shape)
            * prod(min(layer.input.shape[1:-1], layer.output.shape[1:-1]))
            for layer in model.layers
            if hasattr(layer, "kernel")
        ]
        for model in build(nets)
    )
    assert generator == steps.flops.generator_layers(nets)
    assert discriminator == steps.flops.discriminator_layers(nets)


def test_networks_of_64_pixels_are_the_package_s(steps, build):
    ours = keras_gan.architectures.dcgan((64, 64, 3))
    for net, other in zip(build(steps.nets.dcgan()), ours, strict=True):
        assert [w.shape for w in net.weights] == [w.shape for w in other.weights]


@pytest.mark.parametrize("size", [28, 64])
def test_networks_in_torch_are_as_large(steps, build, size):
    torch = pytest.importorskip("torch")
    nets = steps.nets.of_size(size)
    torch_nets = importlib.import_module("steps.torch_nets").build(nets)
    for net, other in zip(torch_nets, build(nets), strict=True):
        weights = sum(weight.numel() for weight in net.parameters())
        assert weights == sum(prod(w.shape) for w in other.trainable_weights)
    generator, discriminator = torch_nets
    fakes = generator(torch.zeros(2, nets.latent_dim))
    height, width, channels = nets.image_shape
    assert fakes.shape == (2, channels, height, width)
    assert discriminator(fakes).shape == (2, 1)


def test_ratios_are_taken_within_a_round(measured):
    slow, fast = measured("loop", [1.0, 4.0, 2.0]), measured("ours", [0.5, 1.0, 2.0])
    assert fast.times_faster_than(slow) == [2.0, 4.0, 1.0]
    half = measured("ours", [0.5, 1.0, 2.0], batch_size=128)
    assert half.times_faster_than(slow) == [1.0, 2.0, 0.5]  # in images a second


def test_share_of_the_best_peak_of_the_round(measured):
    peaks = measured("peak", [5.0, 4.0]), measured("peak", [4.0, 8.0])  # per 10^12
    ours = measured("ours", [1.0, 0.5])
    shares = 0.115627982848 * 4 / 1.0, 0.115627982848 * 4 / 0.5
    assert ours.shares_of(peaks) == pytest.approx(shares)


def test_targets_say_what_is_missed(steps, measured):
    results = [
        measured("loop", [0.60, 0.66]),
        measured("ours", [0.60, 0.60]),
        measured("keras-io", [0.96, 0.96]),
        measured("peak", [4.0, 4.0]),
    ]
    rows = [target.row() for target in steps.targets.of_comparison(results)]
    assert [row[1:] for row in rows] == [
        ("at least 1.00", "1.05", "met"),
        ("at least 1.70", "1.60", "**MISSED**"),
        ("at least 70%", "77%", "met"),
    ]
    (first,) = steps.targets.of_first_steps([1.0, 2.0, 9.0], [2.0, 3.0, 3.0])
    assert (first.value, first.is_met) == (1.5, False)


def test_line(steps):
    line = steps.linear.fit([1, 2, 4], [5.0, 7.0, 11.0])
    assert (line.start, line.slope) == pytest.approx((3.0, 2.0))
    assert line.deviation == pytest.approx(0, abs=1e-9)
    bent = steps.linear.fit([1, 2, 3], [1.0, 2.0, 9.0])
    worst = max(abs(cost / bent(x) - 1) for x, cost in ((1, 1), (2, 2), (3, 9)))
    assert bent.deviation == pytest.approx(worst)
    assert bent.deviation > 0.15


OLD, NEW = {"avx2"}, {"avx2", "avx512_vnni", "avx512_bf16"}


def test_who_takes_part(steps, monkeypatch):
    monkeypatch.setattr(steps.entries, "instructions", lambda: NEW)

    def keys(backends, chosen=()):
        field = steps.entries.comparison("quick", 28, 64, backends, chosen)
        return [(entry.key, entry.backend) for entry in field]

    assert keys(("jax", "torch")) == [
        ("torch", "torch"),
        ("peak", "jax"),
        ("peak", "torch"),
    ]
    assert keys(("tensorflow",), ("ours",)) == [("ours", "tensorflow")] * 2


@pytest.mark.parametrize(
    ("instructions", "with_onednn", "in_bfloat16"), [(OLD, 1, 0), (NEW, 0, 2)]
)
def test_the_processor_says_which_rows_tell_something(
    steps, monkeypatch, instructions, with_onednn, in_bfloat16
):
    monkeypatch.setattr(steps.entries, "instructions", lambda: instructions)
    monkeypatch.setattr(steps.entries, "has_gpu", lambda: False)
    field = steps.entries.comparison("quick", 28, 64, ("tensorflow", "torch"))
    programs = [(entry.key, entry.dtype) for entry in field if entry.key != "peak"]
    assert programs.count(("loop-onednn", "float32")) == with_onednn
    assert [dtype for _, dtype in programs].count("mixed_bfloat16") == in_bfloat16


def test_a_program_may_have_an_environment_of_its_own(steps, monkeypatch):
    started = []
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    monkeypatch.setattr(
        steps.rounds.subprocess, "Popen", lambda *_, env, **__: started.append(env)
    )
    for key in ("loop", "loop-onednn"):
        steps.rounds.Process(steps.entries.PROGRAMS[key]).log.close()
    assert [env.get("TF_ENABLE_ONEDNN_OPTS") for env in started] == [None, "1"]


@pytest.mark.slow
def test_a_tiny_run(tmp_path):
    tiny = ("--size=8", "--batch-size=2", "--rounds=2", "--seconds=0.01")
    field = ("--part=peers", "--contestant=loop", "--contestant=ours")
    json_path, markdown_path = tmp_path / "steps.json", tmp_path / "steps.md"
    printed = subprocess.run(
        [
            *(sys.executable, BENCHMARKS / "train_step.py", *field, *tiny),
            *(f"--json={json_path}", f"--markdown={markdown_path}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert printed.returncode == 0, printed.stderr
    assert markdown_path.read_text().strip() == printed.stdout.strip()
    assert "8 px, batch 2: keras_gan over TensorFlow tutorial loop" in printed.stdout

    figures = json.loads(json_path.read_text())
    loop, ours = figures["comparisons"][0]["results"]
    assert (loop["entry"]["key"], ours["entry"]["key"]) == ("loop", "ours")
    for result in (loop, ours):
        assert len(result["step_seconds"]) == 2
        assert min(result["step_seconds"]) > 0
    ratios = [
        a / b for a, b in zip(loop["step_seconds"], ours["step_seconds"], strict=True)
    ]
    assert figures["targets"][0]["value"] == pytest.approx(sum(ratios) / 2)
