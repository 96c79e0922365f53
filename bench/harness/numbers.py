"""Whose number rings: what finding a call's organisation costs, with few numbers and with many.

Each call is heard of twice, as it is in life: when it rings, and again when something more is said of it. The floor looks the
number up by its key and inserts a row, twice, without a function or a rule.
"""

import sys
from statistics import median

from . import load
from .meter import Meter

CONNECTIONS = 8
FEW = 10_000
_NAMES = {"voxanne": "private.call_organization", "floor": "floor: look up, insert, no rule"}
_FLAT_WITHIN = 1.2
_NUMBER = "'+4420' || (10000000 + :w::bigint)::text"
_CALL = ":client_id::text || '-' || :n::text"
_STATEMENTS = {
    "voxanne": [f"select private.call_organization({_CALL}, {_NUMBER});"] * 2,
    "floor": [
        "insert into bench.calls (call, org_id) "
        f"select {_CALL}, m.org_id from public.phone_number_mapping m where m.phone_number = {_NUMBER} "
        "on conflict (call) do nothing;",
        f"select c.org_id from bench.calls c where c.call = {_CALL};",
    ],
}


def _fill(database, numbers):
    database.run(
        f"""
        create schema if not exists bench;
        create table if not exists bench.calls (call text primary key, org_id uuid not null);
        grant usage on schema bench to service_role, voxanne_worker;
        grant select, insert on bench.calls to service_role;
        insert into public.organizations (id, name)
        select md5('bench-number-' || n)::uuid, 'Number ' || n
        from generate_series(1 + (select count(*) from public.phone_number_mapping), {numbers}) as n;
        insert into public.phone_number_mapping (phone_number, org_id)
        select '+4420' || (10000000 + n), md5('bench-number-' || n)::uuid
        from generate_series(1 + (select count(*) from public.phone_number_mapping), {numbers}) as n;
        """)


def _script(folder, contestant, numbers):
    lines = [f"\\set w random(1, {numbers})", "\\set n random(1, 9000000000000000000)", "set role service_role;"]
    path = folder / f"numbers-{contestant}-{numbers}.sql"
    path.write_text("\n".join(lines + _STATEMENTS[contestant]) + "\n")
    return path


def measure(database, options, folder):
    meter = Meter(database)
    results = []
    for numbers in (FEW, options.numbers):
        _fill(database, numbers)
        for turn in range(options.rounds):
            database.settle()
            for contestant in list(_NAMES)[turn % 2:] + list(_NAMES)[:turn % 2]:
                script = _script(folder, contestant, numbers)
                found = load.pgbench(options, meter, database.url("voxanne_worker"), [script], CONNECTIONS, folder)
                results.append({"round": turn, "numbers": numbers, "contestant": contestant, **found})
                print(
                    f"round {turn + 1}  {numbers:>9,} numbers  {contestant:10}{found['per_second']:10,.0f} calls/s  "
                    f"p50 {found['p50_ms']:6.2f} ms  p99 {found['p99_ms']:6.2f} ms", file=sys.stderr, flush=True)
    return results


def summarise(results):
    rows = []
    for numbers in dict.fromkeys(found["numbers"] for found in results):
        rates = {found["round"]: found["per_second"] for found in results
                 if found["numbers"] == numbers and found["contestant"] == "voxanne"}
        for name in _NAMES:
            members = [found for found in results if found["numbers"] == numbers and found["contestant"] == name]
            rows.append({
                "numbers": numbers, "contestant": name,
                **{part: median(found[part] for found in members) for part in ("per_second", "p50_ms", "p99_ms")},
                "voxanne_against": median(rates[found["round"]] / found["per_second"] for found in members)})
    return rows


def aims(rows):
    if not rows:
        return []
    rates = [row["per_second"] for row in rows if row["contestant"] == "voxanne"]
    return [{
        "what": "cost of finding a call's organisation among many numbers over among few",
        "ratio": rates[0] / rates[-1], "aim": _FLAT_WITHIN, "at_most": True}]


def lines(rows):
    table = [
        "## Whose number rings", "",
        f"A call heard of twice, {CONNECTIONS} connections, by pgbench: each with a write that is flushed.", "",
        "| numbers | | calls/s | p50 ms | p99 ms | ours against it |", "|---:|---|---:|---:|---:|---:|"]
    for row in rows:
        ratio = "" if row["contestant"] == "voxanne" else f"{row['voxanne_against']:.2f} ×"
        table.append(
            f"| {row['numbers']:,} | {_NAMES[row['contestant']]} | {row['per_second']:,.0f} | {row['p50_ms']:.2f} "
            f"| {row['p99_ms']:.2f} | {ratio} |")
    return [*table, ""]
