"""What a run found: medians, ratios, and the machine they hold for, as a page and as data."""

import json
from statistics import median

_NUMBERS = ("per_second", "p50_ms", "p99_ms")

# (kind, against, at least)
_CALL_AIMS = (("read", "pgbench_pipelined", 0.75), ("write", "pgbench_pipelined", 0.85), ("read", "express_best", 3.0))
_EFFECT_AIM = 1.0
_IDLE_AIM_MIB = 50


def medians(results, *keys):
    groups = {}
    for result in results:
        groups.setdefault(tuple(result[key] for key in keys), []).append(result)
    return {
        group: {number: median(found[number] for found in members) for number in _NUMBERS}
        for group, members in groups.items()
    }


def summarise(calls, effects, memory):
    summary = {"calls": [], "effects": [], "memory": memory, "aims": []}
    found = medians(calls, "kind", "connections", "contestant")
    for kind, connections in dict.fromkeys((kind, connections) for kind, connections, _ in found):
        at = {name: numbers for (k, c, name), numbers in found.items() if (k, c) == (kind, connections)}
        best = max(("express", "express_cores"), key=lambda name: at[name]["per_second"])
        rate = at["voxanne"]["per_second"]
        ratios = {name: rate / numbers["per_second"] for name, numbers in at.items() if name != "voxanne"}
        ratios["express_best"] = ratios[best]
        summary["calls"].append(
            {"kind": kind, "connections": connections, "contestants": at, "voxanne_against": ratios})
    for kind, against, least in _CALL_AIMS:
        for row in summary["calls"]:
            if row["kind"] == kind:
                summary["aims"].append({
                    "what": f"{kind}s at {row['connections']} connections against {_NAMES[against]}",
                    "ratio": row["voxanne_against"][against], "aim": least})
    drained = {worker: numbers for (worker,), numbers in medians(effects, "worker").items()}
    for worker, numbers in drained.items():
        ratio = drained["voxanne"]["per_second"] / numbers["per_second"]
        summary["effects"].append({"worker": worker, **numbers, "voxanne_against": ratio})
        if worker != "voxanne":
            summary["aims"].append(
                {"what": f"effects against {_NAMES[worker]}", "ratio": ratio, "aim": _EFFECT_AIM})
    return summary


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
    settings = ", ".join(f"{name} {value}" for name, value in facts["postgres_settings"].items())
    return [
        f"- commit `{facts['commit']}`, {facts['profile']} build, {facts['date']}",
        f"- {facts['cores']} cores of {facts['cpu']}, {facts['memory_gib']} GiB, {facts['system']}, "
        f"Linux {facts['kernel']}; load generators, servers and Postgres share the cores",
        f"- PostgreSQL {facts['postgres']} ({settings})",
        f"- {facts['rustc']}; node {facts['node']}, express {facts['express']}, pg {facts['pg']}, "
        f"graphile-worker {facts['graphile_worker']}; {facts['wrk']}",
        f"- {options.organisations:,} organisations, {options.callers} callers, {options.pool} database connections a "
        f"server (pgbench: as many as the width), everything over loopback TCP",
        f"- {options.rounds} rounds of {options.seconds:g} s after {options.warm_up:g} s of warm-up, interleaved; medians",
        "",
    ]


def _call_lines(summary):
    lines = [
        "## Calls a second",
        "",
        "A read is `GET /api/organization`, a write `PATCH /api/organization`, each by a signed-in user under RLS. "
        "Ratios are Voxanne's rate over theirs: above 1, Voxanne is faster.",
        "",
        "| | connections | contestant | calls/s | p50 ms | p99 ms | Voxanne against it |",
        "|---|---:|---|---:|---:|---:|---:|",
    ]
    for row in summary["calls"]:
        for name, numbers in row["contestants"].items():
            ratio = "" if name == "voxanne" else f"{row['voxanne_against'][name]:.2f} ×"
            lines.append(
                f"| {row['kind']} | {row['connections']} | {_NAMES[name]} | {numbers['per_second']:,.0f} "
                f"| {numbers['p50_ms']:.2f} | {numbers['p99_ms']:.2f} | {ratio} |")
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
        reached = "reached" if aim["ratio"] >= aim["aim"] else "not reached"
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
    return "\n".join(lines)


def keep(facts, options, summary, raw):
    """Both files, named by day and commit; a later run of the same commit replaces an earlier one's."""
    name = f"{facts['date'][:10]}-{facts['commit'].replace('+', '-changed')}"
    text = page(facts, options, summary)
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / f"{name}.md").write_text(text)
    told = {key: value for key, value in vars(options).items() if key not in ("binary", "results")}
    data = {"facts": facts, "options": told, "summary": summary, "raw": raw}
    (options.results / f"{name}.json").write_text(json.dumps(data, indent=1) + "\n")
    return text, options.results / f"{name}.md"
