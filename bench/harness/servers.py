"""The HTTP servers that are compared, started alike and left running side by side for the whole run."""

import json
import time
import urllib.error
import urllib.request

from . import calls, processes
from .database import token
from .options import BENCH


class Server:
    def __init__(self, name, command, ready):
        self.name = name
        self.command = command
        self.ready = ready
        self.port = None
        self.process = None
        self.idle_mib = None

    def start(self, database, folder, **environment):
        self.port = processes.free_port()
        self.process = processes.start(
            self.command, database.environment(PORT=self.port, **environment), folder / f"{self.name}.log")
        processes.wait_for(self.process, f"http://127.0.0.1:{self.port}{self.ready}")
        return self

    def ask(self, method, path, caller, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {token(caller)}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            said = f"{method} {path}: {error.code} {error.read().decode(errors='replace')}"
            raise SystemExit(f"{self.name} refuses {said}\n{processes.end_of_log(self.process)}") from error

    def prove(self, caller):
        """A fast wrong answer is worth nothing: what was written must be what is read, and the caller's own."""
        name = f"Clinic of {self.name} {time.time_ns()}"
        self.ask("PATCH", calls.WRITE_PATH, caller, {"clinic_name": name})
        organisation = self.ask("GET", calls.READ_PATH, caller)
        if organisation.get("clinic_name") != name or organisation.get("id") != caller["app_metadata"]["org_id"]:
            raise SystemExit(f"{self.name} answers wrongly: {organisation}")


def start_all(database, options, folder):
    express = ["node", BENCH / "js/express.mjs"]
    voxanne = Server("voxanne", [options.binary, "serve"], "/ready").start(
        database, folder, DATABASE_POOL_SIZE=options.pool, SERVICE_POOL_SIZE=options.pool)
    servers = [
        voxanne,
        Server("express", express, "/").start(database, folder, POOL_SIZE=options.pool),
        Server("express_cores", express, "/").start(
            database, folder, POOL_SIZE=options.pool, WORKERS=options.cores),
    ]
    time.sleep(2)
    for server in servers:
        server.idle_mib = processes.resident_mebibytes(server.process)
    return servers
