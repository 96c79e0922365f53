"""The load generators: wrk for what speaks HTTP, pgbench for Postgres itself."""

import json
import re

from .meter import per_call
from .options import BENCH


def wrk(options, meter, server, method, path, tokens, connections):
    def once(seconds):
        threads = min(connections, options.cores, 4)
        command = [
            "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
            "-s", str(BENCH / "lua/callers.lua"), f"http://127.0.0.1:{server.port}", "--", method, path, str(tokens),
        ]
        out, cores = meter.run(command, seconds, 0, server)
        found = re.search(r"^JSON (\{.*\})$", out, re.M)
        if not found:
            raise SystemExit(f"wrk says nothing: {out}")
        return json.loads(found.group(1)), cores

    # wrk counts whole seconds only.
    once(max(1, round(options.warm_up)))
    said, cores = once(max(1, round(options.seconds)))
    rate = said["requests"] / said["duration_us"] * 1e6
    return {
        "per_second": rate,
        "p50_ms": said["p50_us"] / 1000,
        "p99_ms": said["p99_us"] / 1000,
        "failed": said["failed"],
        **per_call(cores, rate),
    }


def pgbench(options, meter, url, scripts, connections, folder):
    """Its own summary counts the warm-up, in which statements are prepared, so the log of every transaction is read."""
    prefix = folder / "pgbench-log"
    command = [
        "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", str(min(connections, options.cores)),
        "-T", str(round(options.warm_up + options.seconds)), "-l", "--log-prefix", str(prefix), "-D", "begun=0",
        *[part for script in scripts for part in ("-f", str(script))], url,
    ]
    _, cores = meter.run(command, options.seconds, options.warm_up)
    logs = list(folder.glob(prefix.name + ".*"))
    try:
        took = _latencies(logs, options.seconds)
    finally:
        for log in logs:
            log.unlink()
    rate = len(took) / options.seconds
    return {
        "per_second": rate,
        "p50_ms": took[len(took) // 2] / 1000,
        "p95_ms": took[len(took) * 95 // 100] / 1000,
        "p99_ms": took[len(took) * 99 // 100] / 1000,
        "failed": 0,
        **per_call(cores, rate),
    }


def _latencies(logs, seconds):
    """Microseconds of each transaction that ended in the last `seconds`, shortest first."""
    ended = []
    for log in logs:
        with open(log, encoding="ascii") as lines:
            for line in lines:
                fields = line.split()
                ended.append((int(fields[4]) * 1_000_000 + int(fields[5]), int(fields[2])))
    since = max(at for at, _ in ended) - int(seconds * 1e6)
    return sorted(latency for at, latency in ended if at > since)
