"""What the two commands say: plain sentences, and one moving line on a terminal."""

import sys
import time
from contextlib import contextmanager


class Fault(Exception):
    """A condition that ends the command; its text is a sentence for the user."""


def say(text=""):
    """Print one or more full lines at once."""
    print(text, flush=True)


class Progress:
    """The state of one long step: redrawn on a terminal, a line now and then elsewhere.

    :param str title: what is being done, without a full stop
    :param float quiet: seconds between two lines where the output is not a terminal
    """

    def __init__(self, title, quiet=15.0, stream=None):
        self.title = title
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.quiet = quiet
        self.started = self.last = time.monotonic()
        self.width = 0

    def begin(self):
        """Show the title at once."""
        if self.live:
            self._redraw(f"  {self.title} ...")
        else:
            print(f"  {self.title} ...", file=self.stream, flush=True)

    def update(self, detail):
        """Show how far the step is; cheap enough to be called often."""
        now = time.monotonic()
        if now - self.last < (0.1 if self.live else self.quiet):
            return
        self.last = now
        if self.live:
            self._redraw(f"  {self.title}: {detail}")
        else:
            print(f"  {self.title}: {detail}", file=self.stream, flush=True)

    def done(self, result="done"):
        """End the step with one line that stays."""
        seconds = time.monotonic() - self.started
        line = f"  {self.title}: {result} ({seconds:.0f} s)"
        if self.live:
            self._redraw(line)
            print(file=self.stream, flush=True)
        else:
            print(line, file=self.stream, flush=True)

    def cancel(self):
        """Leave the moving line so that an error starts on a line of its own."""
        if self.live and self.width:
            print(file=self.stream, flush=True)

    def _redraw(self, line):
        line = line[:110]
        padding = " " * max(0, self.width - len(line))
        print(f"\r{line}{padding}", end="", file=self.stream, flush=True)
        self.width = len(line)


@contextmanager
def step(title, quiet=15.0):
    """Run a block as a step with a :class:`Progress`; an error ends the line first."""
    progress = Progress(title, quiet)
    progress.begin()
    try:
        yield progress
    except BaseException:
        progress.cancel()
        raise
    progress.done()


def tail(path, lines=15):
    """The last lines of a text file, for an error message ("" when it is missing)."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
