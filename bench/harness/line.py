"""How soon somebody on the telephone line is answered: assistant-requests at even rates, tools, reports, and messages taken in.

An assistant-request is a whole admission: the message kept, whose call it is, the hold on the wallet, the call's row, its
contact, what the assistant is told. A tool looks for free times or takes one. A report is a settlement and a golden record: it is there when the answer is.
"""

import json
import re
import subprocess
import sys
from statistics import median

from . import processes
from .options import BENCH
from .servers import Server

RATES = (50, 200, 500)
TOOLS = 50
REPORTS = 50
_SECRET = "a secret of the bench"
_CLINICS = 1_000
_ANSWER_AIM_MS = 50
_TOOL_AIM_MS = 500
_RECORD_AIM_MS = 1_000
_NAMES = {
    "assistant-request": "a call rings: `assistant-request`",
    "tool-calls": "free times and bookings: `tool-calls`",
    "end-of-call-report": "golden records: `end-of-call-report`",
    "taken in": "as many as are taken in, 32 connections: `hang`",
}


def _fill(database):
    """Clinics that answer: a wallet nobody empties, a number, an agent whose assistant Vapi knows."""
    database.run(
        f"""
        insert into public.organizations (id, name)
        select md5('bench-line-' || n)::uuid, 'Line ' || n from generate_series(0, {_CLINICS - 1}) as n;
        insert into public.credit_wallets (org_id, balance_pence, max_concurrent_calls)
        select md5('bench-line-' || n)::uuid, 1000000000, 1000 from generate_series(0, {_CLINICS - 1}) as n;
        insert into public.services (org_id, name, price_pence, keywords)
        select md5('bench-line-' || n)::uuid, 'Fillers', 50000, array['filler', 'fillers']
        from generate_series(0, {_CLINICS - 1}) as n;
        insert into public.agents (org_id, id, name, direction, vapi_assistant_id)
        select md5('bench-line-' || n)::uuid, md5('bench-agent-' || n)::uuid, 'Anna', 'inbound', md5('bench-assistant-' || n)::uuid
        from generate_series(0, {_CLINICS - 1}) as n;
        insert into public.phone_number_mapping (phone_number, org_id, agent_id)
        select '+4420' || (10000000 + n), md5('bench-line-' || n)::uuid, md5('bench-agent-' || n)::uuid
        from generate_series(0, {_CLINICS - 1}) as n
        on conflict (phone_number) do update set org_id = excluded.org_id, agent_id = excluded.agent_id;
        insert into public.opening_hours (org_id, weekday, opens, closes)
        select md5('bench-line-' || n)::uuid, d, '08:00', '18:00'
        from generate_series(0, {_CLINICS - 1}) as n, generate_series(1, 7) as d;
        """)


