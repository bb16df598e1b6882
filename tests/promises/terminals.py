"""A terminal with somebody at it: a program on a pseudo-terminal, what it shows, and keys that are pressed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Terminal:
    """``words`` started on a terminal of its own, 24 lines of 200 columns."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], home: Path) -> None:
        self._keys, theirs = pty.openpty()
        env = {"TERM": "xterm", "LINES": "24", "COLUMNS": "200", **env}
        self._process = subprocess.Popen(
            words, env=env, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no thread runs
        )  # fmt: skip
        os.close(theirs)
        self.shown = b""

    def press(self, keys: str) -> None:
        """Type, as a person would."""
        os.write(self._keys, keys.encode())

    def wait_for(self, text: bytes, seconds: float = 60) -> bytes:
        """All that was shown until ``text`` was; the test fails where it never is."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} was never shown: {self.shown[-2000:]!r}"
            self._read(0.1)
        return self.shown

    def rest(self, seconds: float = 60) -> bytes:
        """All that is shown until the program ends, which it must."""
        end = time.monotonic() + seconds
        while self._read(0.1):
            assert time.monotonic() < end, f"it does not end: {self.shown[-2000:]!r}"
        return self.shown

    @property
    def code(self) -> int:
        """The exit code, once it has ended."""
        return self._process.wait(timeout=60)

    def close(self) -> None:
        """End it, whatever it is doing."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._keys)

    def _read(self, seconds: float) -> bool:
        """Take what there is to see; whether there may be more."""
        ready, _, _ = select.select([self._keys], [], [], seconds)
        if not ready:
            return self._process.poll() is None
        try:
            data = os.read(self._keys, 65536)
        except OSError:  # how Linux says that nobody has the other end any more
            return False
        self.shown += data
        return bool(data)
