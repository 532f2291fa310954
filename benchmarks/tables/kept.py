"""Runs that are done once: what they found lies in a file each."""

import json
import os
from pathlib import Path


class Kept:
    """Results in a folder, so that a table can be stopped and taken up again.

    Args:
        folder: where one JSON file for each run lies.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def result(self, name, run):
        """What `run()` returned, now or when it was first asked for.

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
