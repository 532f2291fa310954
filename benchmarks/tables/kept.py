"""Run once: the results of each run are kept in a file."""

import json
import os
from pathlib import Path


class Kept:
    """Results in a folder, so that a table can be interrupted and resumed.

    Args:
        folder: path of the folder, with one JSON file for each run.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def result(self, name, run):
        """Return what `run()` returns, or returned when it was called first.

        Args:
            name: str, of the run, for its file.
            run: function without arguments that returns a dict for JSON.
        """
        path = self.folder / f"{name}.json"
        if path.exists():
            return json.loads(path.read_text())
        found = run()
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(found, indent=2) + "\n")
        os.replace(draft, path)
        return found
