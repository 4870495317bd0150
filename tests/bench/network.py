"""An upgrade with 100 patches over a network, against the same SQL in one message, and sqitch."""

import pathlib
import subprocess
import sys
import time

import production
from sandbox import Figure

PATCHES = 100
ROUND_TRIP = 10  # milliseconds
RUNS = 5

RELAY = pathlib.Path(__file__).resolve().parents[1] / "lib" / "relay.py"


class Network:
    """One release with all patches, and a server that is far away."""

    def __init__(self, box):
        numbers = range(1, PATCHES + 1)
        self.box = box
        production.make_history(box, "far", production.patch, [list(numbers)])
        self.dbs = production.Databases(box, "far", ("hop", "sqitch", "plain"))
        box.git("hop", "clone", "--production", f"--database={self.dbs.conninfo('hop_before')}",
                "far.git", "far-production")
        production.make_sqitch(box, self.dbs, "far-sqitch", PATCHES)
        self.text = "".join(production.patch(n) for n in numbers)
        self.there = {"PGHOST": str(box.folder / "relay"), "PGPORT": "5432"}

    def open(self):
        """The process that makes the way long."""
        env = self.dbs.env
        (self.box.folder / "relay").mkdir()
        door = self.box.folder / "relay" / ".s.PGSQL.5432"
        relay = subprocess.Popen(
            [sys.executable, RELAY, door, f"{env['PGHOST']}/.s.PGSQL.{env['PGPORT']}",
             str(ROUND_TRIP)])
        while not door.exists():
            time.sleep(0.01)
        return relay

    def upgrade(self):
        self.dbs.fresh("hop")
        to = f"host={self.there['PGHOST']} user={self.dbs.env['PGUSER']} dbname=hop"
        return self.box.time("git", "hop", "upgrade", "--yes", "--no-backup", f"--database={to}",
                             cwd="far-production")

    def message(self):
        self.dbs.fresh("plain")
        return self.box.time(*self.box.psql({**self.dbs.env, **self.there}, "-c", self.text,
                                            database="plain"))

    def sqitch(self):
        self.dbs.fresh("sqitch")
        return self.box.time("sqitch", "deploy", "db:pg:sqitch", cwd="far-sqitch",
                             env={**self.dbs.env, **self.there})


def figures(box):
    far = Network(box)
    relay = far.open()
    try:
        name = f"git hop upgrade, {ROUND_TRIP} ms away"
        yield Figure(name, "psql, one message", 3).measure(RUNS, far.upgrade, far.message)
        yield Figure(name, "sqitch deploy", 0.02).measure(1, far.upgrade, far.sqitch)
    finally:
        relay.kill()
        relay.wait()
