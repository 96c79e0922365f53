"""Calls a second: every contestant at every width, several times, interleaved so that a noisy minute hits them all."""

import sys

from . import calls, load
from .database import token
from .meter import Meter

CONTESTANTS = ("voxanne", "pgbench_pipelined", "pgbench_alone", "express", "express_cores")


def measure(database, options, servers, callers, folder):
    tokens = folder / "tokens"
    tokens.write_text("".join(token(caller) + "\n" for caller in callers))
    api = database.url("voxanne_api")
    meter = Meter(database)
    by_name = {server.name: server for server in servers}
    results = []

    def once(contestant, write, connections):
        if contestant in by_name:
            server = by_name[contestant]
            method, path = ("PATCH", calls.WRITE_PATH) if write else ("GET", calls.READ_PATH)
            return load.wrk(options, meter, server, method, path, tokens, connections)
        if contestant == "pgbench_pipelined":
            scripts = calls.pipelined_scripts(folder, callers, write)
        else:
            scripts = calls.alone_scripts(folder, callers, write, connections)
        return load.pgbench(options, meter, api, scripts, connections, folder)

    for turn in range(options.rounds):
        for write in (False, True):
            database.settle()
            for connections in options.connections:
                first = turn % len(CONTESTANTS)
                for contestant in CONTESTANTS[first:] + CONTESTANTS[:first]:
                    found = once(contestant, write, connections)
                    if found["failed"]:
                        raise SystemExit(f"{contestant}: {found['failed']} requests failed; the numbers mean nothing")
                    kind = "write" if write else "read"
                    results.append({
                        "round": turn, "kind": kind, "connections": connections, "contestant": contestant, **found})
                    print(
                        f"round {turn + 1}  {kind:5}  {connections:3}  {contestant:18}"
                        f"{found['per_second']:10,.0f}/s  p50 {found['p50_ms']:7.2f} ms  p99 {found['p99_ms']:7.2f} ms  CPU µs "
                        + " + ".join(
                            f"{name} {found[name + '_cpu_us']:.0f}" for name in ("load", "server", "postgres")
                            if name + "_cpu_us" in found),
                        file=sys.stderr, flush=True)
    return results
