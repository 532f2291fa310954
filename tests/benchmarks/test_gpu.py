"""The benchmark on a GPU: its counts, limits, table and training, without a GPU."""

import importlib
import json
import subprocess
import sys
from dataclasses import replace
from math import prod
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from click.testing import CliRunner

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FILES = ("flops", "gpu_cases", "gpu_report", "one_by_one", "nets", "presets", "rounds")
once = pytest.mark.backends("torch", reason="it names its backends itself")


@pytest.fixture
def steps(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return SimpleNamespace(
        **{name: importlib.import_module(f"steps.{name}") for name in FILES}
    )


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("gpu")


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


@once
def test_flop_of_r3gan_by_hand(steps):
    nets = steps.nets.r3gan(
        is_tiny=True
    )  # 8 px, widths 16 and 8, one block, groups of 8
    block_of_4_px = [16 * 16 * 32, 16 * 9 * 32 * 8, 16 * 32 * 16]
    block_of_8_px = [64 * 8 * 16, 64 * 9 * 16 * 8, 64 * 16 * 8]
    wider, ends = 16 * 16 * 8, 64 * 8 * 3
    generator, discriminator = steps.flops.r3gan_layers(nets)
    assert generator == [16 * 16, *block_of_4_px, wider, *block_of_8_px, ends]
    assert sum(discriminator) == sum(generator)  # the dense layers are as large, here
    inner = sum(discriminator) - ends
    flop = steps.flops.of_passes(generator, discriminator, "r3gan", 2)
    by_hand = 3 * sum(generator) + sum(generator[1:]) + 13 * sum(discriminator)
    assert flop == 2 * 2 * (by_hand + 2 * inner)


@once
@pytest.mark.parametrize("is_tiny", [True, False], ids=["tiny", "published"])
def test_flop_of_r3gan_in_keras(steps, is_tiny):
    made = steps.presets.r3gan(is_tiny).make_networks()
    counted = [sorted(steps.flops.layers_of(network)) for network in made.values()]
    by_hand = steps.flops.r3gan_layers(steps.nets.r3gan(is_tiny))
    assert counted == [sorted(layers) for layers in by_hand]


@pytest.mark.backends("jax", reason="XLA counts what is traced under JAX")
def test_flop_of_a_step_of_r3gan_by_xla(steps):
    import jax

    from keras_gan import GAN, backend

    wide = {"width": (256,), "latent_dim": 8, "num_blocks": 1, "group_size": 8}
    preset = steps.presets.r3gan(True).replace((4, 4, 3), arguments=wide)
    gan = GAN(**preset.make_networks(), condition=preset.condition, seed=0)
    plain = {"augment": None, "ema": None}
    plain |= {f"{player}_optimizer": keras.optimizers.SGD() for player in gan.players}
    gan.compile(**(preset.compile_arguments() | plain))
    variables = (
        gan.trainable_variables,
        gan.non_trainable_variables,
        gan.optimizer.variables,
        gan.metrics_variables,
    )
    state = [[variable.value for variable in group] for group in variables]
    batch = np.zeros((8, 4, 4, 3), "float32"), np.zeros(8, "int32")
    step = jax.jit(lambda *args: backend.train_step(gan, *args)).lower(state, batch)
    layers = [steps.flops.layers_of(net) for net in (gan.generator, gan.discriminator)]
    counted = steps.flops.of_passes(*layers, "r3gan", 4)
    assert step.cost_analysis()["flops"] == pytest.approx(counted, rel=0.05)


@once
def test_the_peer_of_r3gan_is_as_large(steps):
    peer = importlib.import_module("steps.r3gan_torch")
    ours = steps.presets.r3gan(True).make_networks().values()
    nets = steps.nets.r3gan(is_tiny=True)
    for kind, network in zip((peer.Generator, peer.Discriminator), ours, strict=True):
        weights = sum(weight.numel() for weight in kind(nets).parameters())
        assert weights == sum(prod(w.shape) for w in network.trainable_weights)


@once
@pytest.mark.parametrize("is_tiny", [True, False], ids=["tiny", "published"])
def test_flop_of_stylegan2_in_keras(steps, is_tiny):
    made = steps.presets.stylegan2(is_tiny).make_networks().values()
    by_hand = steps.flops.stylegan2_layers(steps.nets.stylegan2(is_tiny))
    for network, layers in zip(made, by_hand, strict=True):
        counted = steps.flops.layers_of(network)
        assert sorted(counted) == sorted(layers)
        assert counted[0] == layers[0]


@once
def test_the_peer_of_stylegan2_computes_the_same(steps, tmp_path):
    import torch

    from keras_gan.convert import convert

    peer = importlib.import_module("steps.stylegan2_torch")
    nets = steps.nets.stylegan2(is_tiny=True)
    torch.manual_seed(0)
    generator, discriminator = peer.Generator(nets), peer.Discriminator(nets)
    for name, network in (("g.pth", generator), ("d.pth", discriminator)):
        torch.save(network.state_dict(), tmp_path / name)
    ours = convert(tmp_path / "g.pth")
    critic = convert(tmp_path / "d.pth", group_size=nets.group_size)
    sizes = [sum(each.numel() for each in generator.parameters())]
    sizes += [sum(each.numel() for each in discriminator.parameters())]
    assert sizes == [
        sum(prod(weight.shape) for weight in network.trainable_weights)
        for network in (ours, critic)
    ]
    latents = torch.randn(16, nets.latent_dim)
    with torch.no_grad():
        w = generator.mapping(latents, follows=False)
        images = generator.synthesis(w[:, None].repeat(1, generator.num_ws, 1))
        logits = discriminator(images)
        channels_last = images.permute(0, 2, 3, 1)
        expected = ours.synthesis(ours.per_layer(ours.mapping(latents)))
        found = channels_last.clamp(-1, 1)  # as ours does at inference
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(logits, critic(channels_last), rtol=1e-4, atol=1e-4)


@once
def test_the_most_important_come_first(steps):
    cases = steps.gpu_cases
    batches = {"dcgan": 128, "r3gan": 128, "stylegan2": 32}
    settings = {"augmented": False, "compiled": False, "steps_per_execution": 1}
    rows = cases.cases(
        ("dcgan", "r3gan"), ("jax", "peer"), ("bf16",), batches, False, settings
    )
    keys = [(row.name, row.program, row.entry.backend) for row in rows]
    assert keys == [
        ("dcgan", "jax", "jax"),
        ("dcgan", "peer", "torch"),
        ("r3gan", "jax", "jax"),
        ("r3gan", "peer", "torch"),
    ]
    assert {(row.entry.dtype, row.entry.matmul) for row in rows} == {
        ("mixed_bfloat16", "tf32")
    }
    assert rows[0].entry.flop == steps.flops.of_step(
        steps.nets.dcgan(), "share_fakes", 128
    )


class FakeProcess:
    """Answers as `steps.worker` does; the batch is the seconds of its step."""

    running = ()

    def __init__(self, entry, waits):
        assert waits
        self.entry, self.said = entry, []
        FakeProcess.running += (entry.module,)

    def answer(self, limit):
        if self.entry.module == "slow":
            raise TimeoutError
        if self.entry.module == "broken":
            raise RuntimeError("No memory")
        if not self.said:
            return {"build_seconds": 1.0}
        if self.said == ["first step"]:
            return {"first_step_seconds": 2.0, "period": 16, "flop": None}
        num_steps = self.said[-1]
        return {"num_steps": num_steps, "seconds": num_steps * self.entry.batch_size}

    def tell(self, line):
        self.said.append(line)

    def kill(self):
        running = list(FakeProcess.running)
        running.remove(self.entry.module)
        FakeProcess.running = tuple(running)

    def close(self):
        pass


@once
def test_what_fails_and_what_does_not_fit_is_said(steps, monkeypatch):
    monkeypatch.setattr(steps.one_by_one, "Process", FakeProcess)
    (peak,) = (case.entry for case in steps.gpu_cases.peaks("torch", ("tf32",), True))
    modules = ("good", "broken", "slow", "good")
    entries = [replace(peak, module=module, batch_size=3) for module in modules]
    limits = steps.one_by_one.Limits(each=5.0, window=100.0, num_windows=2, together=2)
    found = dict(enumerate(steps.one_by_one.OneByOne(limits, print).measure(entries)))
    found = {each[0].module + str(i): each[1] for i, each in found.items()}
    assert found["broken0"] == "building: No memory"
    good = [figures for name, figures in found.items() if name.startswith("good")]
    assert [figures["step_seconds"] for figures in good] == [[3.0, 3.0]] * 2
    assert [figures["num_steps"] for figures in good] == [32, 32]  # 33, in periods
    assert "building took more than 5 s" in found.values()
    assert FakeProcess.running == ()

    alone = steps.one_by_one.OneByOne(replace(limits, together=1), print)
    found = [figures for _, figures in alone.measure(entries)]
    assert [isinstance(figures, str) for figures in found] == [True, False, True, False]
    assert "slow" not in FakeProcess.running

    late = steps.one_by_one.OneByOne(replace(limits, budget=0.0), print)
    assert list(late.measure([peak])) == [(peak, "not begun: the budget is spent")]


@once
def test_the_table(steps):
    (peak,) = steps.gpu_cases.peaks("torch", ("tf32",), is_tiny=False)
    settings = {"augmented": False, "compiled": False, "steps_per_execution": 1}
    cases = steps.gpu_cases.cases(
        ("dcgan",), ("jax", "peer"), ("tf32",), {"dcgan": 128}, False, settings
    )
    found = {"device": "a GPU", "peak_device_bytes": 2**30, "peak_bytes": 1}
    found |= {"first_step_seconds": 1.0, "build_seconds": 1.0, "flop": None}
    seconds = peak.entry.flop, [0.002, 0.004], [0.004, 0.008]
    rows = [
        steps.gpu_report.row_of(peak, {**found, "flop": 1e9, "step_seconds": [1e-3]})
    ]
    rows += [
        steps.gpu_report.row_of(case, {**found, "step_seconds": each})
        for case, each in zip(cases, seconds[1:], strict=True)
    ]
    left_out = [{**steps.gpu_report.name_of(cases[0]), "why": "Traceback\nOut of it."}]
    figures = steps.gpu_report.figures(rows, left_out, 3.0, True)
    lines = steps.gpu_report.markdown(figures).splitlines()
    ours = next(line for line in lines if "keras_gan on JAX" in line)
    cells = [cell.strip() for cell in ours.strip("|").split("|")]
    flop = steps.flops.of_step(steps.nets.dcgan(), "share_fakes", 128)
    share = flop / 0.003 / 1e12
    assert cells[3:8] == [
        "3.00 (2.00 to 4.00)",
        f"{128 / 0.003:,.0f}",
        f"{share:.3g}",
        f"{share:.0%}",
        "2.00",
    ]
    assert cells[8] == "1.00"
    assert "Left out: DCGAN, 64 px: keras_gan on JAX, tf32: Out of it." in lines


@once
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("matmul_peak", {"side": 16}),
        ("presets", {"name": "r3gan", "is_tiny": True}),
        ("presets", {"name": "stylegan2", "is_tiny": True}),
        ("r3gan_torch", {"is_tiny": True}),
        ("stylegan2_torch", {"is_tiny": True}),
    ],
    ids=["peak", "r3gan", "stylegan2", "plain-r3gan", "plain-stylegan2"],
)
def test_a_program_takes_steps(steps, policy, module, options):
    program = importlib.import_module(f"steps.{module}").build(
        None, 4, "mixed_bfloat16", **options
    )
    program.first_step()
    seconds, num_steps = program.round(2)
    assert num_steps == 2
    assert seconds > 0
    assert program.flop > 0


