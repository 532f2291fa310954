"""Be asked to stop, and stop at the end of a step."""

import contextlib
import signal
import sys
import threading


class StopRequest:
    """Notes SIGTERM and Ctrl-C while `fit` runs, to be acted on between steps.

    A second signal takes its usual course, for those who do not want to wait.
    """

    def __init__(self):
        self.signal = None
        self._usual = {}

    @contextlib.contextmanager
    def listening(self):
        """Handle the signals inside, where Python allows it: in the main thread.

        Ctrl-C is left alone where somebody else handles it already.
        """
        self.signal = None
        if threading.current_thread() is threading.main_thread():
            self._usual = {signal.SIGTERM: signal.signal(signal.SIGTERM, self._note)}
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                self._usual[signal.SIGINT] = signal.signal(signal.SIGINT, self._note)
        try:
            yield self
        finally:
            self._hand_back()

    def leave(self, said):
        """Say a line, and end training as the signal asks.

        Raises:
            KeyboardInterrupt: after Ctrl-C.
            SystemExit: after SIGTERM, with the code 143 (128 + 15).
        """
        print(said, file=sys.stderr, flush=True)
        if self.signal == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + self.signal)

    def _note(self, number, frame):
        self.signal = number
        self._hand_back()

    def _hand_back(self):
        for number, usual in self._usual.items():
            signal.signal(number, signal.SIG_DFL if usual is None else usual)
        self._usual = {}
