"""The programs, and which are compared with which."""

import functools
from dataclasses import replace
from pathlib import Path

from steps.rounds import Entry

BF16 = "mixed_bfloat16"
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
# By these the allocator of glibc keeps freed memory, as `keras_gan` lets it.
KEPT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40)}


def _ours(key, name, backend="tensorflow", variant="simultaneous", **options):
    options = {"variant": variant, **options}
    return Entry(key, name, "ours", backend, variant, options=options)


PROGRAMS = {
    entry.key: entry
    for entry in (
        Entry(
            "loop",
            "TensorFlow tutorial loop",
            "tutorial_loop",
            "tensorflow",
            "simultaneous",
        ),
        Entry(
            "loop-xla",
            "TensorFlow tutorial loop, XLA",
            "tutorial_loop",
            "tensorflow",
            "simultaneous",
            options={"jit_compile": True},
        ),
        Entry(
            "loop-onednn",
            "TensorFlow tutorial loop, oneDNN switched on",
            "tutorial_loop",
            "tensorflow",
            "simultaneous",
            variables={ONEDNN: "1"},
        ),
        Entry(
            "loop-kept",
            "TensorFlow tutorial loop, oneDNN switched on, freed memory kept",
            "tutorial_loop",
            "tensorflow",
            "simultaneous",
            variables={ONEDNN: "1", **KEPT},
        ),
        Entry(
            "keras-io", "keras.io recipe", "keras_recipe", "tensorflow", "algorithm_1"
        ),
        Entry("torch", "PyTorch example", "pytorch_example", "torch", "share_fakes"),
        Entry(
            "torch-kept",
            "PyTorch example, freed memory kept",
            "pytorch_example",
            "torch",
            "share_fakes",
            variables=KEPT,
        ),
        Entry(
            "torch-compiled",
            "PyTorch example, compiled",
            "pytorch_example",
            "torch",
            "share_fakes",
            options={"compiled": True},
        ),
        _ours("ours", "keras_gan"),
        replace(
            _ours("ours-given-back", "keras_gan, freed memory given back"),
            variables={"KERAS_GAN_KEEP_MEMORY": "0"},
        ),
        _ours("ours-keras-layers", "keras_gan, Keras' layers only", keras_layers=True),
        _ours("ours-algorithm-1", "keras_gan, Algorithm 1", variant="algorithm_1"),
        _ours("ours-share-fakes", "keras_gan, shared fakes", variant="share_fakes"),
        _ours("ours-r1", "keras_gan, R1", variant="r1"),
        _ours("ours-progress", "keras_gan, progress bar", verbose=1),
        _ours("ours-4-at-once", "keras_gan, 4 steps a call", steps_per_execution=4),
        _ours("ours-jax", "keras_gan on JAX", backend="jax"),
        _ours("ours-torch", "keras_gan on torch", backend="torch"),
    )
}

# The first of each comparison is what the others are compared with.
COMPARISONS = {
    "quick": (
        ("loop", "float32"),
        ("loop-onednn", "float32"),
        ("keras-io", "float32"),
        ("torch", "float32"),
        ("ours", "float32"),
        ("ours-algorithm-1", "float32"),
        ("loop", BF16),
        ("ours", BF16),
    ),
    "peers": (
        ("loop", "float32"),
        ("loop-onednn", "float32"),
        ("loop-kept", "float32"),
        ("loop-xla", "float32"),
        ("keras-io", "float32"),
        ("torch", "float32"),
        ("torch-kept", "float32"),
        ("torch-compiled", "float32"),
        ("ours", "float32"),
        ("ours-given-back", "float32"),
    ),
    "bf16": (
        ("loop", "float32"),
        ("loop", BF16),
        ("loop-xla", BF16),
        ("torch", BF16),
        ("ours", BF16),
    ),
    "variants": (
        ("loop", "float32"),
        ("ours", "float32"),
        ("ours-keras-layers", "float32"),
        ("ours-algorithm-1", "float32"),
        ("ours-share-fakes", "float32"),
        ("ours-r1", "float32"),
        ("ours-progress", "float32"),
        ("ours-4-at-once", "float32"),
    ),
    "backends": (
        ("torch", "float32"),
        ("ours", "float32"),
        ("ours-jax", "float32"),
        ("ours-torch", "float32"),
        ("torch", BF16),
        ("ours-jax", BF16),
        ("ours-torch", BF16),
    ),
}


def comparison(name, size, batch_size, backends, chosen=()):
    """Return the entries of one comparison, with the peaks of their dtypes at the end.

    Args:
        name: str, a key of `COMPARISONS`.
        size: int, the side of the images.
        batch_size: int.
        backends: tuple of str, the backends to include.
        chosen: tuple of str, the keys to include; all, if empty, but the one with
            oneDNN switched on where TensorFlow does so by itself. Nothing runs in
            bfloat16 where a step in it takes half a minute: `emulates_bfloat16`.
    """
    entries = [
        replace(PROGRAMS[key], dtype=dtype, size=size, batch_size=batch_size)
        for key, dtype in COMPARISONS[name]
        if PROGRAMS[key].backend in backends
        and (key in chosen if chosen else key != "loop-onednn" or leaves_onednn_off())
        and (dtype != BF16 or not emulates_bfloat16())
    ]
    if chosen and "peak" not in chosen:
        return entries
    dtypes = dict.fromkeys(entry.dtype for entry in entries)
    return entries + [
        peak(backend, dtype) for dtype in dtypes for backend in _for_peak(backends)
    ]


def leaves_onednn_off():
    """Whether TensorFlow leaves oneDNN off on a processor that gains by it."""
    networks = {"avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile"}
    return "avx2" in instructions() and networks.isdisjoint(instructions())


def emulates_bfloat16():
    """Whether there is no GPU, and a processor without instructions for bfloat16."""
    found = instructions()
    lacks_it = found and found.isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})
    return bool(lacks_it) and not has_gpu()


@functools.cache
def instructions():
    """Return the sets of instructions of the processor; none where it is not known."""
    try:
        return frozenset(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()


def has_gpu():
    """Whether there is an NVIDIA GPU; other ones are not looked for."""
    return Path("/proc/driver/nvidia/version").exists()


def peak(backend, dtype):
    """Return the program that runs a fixed number of operations at the peak rate."""
    # Of the processor, so with the library that is faster on it.
    return Entry(
        "peak",
        f"peak on {backend}",
        "peak",
        backend,
        None,
        dtype=dtype,
        variables={ONEDNN: "1", **KEPT},
    )


def _for_peak(backends):
    return ("tensorflow",) if "tensorflow" in backends else backends


def sizes(backends, quick):
    """Return our program at several batch sizes, and at several sizes of the images."""
    key = {"tensorflow": "ours", "jax": "ours-jax", "torch": "ours-torch"}[backends[0]]
    ours = PROGRAMS[key]
    batches = (32, 128, 512) if quick else (32, 64, 128, 256, 512)
    return [replace(ours, batch_size=batch_size) for batch_size in batches] + [
        replace(ours, batch_size=128, size=size) for size in (40, 56)
    ]
