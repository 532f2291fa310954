"""The programs, and which are compared with which."""

from dataclasses import replace

from steps.rounds import Entry

BF16 = "mixed_bfloat16"


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
            "keras-io", "keras.io recipe", "keras_recipe", "tensorflow", "algorithm_1"
        ),
        Entry("torch", "PyTorch example", "pytorch_example", "torch", "share_fakes"),
        Entry(
            "torch-compiled",
            "PyTorch example, compiled",
            "pytorch_example",
            "torch",
            "share_fakes",
            options={"compiled": True},
        ),
        _ours("ours", "keras_gan"),
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
        ("keras-io", "float32"),
        ("torch", "float32"),
        ("ours", "float32"),
        ("ours-algorithm-1", "float32"),
        ("loop", BF16),
        ("ours", BF16),
    ),
    "peers": (
        ("loop", "float32"),
        ("loop-xla", "float32"),
        ("keras-io", "float32"),
        ("torch", "float32"),
        ("torch-compiled", "float32"),
        ("ours", "float32"),
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
        chosen: tuple of str, the keys to include; all, if empty.
    """
    entries = [
        replace(PROGRAMS[key], dtype=dtype, size=size, batch_size=batch_size)
        for key, dtype in COMPARISONS[name]
        if PROGRAMS[key].backend in backends and (not chosen or key in chosen)
    ]
    if chosen and "peak" not in chosen:
        return entries
    dtypes = dict.fromkeys(entry.dtype for entry in entries)
    return entries + [
        peak(backend, dtype) for dtype in dtypes for backend in _for_peak(backends)
    ]


def peak(backend, dtype):
    """Return the program that runs a fixed number of operations at the peak rate."""
    return Entry("peak", f"peak on {backend}", "peak", backend, None, dtype=dtype)


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
