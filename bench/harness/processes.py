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
    raise SystemExit(f"{process.args[0]} did not come up:\n{end_of_log(process)}")


def end_of_log(process):
    return Path(process.log).read_text(errors="replace")[-2000:]


def family(pid):
    """A process, its children, and theirs."""
    pids = [pid]
    for member in pids:
        try:
            for task in Path(f"/proc/{member}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return pids


def read(pid, name):
    """What the kernel says of a process; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def resident_mebibytes(process):
    """With its children; shared pages are counted once a process."""
    lines = [line for pid in family(process.pid) for line in read(pid, "status").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
