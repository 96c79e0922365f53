"""The load generators: wrk for what speaks HTTP, pgbench for Postgres itself."""

import json
import re
import subprocess

from .options import BENCH


def wrk(options, port, method, path, tokens, connections):
    def once(seconds):
        threads = min(connections, options.cores, 4)
        command = [
            "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
            "-s", str(BENCH / "lua/callers.lua"), f"http://127.0.0.1:{port}", "--", method, path, str(tokens),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
        found = re.search(r"^JSON (\{.*\})$", done.stdout, re.M)
        if done.returncode or not found:
            raise SystemExit(f"wrk failed: {done.stderr or done.stdout}")
        return json.loads(found.group(1))

    # wrk counts whole seconds only.
    warm = once(max(1, round(options.warm_up)))
    said = once(max(1, round(options.seconds)))
    return {
        "per_second": said["requests"] / said["duration_us"] * 1e6,
        "p50_ms": said["p50_us"] / 1000,
        "p99_ms": said["p99_us"] / 1000,
        "failed": said["failed"],
        "requests_in_all": warm["requests"] + said["requests"],
    }


def pgbench(options, url, scripts, connections, folder):
    """Its own summary counts the warm-up, in which statements are prepared, so the log of every transaction is read."""
    prefix = folder / "pgbench-log"
    command = [
        "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(connections, options.cores)),
        "-T", str(round(options.warm_up + options.seconds)), "-l", "--log-prefix", str(prefix), "-D", "begun=0",
        *[part for script in scripts for part in ("-f", str(script))], url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=options.seconds + 120)
    logs = list(folder.glob(prefix.name + ".*"))
    try:
        if done.returncode or "aborted" in done.stderr:
            raise SystemExit(f"pgbench failed: {done.stderr[-2000:]}")
        return _measured(logs, options)
    finally:
        for log in logs:
            log.unlink()


def _measured(logs, options):
    ended = []
    for log in logs:
        with open(log, encoding="ascii") as lines:
            for line in lines:
                fields = line.split()
                ended.append((int(fields[4]) * 1_000_000 + int(fields[5]), int(fields[2])))
    last = max(at for at, _ in ended)
    since = last - int(options.seconds * 1e6)
    took = sorted(latency for at, latency in ended if at > since)
    return {
        "per_second": len(took) / options.seconds,
        "p50_ms": took[len(took) // 2] / 1000,
        "p99_ms": took[len(took) * 99 // 100] / 1000,
        "failed": 0,
    }
