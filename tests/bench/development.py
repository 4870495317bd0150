"""Status, apply, merge and promote, on a project of 500 tables and 20 staged patches."""

import time

from sandbox import Figure

TABLES = 500
STAGED = 20


def table(n):
    return f"""CREATE TABLE t{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner bigint REFERENCES {f"t{n // 2}" if n > 1 else "t1"},
    name text NOT NULL DEFAULT '',
    amount numeric(12, 2) CHECK (amount >= 0),
    changed timestamptz NOT NULL DEFAULT now(),
    data jsonb
);
CREATE INDEX t{n}_name ON t{n} (name);
"""


def patch(box, number, sql):
    """A committed patch; one stands on its branch."""
    box.hop(f"patch create {number} --release 0.2.0", cwd="shop")
    box.write(f"shop/Patches/{number}/01.sql", sql)
    box.git("add", ".", cwd="shop")
    box.git("commit", "--quiet", "--message", f"Add patch {number}", cwd="shop")


def make_project(box):
    box.git("init", "--quiet", "--bare", "shop.git")
    box.hop("init --git-origin=../shop.git --test= shop")
    box.repositories.append("shop")
    box.hop("release create minor", cwd="shop")
    box.hop("patch create 1", cwd="shop")
    box.write("shop/Patches/1/01.sql", "".join(table(n) for n in range(1, TABLES + 1)))
    box.git("add", ".", cwd="shop")
    box.git("commit", "--quiet", "--message", "Add tables", cwd="shop")
    box.hop("patch merge", cwd="shop")
    box.hop("release promote prod", cwd="shop")
    box.hop("release create minor", cwd="shop")
    for n in range(2, STAGED + 2):
        patch(box, n, f"ALTER TABLE t{n} ADD extra integer;\n{table(TABLES + n)}")
        box.hop("patch merge", cwd="shop")


def status(box):
    figure = Figure("git hop status", "git status")
    return figure.measure(20, lambda: box.time("git", "hop", "status", cwd="shop"),
                          lambda: box.time("git", "status", cwd="shop"))


class Reload:
    """What one does without git hop: drop the schema and load a dump of what it is to be."""

    def __init__(self, box):
        self.box = box
        self.env = box.server("shop")
        self.dump = box.folder / "release.sql"
        box.hop("patch apply", cwd="shop")
        box.run(box.bin / "pg_dump", "--schema-only", "--exclude-schema=hop", "--file", self.dump,
                "shop", env=self.env)
        box.query(self.env, "CREATE DATABASE plain")
        box.run(*self.load())

    def load(self):
        return self.box.psql(self.env, "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
                             "-f", self.dump, "-c", "RESET ALL", database="plain")

    def time(self):
        return self.box.time(*self.load())


def apply(box, reload, pause):
    """One file is changed before each run, so that none is what the one before was."""
    changes = iter(range(1000))

    def ours():
        box.write(f"shop/Patches/{STAGED + 2}/01.sql",
                  f"ALTER TABLE t1 ADD extra{next(changes)} integer;\n")
        time.sleep(pause)
        return box.time("git", "hop", "patch", "apply", cwd="shop")

    name = "git hop patch apply" + ("" if pause else ", again at once")
    ours()
    return Figure(name, "drop, load with psql", 0.1, 0.3).measure(9, ours, reload.time)


def merge(box, reload):
    numbers = iter(range(STAGED + 3, 1000))

    def ours():
        n = next(numbers)
        patch(box, n, f"ALTER TABLE t{n} ADD extra integer;\n")
        time.sleep(1)
        return box.time("git", "hop", "patch", "merge", cwd="shop")

    return Figure("git hop patch merge", "drop, load with psql", None, 0.6).measure(
        7, ours, reload.time)


class Proof:
    """What a dump costs that is loaded and dumped once more, to see that nothing is lost."""

    def __init__(self, box, reload):
        self.box = box
        self.env = reload.env

    def dump(self, database, file):
        return self.box.time(self.box.bin / "pg_dump", "--schema-only", f"--file={file}", database,
                             env=self.env)

    def time(self):
        box = self.box
        seconds = self.dump("shop", "first.sql")
        box.query(self.env, "DROP DATABASE IF EXISTS proof", "CREATE DATABASE proof")
        seconds += box.time(*box.psql(self.env, "-f", "first.sql", database="proof"))
        return seconds + self.dump("proof", "second.sql")


def promote(box, reload):
    """A release of one patch. The model is loaded, and dumped again, before it is published."""
    numbers = iter(range(1, 1000))

    def ours():
        n = next(numbers)
        box.git("switch", "--quiet", "--force", "ho-prod", cwd="shop")
        box.hop("release create patch", cwd="shop")
        box.hop(f"patch create {5000 + n} --release 0.2.{n}", cwd="shop")
        box.write(f"shop/Patches/{5000 + n}/01.sql", f"ALTER TABLE t1 ADD n{n} integer;\n")
        box.git("add", ".", cwd="shop")
        box.git("commit", "--quiet", "--message", f"Add patch {5000 + n}", cwd="shop")
        box.hop("patch merge", cwd="shop")
        time.sleep(1)
        return box.time("git", "hop", "release", "promote", "prod", cwd="shop")

    return Figure("git hop release promote prod", "dump, load, dump again").measure(
        5, ours, Proof(box, reload).time)


def figures(box):
    make_project(box)
    yield status(box)
    patch(box, STAGED + 2, "")
    reload = Reload(box)
    yield apply(box, reload, 1)
    yield apply(box, reload, 0)
    box.git("switch", "--quiet", "--force", "ho-prod", cwd="shop")
    yield merge(box, reload)
    box.hop(f"patch detach {STAGED + 2}", cwd="shop")
    box.hop("release promote prod", cwd="shop")
    yield promote(box, reload)
