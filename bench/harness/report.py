"""What a run found: medians, ratios, and the machine they hold for, as a page and as data."""

import json
from statistics import median

from . import dashboard, line, money_report, numbers

_NUMBERS = ("per_second", "p50_ms", "p99_ms")
_COSTS = ("load_cpu_us", "server_cpu_us", "postgres_cpu_us")

# (kind, against, at least)
_CALL_AIMS = (("read", "pgbench_pipelined", 0.75), ("write", "pgbench_pipelined", 0.85), ("read", "express_best", 3.0))
_EFFECT_AIM = 1.0
_IDLE_AIM_MIB = 50


def _groups(results, *keys):
    groups = {}
    for result in results:
        groups.setdefault(tuple(result[key] for key in keys), []).append(result)
    return groups


def _medians(members):
    return {
        number: median(found[number] for found in members)
        for number in (*_NUMBERS, *_COSTS) if number in members[0]
    }


def _ratios(ours, theirs):
    """The median of the rounds' ratios: what ran within the same minute is compared, not what ran minutes apart."""
    rates = {found["round"]: found["per_second"] for found in theirs}
    return median(found["per_second"] / rates[found["round"]] for found in ours)


def _summarise_calls(calls):
    rows = []
    for (kind, connections), members in _groups(calls, "kind", "connections").items():
        by_name = {name: found for (name,), found in _groups(members, "contestant").items()}
        ratios = {
            name: _ratios(by_name["voxanne"], found) for name, found in sorted(by_name.items()) if name != "voxanne"}
        ratios["express_best"] = min(ratios["express"], ratios["express_cores"])
        contestants = {name: _medians(by_name[name]) for name in _NAMES if name in by_name}
        ours = _cost(contestants["voxanne"])
        rows.append({
            "kind": kind, "connections": connections, "contestants": contestants, "voxanne_against": ratios,
            "by_cpu": {name: _cost(numbers) / ours for name, numbers in contestants.items()}})
    return rows


def _cost(numbers):
    return sum(numbers.get(cost, 0) for cost in _COSTS)


def _summarise_effects(effects):
    by_name = {name: found for (name,), found in _groups(effects, "worker").items()}
    return [
        {"worker": name, **_medians(by_name[name]), "voxanne_against": _ratios(by_name["voxanne"], by_name[name])}
        for name in _NAMES if name in by_name
    ]


def summarise(calls, effects, memory, money, lateness, number_results, line_results, dashboard_results):
    summary = {
        "calls": _summarise_calls(calls), "effects": _summarise_effects(effects), "memory": memory,
        "money": money_report.summarise(money), "deadlines": lateness,
        "numbers": numbers.summarise(number_results), "line": line.summarise(line_results),
        "dashboard": dashboard_results, "aims": []}
    for kind, against, least in _CALL_AIMS:
        summary["aims"] += [
            {
                "what": f"{kind}s at {_wide(row['connections'])} against {_NAMES[against]}",
                "ratio": row["voxanne_against"][against], "aim": least,
            }
            for row in summary["calls"] if row["kind"] == kind
        ]
    summary["aims"] += [
        {"what": f"effects against {_NAMES[row['worker']]}", "ratio": row["voxanne_against"], "aim": _EFFECT_AIM}
        for row in summary["effects"] if row["worker"] != "voxanne"
    ]
    summary["aims"] += money_report.aims(summary["money"], lateness) + numbers.aims(summary["numbers"])
    summary["aims"] += line.aims(summary["line"]) + dashboard.aims(summary["dashboard"])
    return summary


def _wide(connections):
    return "1 connection" if connections == 1 else f"{connections} connections"


_NAMES = {
    "voxanne": "Voxanne",
    "pgbench_pipelined": "pgbench, the same statements",
    "pgbench_alone": "pgbench, the function alone",
    "express": "Express, one process",
    "express_cores": "Express, a process a core",
    "express_best": "Express, its better form",
    "graphile_worker": "graphile-worker as it comes",
    "graphile_worker_tuned": "graphile-worker, local queue and batched completion",
}


def _facts_lines(facts, options):
    busy = "?" if facts["busy_before"] is None else f"{facts['busy_before']:.0%}"
    settings = ", ".join(f"{name} {value}" for name, value in facts["postgres_settings"].items())
    return [
        f"- commit `{facts['commit']}`, {facts['profile']} build, {facts['date']}",
        f"- {facts['cores']} cores of {facts['cpu']}, {facts['memory_gib']} GiB, {facts['system']}, "
        f"Linux {facts['kernel']}, {busy} busy with other things before the run; load generators, servers and Postgres share the cores",
        f"- PostgreSQL {facts['postgres']} ({settings})",
        f"- {facts['rustc']}; node {facts['node']}, express {facts['express']}, pg {facts['pg']}, "
        f"graphile-worker {facts['graphile_worker']}; {facts['wrk']}",
        f"- {options.organisations:,} organisations, {options.callers} callers, {options.pool} database connections a "
        f"server (pgbench: as many as the width), everything over loopback TCP, requests not logged",
        f"- {options.rounds} rounds of {options.seconds:g} s after {options.warm_up:g} s of warm-up, interleaved; medians, and for ratios the median of the rounds' ratios",
        "",
    ]


