"""The prepaid engine's part of the report."""

from statistics import median

_NAMES = {
    "voxanne": "Voxanne",
    "pgbench_pipelined": "pgbench, the same statements",
    "floor": "floor: lock, insert, update and no rule",
}
_AGAINST_PGBENCH = 0.85
_FLAT_WITHIN = 1.2
_LATE_AT_MOST_MS = 250


def summarise(results):
    rows = []
    for scenario in dict.fromkeys(found["scenario"] for found in results):
        by_name = {}
        for found in results:
            if found["scenario"] == scenario:
                by_name.setdefault(found["contestant"], []).append(found)
        rates = {found["round"]: found["per_second"] for found in by_name["voxanne"]}
        row = {"scenario": scenario, "contestants": {}}
        for name, members in by_name.items():
            row["contestants"][name] = {
                "per_second": median(found["per_second"] for found in members),
                "p50_ms": median(found["p50_ms"] for found in members),
                "p99_ms": median(found["p99_ms"] for found in members),
                "voxanne_against": median(rates[found["round"]] / found["per_second"] for found in members),
            }
        row["steps"] = {
            step: {part: median(found["steps"][step][part] for found in by_name["voxanne"]) for part in ("p50_ms", "p99_ms")}
            for step in ("reserve", "renew", "settle")
        }
        rows.append(row)
    return rows


def _rate(rows, scenario, contestant="voxanne"):
    return next(row["contestants"][contestant]["per_second"] for row in rows if row["scenario"] == scenario)


def aims(rows, lateness):
    found = [
        {
            "what": f"calls' lives against pgbench, {row['scenario']}",
            "ratio": row["contestants"]["pgbench_pipelined"]["voxanne_against"], "aim": _AGAINST_PGBENCH,
        }
        for row in rows
    ]
    if rows:
        short, long = "one wallet, short ledger", "one wallet, long ledger"
        found += [
            {
                "what": f"cost of a life with the long ledger over the short one, {_NAMES[name]}",
                "ratio": _rate(rows, short, name) / _rate(rows, long, name), "aim": _FLAT_WITHIN, "at_most": True,
            }
            for name in ("voxanne", "pgbench_pipelined")
        ]
    if lateness:
        found.append({
            "what": f"end-call issued after its due time at p99, ms, {lateness['calls']:,} live calls",
            "ratio": lateness["p99_ms"], "aim": _LATE_AT_MOST_MS, "at_most": True})
    return found


def lines(rows):
    text = [
        "## The prepaid engine",
        "",
        "A life is a call's three transactions: reserve, renew, settle, eight at once. Ratios are Voxanne's rate over theirs.",
        "",
        "| | contestant | lives/s | p50 ms | p99 ms | Voxanne against it |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        for name, numbers in row["contestants"].items():
            ratio = "" if name == "voxanne" else f"{numbers['voxanne_against']:.2f} ×"
            text.append(
                f"| {row['scenario']} | {_NAMES[name]} | {numbers['per_second']:,.0f} | {numbers['p50_ms']:.2f} "
                f"| {numbers['p99_ms']:.2f} | {ratio} |")
    text += ["", "| | step | p50 ms | p99 ms |", "|---|---|---:|---:|"]
    for row in rows:
        text += [
            f"| {row['scenario']} | {step} | {numbers['p50_ms']:.2f} | {numbers['p99_ms']:.2f} |"
            for step, numbers in row["steps"].items()
        ]
    return [*text, ""]


def deadline_lines(lateness):
    return [
        "## Calls ended when the money runs out",
        "",
        f"{lateness['calls']:,} live calls, their money running out within {lateness['window_seconds']} s: the order to hang up "
        f"reached the provider late by {lateness['p50_ms']:.1f} ms at p50, {lateness['p99_ms']:.1f} ms at p99, "
        f"{lateness['worst_ms']:.1f} ms at most.",
        "",
    ]
