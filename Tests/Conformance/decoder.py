"""Asks the toolkit's decoder, which runs beside and is started again where it crashes or hangs."""

import json
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy


@dataclass
class Answer:
    """`pixels` is height × width × 3, or None with the reason in `error`."""

    pixels: numpy.ndarray | None = None
    error: str = ""
    warnings: tuple = ()

    @property
    def is_fault(self):
        """Whether it crashed or hung."""
        return self.error.startswith("!")


class Decoder:
    def __init__(self, program, seconds=20):
        self.program = program
        self.seconds = seconds
        self.process = None
        self.peak = 0

    def decode(self, path):
        if self.process is None:
            self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(str(path).encode() + b"\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], self.seconds)[0]:
            return self._fault(f"!hangs for more than {self.seconds} s")
        head = self.process.stdout.readline()
        if not head:
            return self._fault("!crashes")
        head = json.loads(head)
        if "error" in head:
            return Answer(error=head["error"])
        count = head["width"] * head["height"] * 3
        data = self.process.stdout.read(count)
        pixels = numpy.frombuffer(data, numpy.uint8).reshape(head["height"], head["width"], 3)
        return Answer(pixels, warnings=tuple(head["warnings"]))

    def _fault(self, what):
        self.process.kill()
        self.process.wait()
        self.process = None
        return Answer(error=what)

    def close(self):
        """The most memory that it had, in MB."""
        if self.process is None:
            return 0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        self.process.stdin.close()
        self.process.wait()
        return peak / 1024
