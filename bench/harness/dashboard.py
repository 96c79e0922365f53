"""What a dashboard reads: a list, a search and the pulse, of an organisation with few calls and of one with many, among all.

The calls are made by SQL with their triggers and indexes away, which come back after; the counts are added up once, as the triggers
and the folding would have left them. Texts are short: what is measured is finding them. Every question is asked through the
same four statements that the server sends, and its plan is read where it runs, inside the function (auto_explain).
"""

import json
import re
import subprocess
import sys
import time

from . import load
from .database import claims
from .meter import Meter

CONNECTIONS = 4
FEW = 10_000
CLINICS = 1_000
DAYS = 730
_AIM_MS = 50.0
_WITHIN_AIM = ("list", "list failed", "list outbound", "list failed outbound", "pulse today", "pulse 30d")

# In nine of ten calls, in one of a hundred, in a handful, in none.
_QUESTIONS = {
    "list": "public.list_calls()",
    "list a day": "public.list_calls(p_from => now() - :d * interval '1 day', p_to => now() - (:d - 1) * interval '1 day')",
    "list failed": "public.list_calls(p_status => 'failed')",
    "list outbound": "public.list_calls(p_direction => 'outbound')",
    "list failed outbound": "public.list_calls(p_status => 'failed', p_direction => 'outbound')",
    "list pending (none)": "public.list_calls(p_status => 'pending')",
    "search frequent word": "public.list_calls(p_search => 'appointment')",
    "search frequent word, failed outbound": "public.list_calls(p_search => 'appointment', p_status => 'failed', p_direction => 'outbound')",
    "search frequent word, long ago": "public.list_calls(p_search => 'appointment', p_to => now() - :d * interval '1 day')",
    "search some word": "public.list_calls(p_search => 'whitening')",
    "search rare word": "public.list_calls(p_search => 'code' || :r)",
    "search absent word": "public.list_calls(p_search => 'chinchilla')",
    "search two words": "public.list_calls(p_search => 'appointment whitening')",
    "search number": "public.list_calls(p_search => '07700 ' || :n)",
    "stats of a month": "public.call_stats(now() - interval '30 days')",
    "stats since ever": "public.call_stats()",
    "pulse today": "public.dashboard_pulse('today')",
    "pulse 30d": "public.dashboard_pulse('30d')",
    "series 30d by hour": "public.call_series('30d', 'hour')",
    "funnel 30d": "public.call_funnel('30d')",
    "recent activity": "public.recent_activity()",
}

_MAKE = """
set session_replication_role = replica;
set maintenance_work_mem = '1GB';
create schema if not exists bench;
create table bench.call_indexes as
select i.indexname as name, i.indexdef as definition from pg_indexes i
where i.schemaname = 'public' and i.tablename = 'calls'
  and not exists (select from pg_constraint c where c.conrelid = 'public.calls'::regclass and c.conname = i.indexname);
select format('drop index public.%I', name) from bench.call_indexes \\gexec
insert into public.organizations (id, name) select md5('bench-clinic-' || n)::uuid, 'Clinic ' || n from generate_series(1, :clinics) as n;
insert into public.calls (
    org_id, id, call_direction, status, created_at, started_at, ended_at, duration_seconds, phone_number, caller_name, transcript,
    summary, sentiment_score, booking_confirmed, financial_value_pence, recording_status, cost_cents)
select case when n % :every_many = 0 then :'many'::uuid when n % :every_few = 1 then :'few'::uuid
            else md5('bench-clinic-' || 1 + n % :clinics)::uuid end,
       ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       case when h % 7 = 0 then 'outbound' else 'inbound' end, case when h % 101 = 0 then 'failed' else 'completed' end,
       t.at, t.at, t.at + interval '90 seconds', h % 300, '+447700' || lpad((h % 1000000)::text, 6, '0'), 'Caller ' || h % 5000,
       concat('Hello ', case when h % 10 <> 0 then 'an appointment ' end, case when h % 100 = 3 then 'for whitening ' end,
              'please, my code', h % 200000, ' is here and thank you word', h % 3000),
       'Asked about topic' || h % 400, h % 1000 / 1000.0, h % 4 = 0, h % 4 * 5000, 'completed', h % 300
from generate_series(0, :all_calls - 1) as n
cross join lateral (select abs(hashint8(n)::bigint) as h, now() - (:all_calls - n)::float8 / :all_calls * :days * interval '1 day' as at) as t;
select definition from bench.call_indexes order by name \\gexec
drop table bench.call_indexes;
insert into private.call_quarters (
    org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
select c.org_id, private.quarter_of(c.created_at), c.call_direction, sum(k.calls), sum(k.completed), sum(k.booked), sum(k.seconds),
       sum(k.timed), sum(k.sentiment), sum(k.felt), sum(k.value_pence), sum(k.connected), sum(k.engaged)
from public.calls c cross join lateral private.count_of_call(c) k
group by 1, 2, 3;
insert into private.call_months (
    org_id, month, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
select q.org_id, date_trunc('month', q.quarter, 'UTC'), q.direction, sum(q.calls), sum(q.completed), sum(q.booked), sum(q.seconds),
       sum(q.timed), sum(q.sentiment), sum(q.felt), sum(q.value_pence), sum(q.connected), sum(q.engaged)
from private.call_quarters q
group by 1, 2, 3;
vacuum analyze public.calls;
vacuum analyze private.call_quarters;
vacuum analyze private.call_months;
"""


