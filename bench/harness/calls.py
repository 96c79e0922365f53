"""The one read and the one write that are measured, as each contestant says them."""

import json

READ_PATH = WRITE_PATH = "/api/organization"

# As src/db/call.rs builds them from the catalogue: one text of JSON, and what the function said beside it.
_SAID = (
    "nullif(pg_catalog.current_setting('response.status', true), ''), "
    "nullif(pg_catalog.current_setting('response.headers', true), ''), "
    "coalesce(pg_catalog.current_setting('voxanne.wake', true), '') = 'on'"
)
READ = f'select pg_catalog.to_json("public"."get_organization"())::text, {_SAID}'
WRITE = (
    'select pg_catalog.to_json("public"."update_organization"("p_patch" => a."p_patch"))::text, '
    f'{_SAID} from pg_catalog.json_to_record({{argument}}::text::json) as a ("p_patch" jsonb)'
)

# Callers of one connection of pgbench: it prepares each statement for each caller, one after the other while everybody
# waits, so more of them would not be done within the warm-up.
_SCRIPTS = 16


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def _claims(caller):
    # A space after each colon: pgbench would take `:false` for a variable.
    return _literal(json.dumps(caller, separators=(",", ": ")))


def _call(write):
    if not write:
        return [READ + ";"]
    # A pgbench variable becomes a parameter of the prepared statement; the JSON around the number is made by Postgres,
    # which costs it less than parsing the JSON did.
    argument = """('{"p_patch":{"clinic_name":"Clinic ' || :n::text || '"}}')"""
    return [WRITE.format(argument=argument) + ";"]


def _choice(variable, branches):
    """A binary tree of \\if: the way to one branch is short however many there are."""
    if len(branches) == 1:
        return branches[0][1]
    half = len(branches) // 2
    return [
        f"\\if :{variable} < {branches[half][0]}",
        *_choice(variable, branches[:half]),
        "\\else",
        *_choice(variable, branches[half:]),
        "\\endif",
    ]


def pipelined_scripts(folder, callers, write):
    """The server's four statements (the first two travel as one there), sent and answered together.

    pgbench picks a script at random, the connection picks its own caller in it.
    """
    mode = "" if write else " read only"
    number = ["\\set n random(1, 1000000000)"] if write else []
    paths = []
    for script in range(min(_SCRIPTS, len(callers))):
        mine = callers[script::_SCRIPTS]
        branches = [
            (position, [
                "\\startpipeline",
                f"begin{mode};",
                "set local role authenticated;",
                f'set local "request.jwt.claims" = {_claims(caller)};',
                *_call(write),
                "commit;",
                "\\endpipeline",
            ])
            for position, caller in enumerate(mine)
        ]
        lines = number + [f"\\set who :client_id % {len(mine)}"] + _choice("who", branches)
        path = folder / f"pipelined-{'write' if write else 'read'}-{script:03}.sql"
        path.write_text("\n".join(lines) + "\n")
        paths.append(path)
    return paths


def alone_scripts(folder, callers, write, connections):
    """The function and nothing else: each connection takes its role and claims once and keeps them."""
    first = [
        (position, [f'set "request.jwt.claims" = {_claims(caller)};'])
        for position, caller in enumerate(callers[:connections])
    ]
    number = ["\\set n random(1, 1000000000)"] if write else []
    lines = [
        "\\if :begun = 0",
        "\\set begun 1",
        "set role authenticated;",
        *_choice("client_id", first),
        "\\endif",
        *number,
        *_call(write),
    ]
    path = folder / f"alone-{'write' if write else 'read'}-{connections}.sql"
    path.write_text("\n".join(lines) + "\n")
    return [path]
