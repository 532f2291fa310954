"""Networks that others have trained, and how their weights are read."""
