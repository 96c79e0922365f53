"""Child processes that never outlive the run, and what the kernel says about them."""

import atexit
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

_running = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command, environment, log):
    """A process in a session of its own, so that ending it ends its children too."""
    with open(log, "ab") as out:
        process = subprocess.Popen(
            [str(part) for part in command], env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    process.log = log
    _running.append(process)
    return process


def stop(process, patience=20):
    if process not in _running:
        return
    _running.remove(process)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def stop_all():
    for process in list(_running):
        stop(process, patience=3)


atexit.register(stop_all)


def wait_for(process, url, limit=30):
    """Until the server answers anything at all, or has died."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    tail = Path(process.log).read_text(errors="replace")[-2000:]
    raise SystemExit(f"{process.args[0]} did not come up:\n{tail}")


def resident_mebibytes(process):
    """Of the process and its children, shared pages counted once a process."""
    total = 0
    pids = [process.pid]
    while pids:
        pid = pids.pop()
        try:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        except FileNotFoundError:
            continue
    return total / 1024
