"""What the benchmarks of quality share: runs that are kept, and their tables."""
