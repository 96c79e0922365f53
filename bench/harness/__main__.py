"""One run, from an empty cluster to the report. Started by bench/run, inside `voxanne with-postgres`."""

import os
import signal
import sys
import tempfile
from pathlib import Path

from . import dashboard, deadlines, effects, facts, line, money, numbers, processes, report, rounds, servers
from .database import Database
from .options import parse


def memory_of(running, binary):
    return {
        "binary_mib": binary.stat().st_size / 2**20,
        "servers": {
            server.name: {
                "idle_mib": server.idle_mib, "loaded_mib": processes.resident_mebibytes(server.process)}
            for server in running
        },
    }


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    admin = os.environ.get("VOXANNE_TEST_ADMIN_URL")
    if not admin:
        raise SystemExit("VOXANNE_TEST_ADMIN_URL is not set: start this by bench/run")

    with tempfile.TemporaryDirectory(prefix="voxanne-bench-") as name:
        folder = Path(name)
        database = Database(admin)
        database.create(options.binary, folder / "migrate.log")
        database.fill(options.organisations)

        known = facts.gather(database, options)
        call_results, effect_results, memory = [], [], {}
        if "calls" in options.parts or "memory" in options.parts:
            callers = database.callers(options.callers)
            running = servers.start_all(database, options, folder)
            for server in running:
                server.prove(callers[0])
            if "calls" in options.parts:
                call_results = rounds.measure(database, options, running, callers, folder)
            memory = memory_of(running, options.binary)
            for server in running:
                processes.stop(server.process)
        if "effects" in options.parts:
            effect_results = effects.measure(database, options, folder)

        money_results = money.measure(database, options, folder) if "money" in options.parts else []
        lateness = deadlines.measure(database, options, folder) if "deadlines" in options.parts else {}
        number_results = numbers.measure(database, options, folder) if "numbers" in options.parts else []
        line_results = line.measure(database, options, folder) if "line" in options.parts else []
        dashboard_results = dashboard.measure(database, options, folder) if "dashboard" in options.parts else []

        summary = report.summarise(
            call_results, effect_results, memory, money_results, lateness, number_results, line_results,
            dashboard_results)
        raw = {
            "calls": call_results, "effects": effect_results, "money": money_results, "deadlines": lateness,
            "numbers": number_results, "line": line_results, "dashboard": dashboard_results}
        text, path = report.keep(known, options, summary, raw)
        print(text)
        print(f"Kept in {path}", file=sys.stderr)


try:
    main()
finally:
    processes.stop_all()