def _send(server, kind, rate, seconds, seed):
    done = subprocess.run(
        [sys.executable, BENCH / "harness/telephone.py", str(server.port), _SECRET, kind, str(rate), str(seconds),
         str(_CLINICS), str(seed)],
        capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if found["failed"]:
        raise SystemExit(
            f"{found['failed']} of {found['sent']} {kind} were not answered well: {found['failure']}\n"
            f"{processes.end_of_log(server.process)}")
    return found


def _flood(server, seconds, seed):
    """Messages that are kept and begin a call's row, from connections that each wait for their answer."""
    done = subprocess.run(
        ["wrk", "-t2", "-c32", f"-d{max(1, round(seconds))}s", "--timeout", "10s", "-s", str(BENCH / "lua/messages.lua"),
         f"http://127.0.0.1:{server.port}", "--", _SECRET, str(_CLINICS), str(seed)],
        capture_output=True, text=True, check=True)
    found = re.search(r"^JSON (\{.*\})$", done.stdout, re.M)
    said = json.loads(found.group(1)) if found else {"failed": "all"}
    if said["failed"]:
        raise SystemExit(f"{said['failed']} messages failed\n{done.stdout}{processes.end_of_log(server.process)}")
    return {
        "sent": said["requests"], "per_second": said["requests"] / said["duration_us"] * 1e6,
        **{part: said[part.replace("_ms", "_us")] / 1000 for part in ("p50_ms", "p99_ms", "worst_ms")}}


def measure(database, options, folder):
    _fill(database)
    server = Server("line", [options.binary, "serve"], "/ready").start(
        database, folder, DATABASE_POOL_SIZE=options.pool, SERVICE_POOL_SIZE=options.pool, VAPI_WEBHOOK_SECRET=_SECRET)
    results = []

    def once(turn, kind, rate, seed):
        sent = _flood(server, options.seconds, seed) if rate is None else _send(server, kind, rate, options.seconds, seed)
        found = {"round": turn, "kind": kind, "rate": rate, **sent}
        results.append(found)
        print(
            f"round {turn + 1}  {kind:20}{found['per_second']:8.0f}/s  p50 {found['p50_ms']:7.2f} ms  p99 {found['p99_ms']:7.2f} ms  "
            f"worst {found['worst_ms']:7.2f} ms", file=sys.stderr, flush=True)

    _send(server, "assistant-request", 50, options.warm_up, 1)
    for turn in range(options.rounds):
        database.settle()
        for rate in RATES:
            once(turn, "assistant-request", rate, 1_000 * (turn + 1) + rate)
        once(turn, "taken in", None, turn)
        # The tools and the reports are of the calls that rang at the same rate in this round.
        once(turn, "tool-calls", TOOLS, 1_000 * (turn + 1) + TOOLS)
        once(turn, "end-of-call-report", REPORTS, 1_000 * (turn + 1) + REPORTS)
    recorded = int(database.value(
        "select count(*) from public.calls c where c.status = 'completed' and c.cost_cents = 122 and c.transcript <> '';"))
    reported = sum(found["sent"] for found in results if found["kind"] == "end-of-call-report")
    if recorded != reported:
        raise SystemExit(f"{reported} reports were answered, {recorded} records are whole\n{processes.end_of_log(server.process)}")
    processes.stop(server.process)
    return results


def summarise(results):
    groups = {}
    for found in results:
        groups.setdefault((found["kind"], found["rate"]), []).append(found)
    return [
        {"kind": kind, "rate": rate,
         **{part: median(found[part] for found in members) for part in ("per_second", "p50_ms", "p99_ms", "worst_ms")}}
        for (kind, rate), members in groups.items()]


def aims(rows):
    return [
        {"what": f"p99 of an assistant-request at {row['rate']} a second, ms", "ratio": row["p99_ms"], "aim": _ANSWER_AIM_MS,
         "at_most": True}
        for row in rows if row["kind"] == "assistant-request" and row["rate"] == 200
    ] + [
        {"what": f"p99 of a tool's answer at {row['rate']} a second, ms", "ratio": row["p99_ms"], "aim": _TOOL_AIM_MS, "at_most": True}
        for row in rows if row["kind"] == "tool-calls"
    ] + [
        {"what": f"p99 of a golden record at {row['rate']} reports a second, ms", "ratio": row["p99_ms"],
         "aim": _RECORD_AIM_MS, "at_most": True}
        for row in rows if row["kind"] == "end-of-call-report"
    ]


def lines(rows):
    table = [
        "## On the line", "",
        f"Messages at an even rate over HTTP to {_CLINICS:,} clinics, each timed from its moment to its whole answer: a "
        "sender that waits for nobody.", "",
        "| | a second | answered a second | p50 ms | p99 ms | worst ms |", "|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        table.append(
            f"| {_NAMES[row['kind']]} | {row['rate'] or ''} | {row['per_second']:,.0f} | {row['p50_ms']:.2f} | {row['p99_ms']:.2f} "
            f"| {row['worst_ms']:.2f} |")
    return [*table, ""]
