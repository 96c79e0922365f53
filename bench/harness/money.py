"""The prepaid engine: calls' lives a second on one wallet and on many, with a short ledger and a long one.

A life is three transactions: reserve, renew, settle. The contestants say the same to the same functions: Voxanne's own way
to the database, pgbench with the statements pipelined (the limit), and a floor of pgbench that locks the wallet, inserts a
row and moves the balance, three times, and knows no rule at all.
"""

import json
import re
import sys

from . import load
from .meter import Meter, per_call

CONTESTANTS = ("voxanne", "pgbench_pipelined", "floor")
STEPS = ("reserve", "renew", "settle")
CONNECTIONS = 8

_SAID = (
    "nullif(pg_catalog.current_setting('response.status', true), ''), "
    "nullif(pg_catalog.current_setting('response.headers', true), ''), "
    "coalesce(pg_catalog.current_setting('voxanne.wake', true), '') = 'on'"
)
# Made in the statement, so that all three transactions of a life name the same call without asking for it first.
_ORG = "pg_catalog.md5('bench-money-' || :w::text)::uuid"
_CALL = "pg_catalog.md5(:client_id::text || '-' || :n::text)::uuid"
_CALLS = {
    "reserve": f"private.reserve_call_credits(p_org_id => {_ORG}, p_call_id => {_CALL})",
    "renew": f"private.renew_call_reservation(p_call_id => {_CALL})",
    "settle":
        f"private.commit_reserved_credits(p_call_id => {_CALL}, p_actual_seconds => 120, p_source => 'report')",
}


def prepare(database, wallets):
    """Wallets that let every call in, and the floor's own table; signing up would be measured elsewhere."""
    database.run(
        f"""
        insert into public.organizations (id, name)
        select md5('bench-money-' || n)::uuid, 'Money ' || n from generate_series(1, {wallets}) as n;
        insert into public.credit_wallets (org_id, balance_pence, max_concurrent_calls)
        select md5('bench-money-' || n)::uuid, 1000000000000, 1000 from generate_series(1, {wallets}) as n;
        create schema bench;
        create table bench.entries (
            org_id uuid, id uuid default gen_random_uuid(), call_id uuid, amount bigint, at timestamptz default now(),
            primary key (org_id, id));
        create function bench.floor(p_org uuid, p_call uuid) returns bigint language plpgsql as $$
        declare
            v_balance bigint;
        begin
            select balance_pence into v_balance from public.credit_wallets where org_id = p_org for update;
            insert into bench.entries (org_id, call_id, amount) values (p_org, p_call, 0);
            update public.credit_wallets set balance_pence = v_balance where org_id = p_org;
            return v_balance;
        end $$;
        grant usage on schema bench to service_role, voxanne_worker;
        grant select, insert on bench.entries to service_role;
        alter function bench.floor security definer;
        grant execute on function bench.floor to service_role;
        """)


def lengthen(database, rows):
    """Gives the first wallet a ledger of that many rows. The chain is not the bench's business, its length is."""
    database.run(
        f"""
        set session_replication_role = replica;
        insert into public.credit_transactions (
            org_id, seq, amount_pence, type, description, call_id, idempotency_key, balance_before_pence,
            balance_after_pence, entry_hash, created_at)
        select w.org_id, w.entry_count + n, -1, 'deduction', 'Call of 1 s', gen_random_uuid(), 'long:' || w.entry_count + n,
               w.balance_pence - n + 1, w.balance_pence - n, sha256(n::text::bytea), now()
        from public.credit_wallets w, generate_series(1, {rows} - (
            select entry_count from public.credit_wallets where org_id = md5('bench-money-1')::uuid)) as n
        where w.org_id = md5('bench-money-1')::uuid;
        update public.credit_wallets w
        set entry_count = t.seq, balance_pence = t.balance_after_pence, last_entry_hash = t.entry_hash,
            last_entry_at = t.created_at
        from public.credit_transactions t
        where w.org_id = md5('bench-money-1')::uuid and t.org_id = w.org_id
          and t.seq = (select max(l.seq) from public.credit_transactions l where l.org_id = w.org_id);
        """)


def _transaction(statement):
    return [
        "\\startpipeline", "begin;", "set local role service_role;",
        """set local "request.jwt.claims" = '{"role": "service_role"}';""", statement, "commit;", "\\endpipeline",
    ]


def _script(folder, contestant, wallets):
    calls = {step: f"bench.floor({_ORG}, {_CALL})" for step in STEPS} if contestant == "floor" else _CALLS
    lines = [f"\\set w random(1, {wallets})", "\\set n random(1, 9000000000000000000)"]
    for step in STEPS:
        lines += _transaction(f"select pg_catalog.to_json({calls[step]})::text, {_SAID};")
    path = folder / f"money-{contestant}-{wallets}.sql"
    path.write_text("\n".join(lines) + "\n")
    return path


def _pgbench(database, options, meter, folder, contestant, wallets):
    script = _script(folder, contestant, wallets)
    found = load.pgbench(options, meter, database.url("voxanne_worker"), [script], CONNECTIONS, folder)
    return found


def _ours(database, options, meter, folder, wallets):
    ids = folder / f"organisations-{wallets}"
    if not ids.exists():
        ids.write_text(database.run(f"select md5('bench-money-' || n)::uuid from generate_series(1, {wallets}) as n;") + "\n")
    command = [
        "env", *[f"{name}={value}" for name, value in database.environment(SERVICE_POOL_SIZE=CONNECTIONS).items()],
        str(options.money), "--connections", str(CONNECTIONS), "--warm-up", str(options.warm_up),
        "--seconds", str(options.seconds), "--organisations", str(ids)]
    out, cores = meter.run(command, options.seconds, options.warm_up)
    said = json.loads(re.search(r"^JSON (\{.*\})$", out, re.M).group(1))
    rate = said["lives"] / said["seconds"]
    p50 = sum(said["steps"][step]["p50_ms"] for step in STEPS)
    return {
        "per_second": rate, "p50_ms": p50, "p99_ms": sum(said["steps"][step]["p99_ms"] for step in STEPS), "failed": 0,
        "steps": said["steps"], **per_call(cores, rate)}


def measure(database, options, folder):
    prepare(database, options.wallets)
    meter = Meter(database)
    results = []
    for scenario, wallets, rows in (
            ("one wallet, short ledger", 1, 10_000),
            ("many wallets", options.wallets, 10_000),
            ("one wallet, long ledger", 1, options.ledger_rows)):
        lengthen(database, rows)
        for turn in range(options.rounds):
            # The queue of deadlines is emptied, as a worker would have.
            database.run("truncate private.effects, private.effects_done;")
            database.settle()
            for contestant in CONTESTANTS[turn % 3:] + CONTESTANTS[:turn % 3]:
                if contestant == "voxanne":
                    found = _ours(database, options, meter, folder, wallets)
                else:
                    found = _pgbench(database, options, meter, folder, contestant, wallets)
                results.append({
                    "round": turn, "scenario": scenario, "wallets": wallets, "ledger_rows": rows,
                    "contestant": contestant, **found})
                print(
                    f"round {turn + 1}  {scenario:26}{contestant:18}{found['per_second']:10,.0f} lives/s  "
                    f"p50 {found['p50_ms']:6.2f} ms  p99 {found['p99_ms']:6.2f} ms", file=sys.stderr, flush=True)
    return results
