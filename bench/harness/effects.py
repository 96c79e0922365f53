"""Effects a second from a filled queue, and how long one waits for its start, against graphile-worker."""

import json
import sys
import time

from . import processes
from .options import BENCH

WORKERS = ("voxanne", "graphile_worker", "graphile_worker_tuned")

# What the server sends after a commit that left something to do.
_WAKE = "notify voxanne_effects;"

_QUEUES = {
    "voxanne": {
        # Alerts of the platform itself may wait there too, for a Slack that nobody configured.
        "left": "private.effects where kind = 'platform.ping'",
        "enqueue": "select private.enqueue_effect(null, 'platform.ping', json_build_object('n', {n})::jsonb)",
        "wake": _WAKE,
    },
    "graphile_worker": {
        "left": "graphile_worker._private_jobs",
        "enqueue": "select graphile_worker.add_job('ping', json_build_object('n', {n}))",
        "wake": "",
    },
}


def _queue(worker):
    return _QUEUES["voxanne" if worker == "voxanne" else "graphile_worker"]


class _Worker:
    def __init__(self, worker, database, options, folder):
        self.voxanne = worker == "voxanne"
        self.database = database
        self.log = folder / f"{worker}.log"
        self.starts_file = folder / f"{worker}.starts.json"
        self.command = (
            [options.binary, "work"] if self.voxanne else ["node", BENCH / "js/graphile.mjs", "work", self.starts_file])
        self.environment = database.environment(
            WORKER_CONCURRENCY=options.concurrency, SERVICE_POOL_SIZE=options.pool, DATABASE_POOL_SIZE=1,
            CONCURRENCY=options.concurrency, POOL_SIZE=options.pool, PORT=processes.free_port(),
            **({} if self.voxanne else {"DATABASE_URL": database.url()}),
            **({"TUNED": 1} if worker.endswith("tuned") else {}))
        self.process = None

    def start(self):
        self.process = processes.start(self.command, self.environment, self.log)

    def stop(self):
        """Ends it and answers (n, when it was carried out) of every job, in milliseconds since 1970.

        Ours says when an effect was finished, which is later than when it was started; graphile-worker keeps nothing of a
        finished job, so its task notes when it was started. The difference is to our disadvantage.
        """
        processes.stop(self.process)
        if not self.voxanne:
            return [tuple(pair) for pair in json.loads(self.starts_file.read_text())]
        rows = self.database.run(
            """
            select json_build_array((d.payload ->> 'n')::double precision, extract(epoch from d.finished_at) * 1000)
            from private.effects_done d where d.kind = 'platform.ping';
            """)
        self.database.run("truncate private.effects_done;")
        return [tuple(json.loads(row)) for row in rows.splitlines()]


def _wait_until_empty(database, left, runner, limit_seconds):
    """A snapshot held for long would keep dead rows alive and slow the queue, so each look is its own transaction."""
    said = database.run(
        f"""
        do $$
        declare
            v_until timestamptz := clock_timestamp() + interval '{limit_seconds} seconds';
        begin
            while exists (select from {left}) and clock_timestamp() < v_until loop
                commit;
                perform pg_sleep(0.02);
                commit;
            end loop;
        end
        $$;
        select extract(epoch from clock_timestamp()) * 1000, exists (select from {left});
        """)
    at, unfinished = said.splitlines()[-1].split("|")
    if unfinished == "t":
        raise SystemExit(f"{left}: not empty after {limit_seconds} s\n{processes.end_of_log(runner.process)}")
    return float(at)


def _drain(worker, database, options, folder):
    queue = _queue(worker)
    database.run(f"{queue['enqueue'].format(n='n')} from generate_series(1, {options.effects}) as n;")
    database.settle()
    runner = _Worker(worker, database, options, folder)
    runner.start()
    emptied = _wait_until_empty(database, queue["left"], runner, 60 + options.effects // 100)
    done = runner.stop()
    if len({n for n, _ in done}) != options.effects:
        raise SystemExit(f"{worker} carried out {len(done)} of {options.effects} jobs")
    return options.effects / (emptied - min(at for _, at in done)) * 1000


def _time_to_start(worker, database, options, folder):
    queue = _queue(worker)
    runner = _Worker(worker, database, options, folder)
    runner.start()
    time.sleep(2)
    now = "extract(epoch from clock_timestamp()) * 1000"
    one = f"{queue['enqueue'].format(n=now)};\n{queue['wake']}\nselect pg_sleep(0.01);\n"
    database.run(one * options.latency_jobs)
    _wait_until_empty(database, queue["left"], runner, 30)
    waits = sorted(at - enqueued for enqueued, at in runner.stop())
    return {"p50_ms": waits[len(waits) // 2], "p99_ms": waits[len(waits) * 99 // 100]}


def measure(database, options, folder):
    migrated = processes.start(
        ["node", BENCH / "js/graphile.mjs", "migrate"], database.environment(DATABASE_URL=database.url()),
        folder / "graphile-migrate.log")
    if migrated.wait(60):
        raise SystemExit(f"graphile-worker did not migrate:\n{(folder / 'graphile-migrate.log').read_text()[-2000:]}")
    results = []
    for turn in range(options.rounds):
        for worker in WORKERS[turn % len(WORKERS):] + WORKERS[:turn % len(WORKERS)]:
            found = {"round": turn, "worker": worker, "per_second": _drain(worker, database, options, folder)}
            found |= _time_to_start(worker, database, options, folder)
            results.append(found)
            print(
                f"round {turn + 1}  {worker:22}{found['per_second']:10,.0f}/s  "
                f"to start p50 {found['p50_ms']:6.1f} ms  p99 {found['p99_ms']:6.1f} ms", file=sys.stderr, flush=True)
    return results
