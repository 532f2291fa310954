"""The loaded models of a server, and the watch on their folders."""

from __future__ import annotations

import sys
import threading
import traceback

from .errors import ServingError, not_found
from .servable import Servable
from .sources import fingerprint


class Models:
    """The loaded versions of models, kept equal to what lies in their folders.

    A new version is loaded before the old one is dropped, so that the model
    answers all the time. A version whose files change is loaded again; one that
    cannot be loaded is tried again when its files change.

    Args:
        sources: list of `ModelSource`.
        poll_seconds: float, how often to look at the folders.
    """

    def __init__(self, sources: list, poll_seconds: float = 1.0):
        self.sources = {source.name: source for source in sources}
        if len(self.sources) < len(sources):
            raise ValueError(
                "Each model is served under the name of its folder, and two have one "
                f"name: {[source.name for source in sources]}"
            )
        self.poll_seconds = poll_seconds
        self.loaded = {name: {} for name in self.sources}  # name: {version: Servable}
        self.states = {name: {} for name in self.sources}  # name: {version: state}
        self.marks = {name: {} for name in self.sources}  # name: {version: fingerprint}
        self._said = {}  # name: the last message
        self._stopped = threading.Event()

    def refresh(self):
        """Load new and changed versions, and drop those that are no longer wanted."""
        for name, source in self.sources.items():
            try:
                wanted = source.wanted()
            except OSError as error:
                self._say(name, f"{source.path} cannot be read: {error}")
                continue
            for version, path in wanted.items():
                self._keep_up(name, version, path)
            servables = self.loaded[name]
            if any(version in servables for version in wanted):
                for version in set(self.marks[name]) - set(wanted):
                    servables.pop(version, None)
                    del self.marks[name][version]
                    self.states[name][version] = ("END", "")

    def _keep_up(self, name, version, path):
        try:
            mark = fingerprint(path)
        except OSError:  # a file vanished just now: look again the next time
            mark = object()
        if self.marks[name].get(version) != mark:
            self.marks[name][version] = mark
            self._load(name, version, path)

    def _load(self, name, version, path):
        is_replaced = version in self.loaded[name]
        if not is_replaced:
            self.states[name][version] = ("LOADING", "")
        try:
            self.loaded[name][version] = Servable(path, name)
        except Exception as error:
            self._say(name, f"version {version} cannot be loaded: {error}")
            if not is_replaced:  # otherwise the version as it was goes on
                self.states[name][version] = ("FAILED", str(error))
        else:
            self.states[name][version] = ("AVAILABLE", "")

    def _say(self, name, message):
        """Write a line to the log, but not the same one at each look."""
        if self._said.get(name) != message:
            self._said[name] = message
            print(f"{name}: {message}", file=sys.stderr, flush=True)

    def watch(self):
        """Refresh every `poll_seconds` in a thread, until `stop`."""

        def loop():
            while not self._stopped.wait(self.poll_seconds):
                try:
                    self.refresh()
                except Exception:  # whatever it is, the next look may succeed
                    traceback.print_exc()

        threading.Thread(target=loop, daemon=True).start()

    def stop(self):
        """End the thread of `watch`."""
        self._stopped.set()

    def get(
        self, name: str, version: int | None = None, label: str | None = None
    ) -> tuple[int, Servable]:
        """Return a loaded version: the requested one, or the latest.

        Returns:
            `version, servable`.

        Raises:
            ServingError: with TensorFlow Serving's message, if there is none.
        """
        if label is not None:
            version = self._labelled(name, label)
        servables = dict(self.loaded.get(name, {}))
        if version is None:
            if not servables:
                raise not_found(f"Servable not found for request: Latest({name})")
            version = max(servables)
        if version not in servables:
            raise not_found(
                f"Servable not found for request: Specific({name}, {version})"
            )
        return version, servables[version]

    def status(
        self, name: str, version: int | None = None, label: str | None = None
    ) -> dict:
        """Return the versions of a model and their states in the REST API's form."""
        if label is not None:
            version = self._labelled(name, label)
        states = dict(self.states.get(name, {}))
        if not states:
            raise not_found(f"Could not find any versions of model {name}")
        if version is not None:
            if version not in states:
                raise not_found(f"Could not find version {version} of model {name}")
            states = {version: states[version]}
        return {
            "model_version_status": [
                _status(version, *states[version]) for version in sorted(states)[::-1]
            ]
        }

    def _labelled(self, name, label):
        source = self.sources.get(name)
        if source is None or label not in source.labels:
            raise ServingError(f"Unrecognized servable version label: {label}")
        return source.labels[label]


def _status(version, state, message):
    code = "UNKNOWN" if state == "FAILED" else "OK"
    state = "END" if state == "FAILED" else state
    return {
        "version": str(version),
        "state": state,
        "status": {"error_code": code, "error_message": message},
    }
