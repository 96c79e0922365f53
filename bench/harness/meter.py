"""Time on the cores, a call: what something costs even while strangers share the machine and rates mean little."""

import os
import subprocess
import time
from pathlib import Path

from . import processes

_TICKS = os.sysconf("SC_CLK_TCK")
# The first and last moments of a load are not like the rest.
_EDGE_SECONDS = 0.2


def _spent(pid):
    """Seconds of a process, its children, and the children it has seen end."""
    ticks = 0
    for member in processes.family(pid):
        fields = processes.read(member, "stat").rpartition(")")[2].split()
        if fields:
            ticks += int(fields[11]) + int(fields[12])
            if member == pid:
                ticks += int(fields[13]) + int(fields[14])
    return ticks / _TICKS


class Meter:
    def __init__(self, database):
        self._postmaster = int(Path(database.value("show data_directory"), "postmaster.pid").read_text().split()[0])

    def run(self, command, seconds, skip, server=None):
        """Runs a load generator for `seconds` after `skip` more; answers its output and the cores each was busy with."""
        generator = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watched = {"load": generator.pid, "postgres": self._postmaster}
        if server:
            watched["server"] = server.process.pid
        try:
            time.sleep(skip + _EDGE_SECONDS)
            before, began = {name: _spent(pid) for name, pid in watched.items()}, time.monotonic()
            time.sleep(max(0.1, seconds - 2 * _EDGE_SECONDS))
            after, ended = {name: _spent(pid) for name, pid in watched.items()}, time.monotonic()
            out, err = generator.communicate(timeout=60)
        finally:
            if generator.poll() is None:
                generator.kill()
                generator.wait()
        if generator.returncode or "aborted" in err:
            raise SystemExit(f"{command[0]} failed: {err[-2000:] or out[-2000:]}")
        return out, {name: (after[name] - before[name]) / (ended - began) for name in watched}


def per_call(cores, per_second):
    return {f"{name}_cpu_us": busy / per_second * 1e6 for name, busy in cores.items()}
