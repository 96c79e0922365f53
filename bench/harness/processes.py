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


def _family(process):
    """The process and its children."""
    pids = [process.pid]
    for pid in pids:
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        except FileNotFoundError:
            continue
    return pids


def _read(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def resident_mebibytes(process):
    """Shared pages are counted once a process."""
    lines = [line for pid in _family(process) for line in _read(pid, "status").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def processor_seconds(process):
    """Time on a core so far: it says what a call costs even while strangers share the machine."""
    stats = [_read(pid, "stat").rpartition(")")[2].split() for pid in _family(process)]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats if fields) / os.sysconf("SC_CLK_TCK")
