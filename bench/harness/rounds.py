"""Calls a second: every contestant at every width, several times, interleaved so that a noisy minute hits them all."""

import sys

from . import calls, load, processes
from .database import token

CONTESTANTS = ("voxanne", "pgbench_pipelined", "pgbench_alone", "express", "express_cores")


def measure(database, options, servers, callers, folder):
    tokens = folder / "tokens"
    tokens.write_text("".join(token(caller) + "\n" for caller in callers))
    api = database.url("voxanne_api")
    by_name = {server.name: server for server in servers}
    results = []

    def once(contestant, write, connections):
        if contestant in by_name:
            server = by_name[contestant]
            method, path = ("PATCH", calls.WRITE_PATH) if write else ("GET", calls.READ_PATH)
            before = processes.processor_seconds(server.process)
            found = load.wrk(options, server.port, method, path, tokens, connections)
            spent = processes.processor_seconds(server.process) - before
            return found | {"server_cpu_us": spent / found.pop("requests_in_all") * 1e6}
        if contestant == "pgbench_pipelined":
            scripts = calls.pipelined_scripts(folder, callers, write)
        else:
            scripts = calls.alone_scripts(folder, callers, write, connections)
        return load.pgbench(options, api, scripts, connections, folder)

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
                        f"{found['per_second']:10,.0f}/s  p50 {found['p50_ms']:7.2f} ms  p99 {found['p99_ms']:7.2f} ms",
                        file=sys.stderr, flush=True)
    return results
