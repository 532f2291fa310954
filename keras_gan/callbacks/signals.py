"""Stop training at the end of a step after SIGTERM or Ctrl-C."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn


class StopRequest:
    """Record SIGTERM and Ctrl-C during `fit`, to stop between steps.

    A second signal has its usual effect, for users who do not want to wait.
    """

    def __init__(self) -> None:
        self.signal = None
        self._handlers = {}

    @contextlib.contextmanager
    def listening(self) -> Iterator["StopRequest"]:
        """Handle the signals in this context, if it is in the main thread.

        Python allows signal handlers only there. Ctrl-C is not handled if another
        handler is installed already.
        """
        self.signal = None
        if threading.current_thread() is threading.main_thread():
            self._handlers = {
                signal.SIGTERM: signal.signal(signal.SIGTERM, self._record)
            }
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                self._handlers[signal.SIGINT] = signal.signal(
                    signal.SIGINT, self._record
                )
        try:
            yield self
        finally:
            self._restore_handlers()

    def exit(self, message: str) -> NoReturn:
        """Print a message, and end training as the signal requests.

        Without a signal it came to another process that trains the same model, and
        this one ends as if it were SIGTERM.

        Args:
            message: str, for the standard error stream.

        Raises:
            KeyboardInterrupt: after Ctrl-C.
            SystemExit: after SIGTERM, with the code 143 (128 + 15).
        """
        print(message, file=sys.stderr, flush=True)
        if self.signal == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + (self.signal or signal.SIGTERM))

    def _record(self, number, frame):
        self.signal = number
        self._restore_handlers()

    def _restore_handlers(self):
        for number, handler in self._handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._handlers = {}
