"""How much of the processor other programs took: their noise is the first enemy of a benchmark.

OpenMP's barriers spin, so a peer can lose a factor of fifty, and not 10 %, when one other program is busy.
"""

import contextlib
import os
import resource
import subprocess
import sys
import time

TOLERATED = 0.1
"""The share of the cores that others may take before a run counts as disturbed."""


class Watch:
    """Started before a run, asked after it."""

    def __init__(self):
        self.start, self.busy, self.own = time.perf_counter(), self.busy_seconds(), self.own_seconds()

    @staticmethod
    def busy_seconds():
        """All time that was neither idle nor waiting, of all cores; time stolen by other virtual machines counts."""
        with open("/proc/stat") as file:
            user, nice, system, idle, wait, *rest = map(int, file.readline().split()[1:9])
        return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def own_seconds():
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    def others(self):
        """The share of all cores' time that others took since the start, 0...1."""
        wall = (time.perf_counter() - self.start) * os.cpu_count()
        taken = self.busy_seconds() - self.busy - (self.own_seconds() - self.own)
        return min(max(taken / wall, 0.0), 1.0)


def wait(patience):
    """Waits until the others leave the processor alone for half a second; False when patience has run out."""
    end = time.perf_counter() + patience
    while True:
        watch = Watch()
        time.sleep(0.5)
        if watch.others() < TOLERATED:
            return True
        if time.perf_counter() > end:
            return False


@contextlib.contextmanager
def busy(programs):
    """So many programs that compute all the time."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)]
    try:
        yield
    finally:
        for program in started:
            program.kill()
            program.wait()
