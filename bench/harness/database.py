"""The database everything is measured on: durable as in production, migrated by the binary under test."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import time
import urllib.parse

NAME = "voxanne_bench"
SECRET = "a secret that signs nothing outside this bench"
PASSWORD = "bench"

# `with-postgres` gives a cluster that may forget; what is measured here must flush like the real one.
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class Database:
    def __init__(self, admin_url):
        self.admin = urllib.parse.urlsplit(admin_url)

    def url(self, login=None, database=NAME):
        """The superuser's address, or a login's."""
        who = f"{login}:{PASSWORD}" if login else f"{self.admin.username}:{self.admin.password}"
        return f"postgresql://{who}@{self.admin.hostname}:{self.admin.port}/{database}"

    def run(self, sql, database=NAME):
        done = subprocess.run(
            ["psql", self.url(database=database), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=sql, capture_output=True, text=True, check=False,
        )
        if done.returncode:
            raise SystemExit(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def value(self, sql):
        return self.run(sql).splitlines()[-1]

    def environment(self, **more):
        """What the server under test is told; nothing else of this shell's settings reaches it."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return kept | {
            "VOXANNE_ENV": "production",
            "NODE_ENV": "production",
            "HOST": "127.0.0.1",
            "DATABASE_URL": self.url("voxanne_api"),
            "SERVICE_DATABASE_URL": self.url("voxanne_worker"),
            "MIGRATE_DATABASE_URL": self.url(),
            "LISTEN_DATABASE_URL": self.url("voxanne_worker"),
            "JWT_SECRET": SECRET,
            "RUST_LOG": "warn",
        } | {name: str(value) for name, value in more.items()}

    def create(self, binary, log):
        for setting in DURABLE:
            self.run(f"alter system set {setting} = on;", "postgres")
        self.run("select pg_reload_conf();", "postgres")
        self.run(f"create database {NAME};", "postgres")
        with open(log, "ab") as out:
            migrated = subprocess.run(
                [str(binary), "migrate"], env=self.environment(), stdout=out, stderr=out, check=False)
        if migrated.returncode:
            raise SystemExit(f"voxanne migrate failed; see {log}")
        for login in ("voxanne_api", "voxanne_worker"):
            self.run(f"alter role {login} password '{PASSWORD}';")

    def fill(self, organisations):
        """Signs people up as Supabase Auth would: a row, and the trigger makes the organisation.

        Their welcome emails are dropped: nothing is to work in the background while something is measured.
        """
        at_once = 1000
        for first in range(1, organisations + 1, at_once):
            self.run(
                f"""
                insert into auth.users (email, encrypted_password, email_confirmed_at, raw_user_meta_data)
                select 'bench-' || n || '@example.com', 'x', now(),
                       json_build_object('full_name', 'Bench ' || n, 'clinic_name', 'Clinic ' || n)::jsonb
                from generate_series({first}, {min(first + at_once - 1, organisations)}) as n;
                truncate private.effects, private.effects_done;
                """
            )
        self.settle()

    def settle(self):
        self.run("vacuum analyze;")
        self.run("checkpoint;")

    def callers(self, count):
        """Claims as a Supabase token has them, of the administrators of different organisations."""
        rows = self.run(
            f"""
            select json_build_object('id', u.id, 'email', u.email, 'org_id', u.raw_app_meta_data ->> 'org_id')
            from auth.users u
            where u.email like 'bench-%' and u.raw_app_meta_data ->> 'org_id' is not null
            order by u.created_at, u.id limit {count};
            """
        ).splitlines()
        if len(rows) < count:
            raise SystemExit(f"{len(rows)} people can call, {count} are needed")
        return [claims(json.loads(row)) for row in rows]


def claims(user):
    now = int(time.time())
    return {
        "aud": "authenticated",
        "exp": now + 6 * 3600,
        "iat": now,
        "sub": user["id"],
        "email": user["email"],
        "phone": "",
        "app_metadata": {"provider": "email", "providers": ["email"], "org_id": user["org_id"]},
        "user_metadata": {"email_verified": True},
        "role": "authenticated",
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": now}],
        "session_id": user["id"],
        "is_anonymous": False,
    }


def token(body):
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    signed = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(body, separators=(",", ":")).encode())
    signature = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + part(signature)).decode()
