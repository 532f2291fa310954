"""The process of one contestant.

    python -m steps.worker '{"module": "ours", "size": 28, ...}'

It builds its contestant, takes the first steps, says so in one line of JSON on
stdout, and then sleeps on stdin: each number that it reads is a round of so many
steps, answered by one line.
"""

import importlib
import json
import os
import resource
import sys
import time


def main():
    spec = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed stays off the pipe

    def answer(**values):
        print(json.dumps(values), file=answers, flush=True)

    start = time.perf_counter()
    contestant = build(spec)
    built = time.perf_counter()
    contestant.first_step()
    first = time.perf_counter()
    contestant.round(1)
    answer(
        build_seconds=built - start,
        first_step_seconds=first - built,
        device=device(),
    )
    asleep, cpu = time.perf_counter(), time.process_time()
    for line in sys.stdin:
        idle = (time.process_time() - cpu) / (time.perf_counter() - asleep)
        seconds, num_steps = contestant.round(int(line))
        answer(
            seconds=seconds,
            num_steps=num_steps,
            idle_cpu=idle,
            peak_bytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        )
        asleep, cpu = time.perf_counter(), time.process_time()


def build(spec):
    import keras

    from steps import nets

    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(spec["dtype"])
    module = importlib.import_module(f"steps.{spec['module']}")
    return module.build(
        nets.of_size(spec["size"]), spec["batch_size"], **spec["options"]
    )


def device():
    """The device that the contestant computes on, in words."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return jax.devices()[0].device_kind
    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "cpu"
    return tf.config.experimental.get_device_details(gpus[0])["device_name"]


if __name__ == "__main__":
    main()
