"""How late a call is ended when its money runs out, with many calls live at once.

Each call is alone on a wallet that holds one minute, so its deadline cannot renew: the caller is warned, then the order to
hang up leaves three seconds before the paid time ends. A listener on loopback stands for the provider and notes when each
order came. What is measured is the order's arrival against the moment it was due.
"""

import json
import signal
import subprocess
import sys
import time

from . import processes
from .options import BENCH


def _live_calls(database, options, port):
    """Admitted as calls are, by the function, at moments spread so that their holds run out within the window."""
    database.run(
        f"""
        truncate private.effects, private.effects_done;
        insert into public.organizations (id, name)
        select md5('bench-live-' || n)::uuid, 'Live ' || n from generate_series(1, {options.live_calls}) as n;
        insert into public.credit_wallets (org_id, balance_pence)
        select md5('bench-live-' || n)::uuid, 56 from generate_series(1, {options.live_calls}) as n;
        """)
    # A minute is held and the warning comes 33 s before its end: the first deadline is a minute and three quarters away,
    # which filling and flushing must not outlast.
    database.run(
        f"""
        set role service_role;
        select count(private.reserve_call_credits(
            p_org_id => md5('bench-live-' || n)::uuid, p_call_id => md5('bench-call-' || n)::uuid,
            p_now => now() + make_interval(secs => 75 + {options.live_window} * n / {options.live_calls}.0)))
        from generate_series(1, {options.live_calls}) as n;
        select count(*) from (
            select private.note_call_line(
                md5('bench-call-' || n)::uuid, 'bench-' || n,
                'http://127.0.0.1:{port}/' || md5('bench-call-' || n)::uuid || '/control')
            from generate_series(1, {options.live_calls}) as n) as lines;
        """)


def measure(database, options, folder):
    port = processes.free_port()
    orders = folder / "orders"
    listener = processes.start(
        [sys.executable, BENCH / "harness/provider.py", port, orders], None, folder / "provider.log")
    _live_calls(database, options, port)
    database.settle()
    worker = processes.start(
        [options.binary, "work"],
        database.environment(
            WORKER_CONCURRENCY=options.concurrency, SERVICE_POOL_SIZE=options.pool, DATABASE_POOL_SIZE=1,
            PORT=processes.free_port(), VOXANNE_ENV="development", VAPI_API_KEY="bench",
            VAPI_BASE_URL=f"http://127.0.0.1:{port}"),
        folder / "deadlines.log")
    until = time.monotonic() + options.live_window + 300
    # Whoever hung up says so: the report comes, as it would by webhook, and the call is settled.
    reports = (
        "set role service_role; select count(private.commit_reserved_credits("
        "p_call_id => r.call_id, p_actual_seconds => 57, p_source => 'report')) from public.credit_reservations r "
        "where r.end_issued_at is not null and r.cap_released_at is null;")
    left = "select count(*) from public.credit_reservations where end_requested_at is not null and end_issued_at is not null " \
           "and org_id in (select md5('bench-live-' || n)::uuid from generate_series(1, %d) as n);" % options.live_calls
    while time.monotonic() < until and int(database.value(left)) < options.live_calls:
        time.sleep(1)
        database.run(reports)
    processes.stop(worker)
    listener.send_signal(signal.SIGTERM)
    processes.stop(listener)

    due = json.loads(database.value(
        "select coalesce(json_object_agg(call_id, extract(epoch from end_due_at)), '{}') from public.credit_reservations "
        "where end_due_at is not null and end_reason = 'hold_exhausted' "
        f"and org_id in (select md5('bench-live-' || n)::uuid from generate_series(1, {options.live_calls}) as n);"))
    arrived = {}
    for line in orders.read_text().splitlines():
        call, kind, at = line.split()
        if kind == "end-call":
            arrived.setdefault(call, float(at))
    if set(due) - set(arrived) or len(due) != options.live_calls:
        raise SystemExit(
            f"{len(due)} of {options.live_calls} calls were to end, {len(arrived)} orders came\n"
            f"{processes.end_of_log(worker)}")
    late = sorted((arrived[call] - float(at)) * 1000 for call, at in due.items())
    found = {
        "calls": options.live_calls, "window_seconds": options.live_window, "p50_ms": late[len(late) // 2],
        "p99_ms": late[len(late) * 99 // 100], "worst_ms": late[-1]}
    print(
        f"{options.live_calls} live calls: end-call late by p50 {found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms, "
        f"at most {found['worst_ms']:.1f} ms", file=sys.stderr, flush=True)
    return found
