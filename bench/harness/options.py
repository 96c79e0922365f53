"""What a run measures. The defaults are `make bench`."""

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"

USUAL = {"organisations": 1_000, "effects": 20_000, "ledger_rows": 1_000_000, "numbers": 1_000_000,
         "dashboard_calls": 100_000, "dashboard_all": 1_000_000}
LARGE = {"organisations": 50_000, "effects": 500_000, "ledger_rows": 10_000_000, "numbers": 10_000_000,
         "dashboard_calls": 1_000_000, "dashboard_all": 10_000_000}
PARTS = ("calls", "effects", "memory", "money", "deadlines", "numbers", "line", "dashboard")


def parse():
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures Voxanne against pgbench, Express and graphile-worker in one run.",
    )
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/voxanne", help="the voxanne to measure")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"any of {','.join(PARTS)}")
    parser.add_argument("--connections", default="1,8,32", help="concurrent connections, one measurement each")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved repetitions; the median counts")
    parser.add_argument("--seconds", type=float, default=4, help="length of one measurement")
    parser.add_argument("--warm-up", type=float, default=2, help="seconds of load before each measurement")
    parser.add_argument("--large", action="store_true", help=f"the defaults of the sizes become {LARGE}")
    parser.add_argument("--organisations", type=int, help="organisations in the database")
    parser.add_argument("--callers", type=int, default=512, help="of these, how many call")
    parser.add_argument("--pool", type=int, default=8, help="database connections of each server")
    parser.add_argument("--effects", type=int, help="jobs in the queue to drain")
    parser.add_argument("--concurrency", type=int, default=16, help="jobs a worker carries out at once")
    parser.add_argument("--latency-jobs", type=int, default=500, help="jobs enqueued one by one for the time to start")
    parser.add_argument("--money", type=Path, default=ROOT / "target/release/examples/money", help="the money load")
    parser.add_argument("--wallets", type=int, default=10_000, help="wallets for the money load over many")
    parser.add_argument("--ledger-rows", type=int, help="rows of the long ledger")
    parser.add_argument("--numbers", type=int, help="phone numbers, of which one rings")
    parser.add_argument("--dashboard-calls", type=int, help="calls of the clinic whose dashboard has many")
    parser.add_argument("--dashboard-all", type=int, help="calls of all clinics, a multiple of these and of 10,000")
    parser.add_argument("--live-calls", type=int, default=10_000, help="calls live at once for the deadlines")
    parser.add_argument("--live-window", type=int, default=120, help="seconds over which their money runs out")
    parser.add_argument("--results", type=Path, default=BENCH / "results", help="where the report goes")
    options = parser.parse_args()
    for name, number in (LARGE if options.large else USUAL).items():
        if getattr(options, name) is None:
            setattr(options, name, number)
    options.parts = options.parts.split(",")
    options.connections = [int(number) for number in options.connections.split(",")]
    options.cores = len(os.sched_getaffinity(0))
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options
