"""How fast one training step is: ours, and the loops that people write or copy.

python benchmarks/train_step.py --quick
"""

import statistics

import click

from steps import contest, flops, nets
from steps.contest import Entry


@click.command()
@click.option("--rounds", default=5)
@click.option("--seconds", default=3.0)
@click.option("--size", default=28)
@click.option("--batch-size", default=256)
def main(rounds, seconds, size, batch_size):
    bf16 = "mixed_bfloat16"
    common = ("tensorflow", "simultaneous", size, batch_size)
    entries = [
        Entry("tutorial loop", "tutorial_loop", *common),
        Entry("ours", "ours", *common),
        Entry("tutorial loop, bf16", "tutorial_loop", *common, bf16),
        Entry("ours, bf16", "ours", *common, bf16),
        Entry("peak", "peak", "tensorflow", None, size, batch_size),
        Entry("peak, bf16", "peak", "tensorflow", None, size, batch_size, bf16),
    ]
    processes = contest.hold(entries, rounds, seconds)
    peaks = processes[-2].step_seconds
    flop = flops.of_step(nets.of_size(size), "simultaneous", batch_size)
    print(f"{flop / 1e9:.1f} GFLOP a step")
    for process in processes[:-2]:
        times = process.step_seconds
        share = [flop / t / p for t, p in zip(times, peaks, strict=True)]
        print(
            f"{process.entry.name:24} {1000 * statistics.median(times):8.1f} ms "
            f"({1000 * min(times):.0f} to {1000 * max(times):.0f}) "
            f"{statistics.median(contest.ratios(process, processes[0])):6.2f} x "
            f"share of float32 peak {statistics.median(share):.0%} "
            f"first step {process.start['first_step_seconds']:.1f} s "
            f"{process.rounds[-1]['peak_bytes'] / 2**20:.0f} MiB "
            f"idle {max(r['idle_cpu'] for r in process.rounds):.1%}"
        )
    for process in processes[-2:]:
        rates = [f"{rate / 1e9:.0f}" for rate in process.step_seconds]
        print(f"{process.entry.name}: {', '.join(rates)} GFLOP/s")


if __name__ == "__main__":
    main()
