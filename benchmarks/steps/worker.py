"""Run one program in a process of its own.

    python -m steps.worker '{"module": "ours", "size": 28, ...}'

It builds its program, runs the first steps, reports it in one line of JSON on
stdout, and then sleeps on stdin: each number that it reads is a round of so many
steps, answered by one line.
"""

import importlib
import json
import os
import resource
import sys
import time

from steps import matmul, nets


def main():
    spec = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed stays off the pipe

    def answer(**values):
        print(json.dumps(values), file=answers, flush=True)

    start = time.perf_counter()
    matmul.use(spec["matmul"])
    module = importlib.import_module(f"steps.{spec['module']}")
    program = module.build(
        nets.of_size(spec["size"]),
        spec["batch_size"],
        spec["dtype"],
        **spec["options"],
    )
    build_seconds = time.perf_counter() - start
    if spec["waits"]:
        answer(build_seconds=build_seconds)
        sys.stdin.readline()
    built = time.perf_counter()
    program.first_step()
    first_step = time.perf_counter() - built
    program.round(1)
    answer(
        build_seconds=build_seconds,
        first_step_seconds=first_step,
        device=device(),
        flop=getattr(program, "flop", None),
        period=getattr(program, "period", 1),
    )
    asleep = time.perf_counter(), time.process_time()
    for line in sys.stdin:
        wall, cpu = time.perf_counter() - asleep[0], time.process_time() - asleep[1]
        seconds, num_steps = program.round(int(line))
        answer(
            seconds=seconds,
            num_steps=num_steps,
            idle_cpu=cpu / wall,
            peak_bytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            peak_device_bytes=peak_device_bytes(),
        )
        asleep = time.perf_counter(), time.process_time()


def device():
    """Return the accelerator that the program uses, in words, or "CPU"."""
    name = os.environ["KERAS_BACKEND"]
    if name == "jax":
        import jax

        on_cpu = jax.default_backend() == "cpu"
        return "CPU" if on_cpu else jax.devices()[0].device_kind
    if name == "torch":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return tf.config.experimental.get_device_details(gpus[0])["device_name"]


def peak_device_bytes():
    """The most that was held of an accelerator's memory; 0 where there is none."""
    if device() == "CPU":
        return 0
    if "jax" in sys.modules and os.environ["KERAS_BACKEND"] == "jax":
        return sys.modules["jax"].devices()[0].memory_stats()["peak_bytes_in_use"]
    if os.environ["KERAS_BACKEND"] == "torch":
        return sys.modules["torch"].cuda.max_memory_allocated()
    return sys.modules["tensorflow"].config.experimental.get_memory_info("GPU:0")[
        "peak"
    ]


if __name__ == "__main__":
    main()