def _make(database, options, few, many):
    """A share of all calls is the clinic's with many, so that its rows lie among the others'."""
    begun = time.monotonic()
    values = {
        "few": few, "many": many, "all_calls": options.dashboard_all, "clinics": CLINICS, "days": DAYS,
        "every_many": options.dashboard_all // options.dashboard_calls, "every_few": options.dashboard_all // FEW}
    database.run("".join(f"\\set {name} {value}\n" for name, value in values.items()) + _MAKE)
    return time.monotonic() - begun


def _who(database):
    """Two administrators: of a clinic with few calls, and of one with many."""
    rows = database.run(
        """
        select json_build_object('id', u.id, 'email', u.email, 'org_id', u.raw_app_meta_data ->> 'org_id')
        from auth.users u where u.email like 'bench-%' and u.raw_app_meta_data ->> 'org_id' is not null
        order by u.created_at desc, u.id limit 2;
        """).splitlines()
    return [claims(json.loads(row)) for row in rows]


def _script(folder, place, question, who):
    body = json.dumps(who).replace("'", "''")
    path = folder / f"dashboard-{place}.sql"
    path.write_text(
        "\\set d random(2, 700)\n\\set r random(0, 199999)\n\\set n random(100000, 999999)\n\\startpipeline\n"
        "begin read only;\nset local role authenticated;\n"
        f"set local \"request.jwt.claims\" = '{body}';\n"
        f"select to_json(f)::text from {question} f;\ncommit;\n\\endpipeline\n")
    return path


def _plan(database, question, who):
    """How the calls and their counts were reached, inside the function: each scan once, with what it found.

    It is asked a few times before, as on a connection that lives: then plans are general, and no longer made for the question.
    """
    asked = re.sub(r":([drn])\b", lambda found: {"d": "400", "r": "77", "n": "123456"}[found.group(1)], question)
    who = json.dumps(who).replace("'", "''")
    asked = f"select to_json(f)::text from {asked} f;\n"
    sql = (
        f"begin; set local role authenticated; set local \"request.jwt.claims\" = '{who}';\n" + asked * 8 + "commit;\n"
        "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;\n"
        "set auto_explain.log_analyze = on; set auto_explain.log_timing = off; set client_min_messages = log;\n"
        f"begin; set local role authenticated; set local \"request.jwt.claims\" = '{who}';\n" + asked + "commit;\n")
    done = subprocess.run(
        ["psql", database.url(), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        input=sql, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"psql: {done.stderr.strip()}")
    found = re.findall(r"((?:Parallel )?(?:Seq Scan|Index(?: Only)? Scan(?: Backward)? using \S+|Bitmap Index Scan) on (?:\w+\.)?"
                       r"(?:calls|call_quarters|call_months|call_deltas|appointments|messages|hot_lead_alerts|credit_transactions"
                       r"|calls_\w+|call_\w+_pkey))\b.*?rows=(\d+) loops=(\d+)\)", done.stderr)
    scans = {}
    for scan, rows, loops in found:
        times, most = scans.get(scan, (0, 0))
        scans[scan] = (times + int(loops), max(most, int(rows)))
    return [f"{scan}, {times} ×, at most {most:,} rows" for scan, (times, most) in scans.items()]


def measure(database, options, folder):
    meter = Meter(database)
    few, many = _who(database)
    took = _make(database, options, few["app_metadata"]["org_id"], many["app_metadata"]["org_id"])
    size = database.value("select pg_size_pretty(pg_total_relation_size('public.calls') + pg_total_relation_size('private.call_quarters'));")
    print(f"{options.dashboard_all:,} calls made in {took:,.0f} s, {size}", file=sys.stderr, flush=True)
    results = []
    for calls, who in ((FEW, few), (options.dashboard_calls, many)):
        for place, (name, question) in enumerate(_QUESTIONS.items()):
            script = _script(folder, place, question, who)
            found = load.pgbench(options, meter, database.url("voxanne_api"), [script], CONNECTIONS, folder)
            plan = _plan(database, question, who)
            results.append({"question": name, "calls": calls, "of": options.dashboard_all, "size": size, "plan": plan, **found})
            print(
                f"{calls:>9,} calls  {name:40}p50 {found['p50_ms']:8.2f} ms  p95 {found['p95_ms']:8.2f} ms  {'; '.join(plan)}",
                file=sys.stderr, flush=True)
    return results


def aims(results):
    most = max((found["calls"] for found in results), default=0)
    return [{
        "what": f"p95 in ms of “{found['question']}” at {most:,} calls over the {_AIM_MS:.0f} it may take",
        "ratio": found["p95_ms"] / _AIM_MS, "aim": 1.0, "at_most": True}
        for found in results if found["calls"] == most and found["question"] in _WITHIN_AIM]


def lines(results):
    if not results:
        return []
    table = [
        "## What a dashboard reads", "",
        f"Of one organisation's calls, among {results[0]['of']:,} in all ({results[0]['size']}); {CONNECTIONS} connections, by pgbench, "
        "the same statements as the server's.", "",
        "| question | calls | p50 ms | p95 ms | how it was found |", "|---|---:|---:|---:|---|"]
    for found in results:
        table.append(
            f"| {found['question']} | {found['calls']:,} | {found['p50_ms']:.2f} | {found['p95_ms']:.2f} "
            f"| {'; '.join(found['plan'])} |")
    return [*table, ""]
