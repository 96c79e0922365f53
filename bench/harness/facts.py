"""The machine and the versions: without them a number says nothing."""

import datetime
import os
import platform
import re
import subprocess
import time
from pathlib import Path

from .options import BENCH, ROOT


def _said(*command):
    try:
        output = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    except FileNotFoundError:
        return "absent"
    return (output.stdout or output.stderr).strip()


def _cpu_model():
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return found.group(1) if found else platform.processor() or "unknown"


def _memory_gibibytes():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def _package(name):
    text = (BENCH / "js/node_modules" / name / "package.json").read_text()
    return re.search(r'"version":\s*"([^"]+)"', text).group(1)


def _busy_share(seconds=2.0):
    """How much of the machine others use before anything of ours runs: above a tenth, read the numbers with care."""
    def counters():
        fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(fields), fields[3] + fields[4]

    if not Path("/proc/stat").exists():
        return None
    total, idle = counters()
    time.sleep(seconds)
    total_after, idle_after = counters()
    return round(1 - (idle_after - idle) / (total_after - total), 2)


def commit():
    """The commit, with a plus sign when what is built is not what is committed; BENCH_COMMIT for a binary built elsewhere."""
    if told := os.environ.get("BENCH_COMMIT"):
        return told
    changed = _said("git", "status", "--porcelain", "--", "src", "sql", "Cargo.toml", "Cargo.lock", "bench", ":!bench/results")
    return _said("git", "rev-parse", "--short=12", "HEAD") + ("+" if changed else "")


def gather(database, options):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
        "commit": commit(),
        "profile": options.binary.parent.name,
        "cores": options.cores,
        "cpu": _cpu_model(),
        "memory_gib": _memory_gibibytes(),
        "busy_before": _busy_share(),
        "kernel": platform.release(),
        "system": _said("sh", "-c", '. /etc/os-release && echo "$PRETTY_NAME"'),
        "postgres": database.value("show server_version"),
        "postgres_settings": {
            name: database.value(f"show {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_level")
        },
        "node": _said("node", "--version"),
        "rustc": _said("rustc", "--version"),
        "wrk": " ".join(_said("wrk", "--version").split()[:2]),
        "express": _package("express"),
        "pg": _package("pg"),
        "graphile_worker": _package("graphile-worker"),
    }
