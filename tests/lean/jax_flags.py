"""Let JAX compile in half of the time; older versions stop at unknown flags."""

import importlib.metadata
import os

version = tuple(map(int, importlib.metadata.version("jax").split(".")[:2]))
flag = "--xla_cpu_use_fusion_emitters=false"
if version >= (0, 10) and flag not in os.environ.get("XLA_FLAGS", ""):
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flag}"
