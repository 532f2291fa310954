"""What is timed on a GPU, in the order of its importance."""

from dataclasses import dataclass

from steps.rounds import Entry

PRECISIONS = {  # the dtype policy, and how float32 is multiplied
    "tf32": ("float32", "tf32"),
    "bf16": ("mixed_bfloat16", "tf32"),
    "float32": ("float32", "float32"),
}
BATCHES = {"dcgan": 128, "r3gan": 128, "stylegan2": 32}
TINY_BATCHES = {"dcgan": 4, "r3gan": 4, "stylegan2": 4}
TITLES = {
    "peak": "matrix product",
    "dcgan": "DCGAN, 64 px",
    "r3gan": "R3GAN, CIFAR-10",
    "stylegan2": "StyleGAN2, 128 px",
}
PROGRAMS = {
    "jax": "keras_gan on JAX",
    "peer": "plain PyTorch",
    "torch": "keras_gan on torch",
}
# (case, program, precision, options), the most important first.
ORDER = (
    ("dcgan", "jax", "tf32"),
    ("dcgan", "jax", "bf16"),
    ("dcgan", "jax", "float32"),
    ("dcgan", "peer", "tf32"),
    ("dcgan", "peer", "bf16"),
    ("dcgan", "peer", "float32"),
    ("r3gan", "jax", "bf16"),
    ("r3gan", "peer", "bf16"),
    ("r3gan", "jax", "tf32"),
    ("r3gan", "peer", "tf32"),
    ("stylegan2", "jax", "bf16"),
    ("stylegan2", "peer", "bf16"),
    ("stylegan2", "jax", "tf32"),
    ("stylegan2", "peer", "tf32"),
    ("dcgan", "torch", "tf32"),
    ("dcgan", "torch", "bf16"),
    ("r3gan", "torch", "bf16"),
    ("r3gan", "jax", "float32"),
    ("r3gan", "peer", "float32"),
    ("stylegan2", "jax", "float32"),
    ("stylegan2", "peer", "float32"),
    ("r3gan", "torch", "tf32"),
    ("stylegan2", "torch", "tf32"),
    ("stylegan2", "torch", "bf16"),
    ("dcgan", "torch", "float32"),
    ("r3gan", "torch", "float32"),
    ("stylegan2", "torch", "float32"),
)


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Args:
        name: str, a key of `TITLES`.
        program: str, a key of `PROGRAMS`; of a peak, the backend.
        precision: str, a key of `PRECISIONS`.
        entry: `steps.rounds.Entry`.
    """

    name: str
    program: str
    precision: str
    entry: Entry


def peaks(backend, precisions, is_tiny):
    """Return the matrix products, whose rates the others are measured by."""
    options = {"side": 128 if is_tiny else 8192}
    return [
        Case(
            "peak", backend, name, _entry("peak", name, "matmul_peak", backend, options)
        )
        for name in PRECISIONS
        if name in precisions
    ]


def cases(names, programs, precisions, batches, is_tiny, settings):
    """Return the programs, the most important first.

    Args:
        names: collection of str, of `TITLES`.
        programs: collection of str, of `PROGRAMS`.
        precisions: collection of str, of `PRECISIONS`.
        batches: dict of int, the batch of each of `names`.
        is_tiny: bool, whether to take tiny networks, for tests.
        settings: dict with `augmented`, `compiled` and `steps_per_execution`.
    """
    return [
        _case(*row, batches[row[0]], is_tiny, **settings)
        for row in ORDER
        if row[0] in names and row[1] in programs and row[2] in precisions
    ]


def _case(
    name, program, precision, batch, is_tiny, augmented, compiled, steps_per_execution
):
    backend = "jax" if program == "jax" else "torch"
    is_peer = program == "peer"
    several = {"steps_per_execution": steps_per_execution}
    several = several if steps_per_execution > 1 and not is_peer else {}
    if name == "dcgan":
        module = "pytorch_example" if is_peer else "ours"
        options = {"variant": "share_fakes", "as_bytes": True} | several
        options = {"tuned": True, "compiled": compiled} if is_peer else options
    elif is_peer:
        module, options = f"{name}_torch", {"is_tiny": is_tiny}
    else:
        module, options = "presets", {"name": name, "is_tiny": is_tiny} | several
        options |= {"augmented": augmented}
    entry = _entry(name, precision, module, backend, options, batch, is_tiny)
    return Case(name, program, precision, entry)


def _entry(name, precision, module, backend, options, batch=1, is_tiny=False):
    dtype, matmul = PRECISIONS[precision]
    return Entry(
        key=name,
        name=f"{TITLES[name]}, {module} on {backend}",
        module=module,
        backend=backend,
        algorithm="share_fakes" if name == "dcgan" else None,
        size=8 if is_tiny else 64,
        batch_size=batch,
        dtype=dtype,
        matmul=matmul,
        options=options,
    )
