"""What the figures were measured on."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def first_line(*command):
    if not shutil.which(command[0]):
        return None
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout + run.stderr).strip().splitlines()[0] if run.returncode == 0 else None


def describe():
    information = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", information)
    flags = (re.search(r"flags\s*: (.*)", information) or ["", ""])[1].split()
    vectors = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_tile") if flag in flags]
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) // 1024
    release = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "coresUsed": len(os.sched_getaffinity(0)),
        "vectors": vectors,
        "memoryMB": memory,
        "system": release[1] if release else platform.system(),
        "kernel": platform.release(),
        "swift": first_line("swift", "--version"),
        "python": platform.python_version(),
    }