@pytest.mark.slow
@once
def test_a_tiny_run(tmp_path):
    path = tmp_path / "gpu.json"
    few = ("--case=r3gan", "--program=peer", "--program=torch", "--precision=tf32")
    few = (*few, "--tiny", "--seconds=0.01", "--rounds=2")
    printed = subprocess.run(
        [sys.executable, BENCHMARKS / "gpu.py", *few, f"--json={path}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert printed.returncode == 0, printed.stderr
    figures = json.loads(path.read_text())
    assert figures["left_out"] == []
    names = [(row["case"], row["program"]) for row in figures["rows"]]
    assert names == [("peak", "torch"), ("r3gan", "peer"), ("r3gan", "torch")]
    _, peer, ours = figures["rows"]
    assert peer["flop"] == ours["flop"]
    assert min(peer["images_per_second"], ours["images_per_second"]) > 0


def arrays_file(path, **arrays):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (12, 8, 8, 3), "uint8")
    arrays = arrays or {"images": images, "labels": np.arange(12) % 3}
    np.savez(path, **arrays)
    return path


@pytest.mark.backends("torch", reason="runs are resumed on each in tests/runs")
def test_training_on_arrays_goes_on(gpu, monkeypatch, tmp_path, policy):
    from tables import arrays as tables

    from keras_gan import runs

    path = arrays_file(tmp_path / "arrays.npz")
    tiny = importlib.import_module("steps.presets").r3gan(True)
    monkeypatch.setattr(tables.presets, "get", lambda name: tiny)
    command = ["--train", "r3gan_cifar10", "--arrays", str(path), "--images", "16"]
    command += ["--output", str(tmp_path / "run"), "--batch-size", "4"]
    command += ["--policy", "float32", "--checkpoint-every", "1"]

    class Stop(Exception):
        pass

    class StopAfterTwo(keras.callbacks.Callback):
        num_steps = 0

        def on_train_batch_end(self, batch, logs=None):
            self.num_steps += 1
            if self.num_steps == 2:
                raise Stop

    own = runs.Run._callbacks
    monkeypatch.setattr(
        runs.Run, "_callbacks", lambda *args: [*own(*args), StopAfterTwo()]
    )
    stopped = CliRunner().invoke(gpu.main, command)
    assert isinstance(stopped.exception, Stop)
    monkeypatch.setattr(runs.Run, "_callbacks", own)
    finished = CliRunner().invoke(gpu.main, command, catch_exceptions=False)
    assert "Finished" in finished.output
    run = runs.Run.open(tmp_path / "run")
    assert run.is_finished
    assert int(run.restore().discriminator_iterations) == 4


@once
def test_arrays_that_cannot_be_trained_on(gpu, tmp_path):
    path = arrays_file(tmp_path / "few.npz", images=np.zeros((4, 32, 32, 3), "uint8"))
    command = ["--train", "r3gan_cifar10", "--arrays", str(path)]
    result = CliRunner().invoke(gpu.main, [*command, "--output", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert "must hold images, uint8 (n, height, width, channels)" in result.output
    assert "It holds: images." in result.output
    result = CliRunner().invoke(gpu.main, command)
    assert "--train needs --arrays FILE.npz and --output FOLDER" in result.output
    result = CliRunner().invoke(gpu.main, ["--output", str(tmp_path)])
    assert "go with --train" in result.output
    result = CliRunner().invoke(gpu.main, ["--r3gan-batch", "3"])
    assert "--r3gan-batch must be even" in result.output
