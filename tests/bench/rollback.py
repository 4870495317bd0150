"""Rollback of a database of 1 GB: all of it, and the swap, during which nobody can connect."""

import re

from sandbox import Figure

TABLES = 8
ROWS = 360_000  # of a table, 128 MB
RUNS = 3
SIZE = 1_000_000_000


def make_history(box):
    """Two releases, with plain git, see production.py."""
    box.git("init", "--quiet", "--bare", "big.git")
    box.hop("init --git-origin=../big.git --test= big")
    box.repositories.append("big")
    for n in (1, 2):
        box.write(f"big/Patches/{n}/01.sql", f"CREATE TABLE t{n} (id integer);\n")
        box.write(f"big/.hop/releases/0.{n}.0.txt", f"# Release 0.{n}.0\n{n}\n")
        box.git("add", ".", cwd="big")
        box.git("commit", "--quiet", "--no-verify", "--message", f"Release 0.{n}.0", cwd="big")
        box.git("tag", "--annotate", "--message", f"0.{n}.0", f"v0.{n}.0", cwd="big")
    box.git("push", "--quiet", "--no-verify", "--tags", "origin", "ho-prod", cwd="big")


class Big:
    def __init__(self, box):
        self.box = box
        make_history(box)
        self.env = box.server("big")
        for name in ("shop", "plain", "plain_new"):
            box.query(self.env, f"CREATE DATABASE {name}")
        conninfo = (f"host={self.env['PGHOST']} port={self.env['PGPORT']} "
                    f"user={self.env['PGUSER']} dbname=shop")
        box.git("hop", "clone", "--production", f"--database={conninfo}", "big.git", "prod")
        box.git("config", "hop.driftCheck", "false", cwd="prod")
        box.git("config", "hop.database", conninfo, cwd="prod")
        box.hop("upgrade --yes --no-backup --to-release 0.1.0", cwd="prod")
        box.query(self.env, *(
            f"CREATE TABLE big{n} AS SELECT i AS id, repeat(md5(i::text), 10) AS text "
            f"FROM generate_series(1, {ROWS}) i" for n in range(TABLES)), database="shop")
        size = int(box.query(self.env, "SELECT pg_database_size('shop')"))
        if size < SIZE:
            raise SystemExit(f"bench: database shop has only {size} bytes")
        self.backup = box.hop("backup create", cwd="prod").strip()
        self.swaps = []

    def checkpoint(self):
        """What was written before must not be a part of what is measured."""
        self.box.run("git", "hop", "server", "psql", "-U", "postgres", "-d", "postgres",
                     "-c", "CHECKPOINT", cwd="big")

    def rollback(self):
        """The seconds that all of it takes; those of the swap go to self.swaps."""
        self.box.hop("upgrade --yes --no-backup", cwd="prod")
        self.checkpoint()
        talk = self.box.folder / "talk"
        seconds = self.box.time("sh", "-c", 'exec git hop rollback --yes 2>"$1"', "sh", talk,
                                cwd="prod")
        swap = re.search(r"swapped in (\d+) ms", talk.read_text())
        self.swaps.append(int(swap[1]) / 1000)
        self.box.hop("rollback --drop --yes", cwd="prod")
        return seconds

    def restore(self):
        """What one does without git hop, and while the application is down."""
        self.box.query(self.env, "DROP DATABASE plain", "CREATE DATABASE plain")
        self.checkpoint()
        return self.box.time(
            self.box.bin / "pg_restore", "--jobs=2", "--exit-on-error", "-h", self.env["PGHOST"],
            "-p", self.env["PGPORT"], "-U", self.env["PGUSER"], "-d", "plain", self.backup) + \
            self.box.time(*self.box.psql(self.env, "-c", "ANALYZE", database="plain"))

    def rename(self):
        """The least that a swap can be: psql, once."""
        rename = "ALTER DATABASE {} RENAME TO {}".format
        swap = ("BEGIN", rename("plain", "plain_old"), rename("plain_new", "plain"),
                rename("plain_old", "plain_new"), "COMMIT")
        return self.box.time(*self.box.psql(self.env, *(
            word for statement in swap for word in ("-c", statement))))


def figures(box):
    big = Big(box)
    yield Figure("git hop rollback, 1 GB", "pg_restore, ANALYZE").measure(
        RUNS, big.rollback, big.restore)
    swaps = iter(list(big.swaps))
    yield Figure("its swap: nobody can connect", "psql, two renames", None, 0.05).measure(
        len(big.swaps), lambda: next(swaps), big.rename)