def _call_lines(summary):
    lines = [
        "## Calls a second",
        "",
        "A read is `GET /api/organization`, a write `PATCH /api/organization`, each by a signed-in user under RLS. "
        "Ratios are Voxanne's rate over theirs: above 1, Voxanne is faster. By CPU time: what a call of theirs costs the machine "
        "over what one of ours does, which is the ratio of rates on cores that nobody else uses.",
        "",
        "| | connections | contestant | calls/s | p50 ms | p99 ms | CPU µs a call: load + server + Postgres | Voxanne against it | by CPU time |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in summary["calls"]:
        for name, numbers in row["contestants"].items():
            ratio = "| " if name == "voxanne" else (
                f"{row['voxanne_against'][name]:.2f} × | {row['by_cpu'][name]:.2f} ×")
            cpu = " + ".join(f"{numbers.get(cost, 0):,.0f}" for cost in _COSTS)
            lines.append(
                f"| {row['kind']} | {row['connections']} | {_NAMES[name]} | {numbers['per_second']:,.0f} "
                f"| {numbers['p50_ms']:.2f} | {numbers['p99_ms']:.2f} | {cpu} | {ratio} |")
    return [*lines, ""]


def _effect_lines(summary, options):
    lines = [
        "## Effects a second",
        "",
        f"{options.effects:,} trivial jobs drained from a filled queue, {options.concurrency} at once, {options.pool} "
        f"connections; then {options.latency_jobs} enqueued one by one into an idle queue. The time to start is for "
        "graphile-worker until the task begins, for Voxanne until the effect is recorded as finished.",
        "",
        "| worker | jobs/s | to start p50 ms | p99 ms | Voxanne against it |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in summary["effects"]:
        ratio = "" if row["worker"] == "voxanne" else f"{row['voxanne_against']:.2f} ×"
        lines.append(
            f"| {_NAMES[row['worker']]} | {row['per_second']:,.0f} | {row['p50_ms']:.1f} | {row['p99_ms']:.1f} | {ratio} |")
    return [*lines, ""]


def _memory_lines(memory):
    lines = ["## Memory and size", "", "| | idle, MiB resident | after the load |", "|---|---:|---:|"]
    for name, found in memory["servers"].items():
        lines.append(f"| {_NAMES[name]} | {found['idle_mib']:.1f} | {found['loaded_mib']:.1f} |")
    idle = memory["servers"]["voxanne"]["idle_mib"]
    return [
        *lines, "",
        f"The binary is {memory['binary_mib']:.1f} MiB. Idle memory under {_IDLE_AIM_MIB} MiB: "
        f"{'reached' if idle < _IDLE_AIM_MIB else 'not reached'}.", "",
    ]


def _aim_lines(summary):
    lines = ["## Aims", "", "| | found | aim | |", "|---|---:|---:|---|"]
    for aim in summary["aims"]:
        good = aim["ratio"] <= aim["aim"] if aim.get("at_most") else aim["ratio"] >= aim["aim"]
        reached = "reached" if good else "not reached"
        lines.append(f"| {aim['what']} | {aim['ratio']:.2f} | {aim['aim']:.2f} | {reached} |")
    return [*lines, ""]


def page(facts, options, summary):
    lines = ["# Bench", "", *_facts_lines(facts, options)]
    if summary["aims"]:
        lines += _aim_lines(summary)
    if summary["calls"]:
        lines += _call_lines(summary)
    if summary["effects"]:
        lines += _effect_lines(summary, options)
    if summary["memory"]:
        lines += _memory_lines(summary["memory"])
    if summary["money"]:
        lines += money_report.lines(summary["money"])
    if summary["deadlines"]:
        lines += money_report.deadline_lines(summary["deadlines"])
    if summary["numbers"]:
        lines += numbers.lines(summary["numbers"])
    if summary["line"]:
        lines += line.lines(summary["line"])
    if summary["dashboard"]:
        lines += dashboard.lines(summary["dashboard"])
    return "\n".join(lines)


def keep(facts, options, summary, raw):
    """Both files, named by day and commit; a later run of the same commit replaces an earlier one's."""
    name = f"{facts['date'][:10]}-{facts['commit'].replace('+', '-changed')}"
    text = page(facts, options, summary)
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / f"{name}.md").write_text(text)
    told = {key: value for key, value in vars(options).items() if key not in ("binary", "money", "results")}
    data = {"facts": facts, "options": told, "summary": summary, "raw": raw}
    (options.results / f"{name}.json").write_text(json.dumps(data, indent=1) + "\n")
    return text, options.results / f"{name}.md"
