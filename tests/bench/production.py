"""Upgrades through 50 releases of one patch each, against psql and sqitch with the same files."""

from sandbox import Figure

RELEASES = 50
RUNS = 7


def patch(n):
    """One table, one index, one insert."""
    return f"""CREATE TABLE t{n} (id integer NOT NULL, name text NOT NULL, amount numeric(12, 2));
CREATE UNIQUE INDEX t{n}_id ON t{n} (id);
INSERT INTO t{n} (id, name, amount) VALUES (1, 'first', 1), (2, 'second', 2);
"""


def coded(n):
    """The same, and a function: whatever runs after it could call it."""
    return patch(n) + f"""CREATE FUNCTION f{n}() RETURNS bigint LANGUAGE sql
AS 'SELECT count(*) FROM t{n}';
"""


def make_history(box, work, text, releases):
    """The releases, with plain git: what promote leaves but for the schema files, which an upgrade does not read.

    Each release is a list of numbers of patches.
    """
    box.git("init", "--quiet", "--bare", f"{work}.git")
    box.hop(f"init --git-origin=../{work}.git --test= {work}")
    box.repositories.append(work)
    for minor, patches in enumerate(releases, start=1):
        version = f"0.{minor}.0"
        for n in patches:
            box.write(f"{work}/Patches/{n}/01.sql", text(n))
        listed = "".join(f"{n}\n" for n in patches)
        box.write(f"{work}/.hop/releases/{version}.txt", f"# Release {version}\n{listed}")
        box.git("add", ".", cwd=work)
        box.git("commit", "--quiet", "--no-verify", "--message", f"Release {version}", cwd=work)
        box.git("tag", "--annotate", "--message", version, f"v{version}", cwd=work)
    box.git("push", "--quiet", "--no-verify", "--tags", "origin", "ho-prod", cwd=work)


class Databases:
    """Each run has a database as it was before the first release: with hop's or sqitch's own tables, if any."""

    def __init__(self, box, work, names):
        self.box = box
        self.work = work
        self.env = env = box.server(work)
        self.used = {}
        for name in names:
            box.query(env, f"CREATE DATABASE {name}_before")

    def fresh(self, name):
        """The one before goes aside: dropping its files would slow down who makes files next."""
        if name in self.used:
            self.box.query(self.env, f"ALTER DATABASE {name} RENAME TO {name}_{self.used[name]}")
        self.used[name] = self.used.get(name, 0) + 1
        self.box.query(self.env, f"CREATE DATABASE {name} TEMPLATE {name}_before")
        # What a new database writes must not be a part of what is measured.
        self.box.run("git", "hop", "server", "psql", "-U", "postgres", "-d", "postgres",
                     "-c", "CHECKPOINT", cwd=self.work)

    def conninfo(self, name):
        return (f"host={self.env['PGHOST']} port={self.env['PGPORT']} "
                f"user={self.env['PGUSER']} dbname={name}")


def make_sqitch(box, dbs, folder, count):
    lines = ["%syntax-version=1.0.0", "%project=made", "",
             "begin 2026-01-01T00:00:00Z Bench <bench@example.org> # begin"]
    box.write(f"{folder}/deploy/begin.sql", "BEGIN;\nCOMMIT;\n")
    for n in range(1, count + 1):
        lines.append(f"t{n} 2026-01-01T00:00:00Z Bench <bench@example.org> # t{n}")
        box.write(f"{folder}/deploy/t{n}.sql", f"BEGIN;\n{patch(n)}COMMIT;\n")
    box.write(f"{folder}/sqitch.plan", "\n".join(lines) + "\n")
    box.write(f"{folder}/sqitch.conf", f'[core]\n\tengine = pg\n[engine "pg"]\n'
              f"\tclient = {box.bin / 'psql'}\n[user]\n\tname = Bench\n"
              "\temail = bench@example.org\n")
    box.run("sqitch", "deploy", "--to", "begin", "db:pg:sqitch_before", cwd=folder, env=dbs.env)


class Production:
    """A clone with a production database, and the same files for psql."""

    def __init__(self, box, work, text, names):
        make_history(box, work, text, [[n] for n in range(1, RELEASES + 1)])
        self.box = box
        self.dbs = dbs = Databases(box, work, names)
        self.clone = f"{work}-production"
        box.git("hop", "clone", "--production", f"--database={dbs.conninfo('hop_before')}",
                f"{work}.git", self.clone)
        box.git("config", "hop.database", dbs.conninfo("hop"), cwd=self.clone)
        self.files = files = [box.folder / f"{work}/Patches/{n}/01.sql"
                              for n in range(1, RELEASES + 1)]
        self.each = ["-f", box.folder / "each.sql"]
        self.all = ["-1"] + [word for file in files for word in ("-f", file)]
        box.write("each.sql", "".join(f"BEGIN;\n\\i {file}\nCOMMIT;\n" for file in files))

    def upgrade(self, *options):
        self.dbs.fresh("hop")
        return self.box.time("git", "hop", "upgrade", "--yes", "--no-backup", *options,
                             cwd=self.clone)

    def psql(self, words):
        self.dbs.fresh("plain")
        return self.box.time(*self.box.psql(self.dbs.env, *words, database="plain"))

    def psql_a_file(self):
        """A process a file: each file has a session of its own, as with git hop."""
        self.dbs.fresh("plain")
        return sum(self.box.time(*self.box.psql(self.dbs.env, "-1", "-f", file, database="plain"))
                   for file in self.files)

    def sqitch(self):
        self.dbs.fresh("sqitch")
        return self.box.time("sqitch", "deploy", "db:pg:sqitch", cwd="sqitch", env=self.dbs.env)

    def check(self):
        """All of them did the same."""
        count = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]+$'"
        for name in self.dbs.used:
            tables = self.box.query(self.dbs.env, count, database=name)
            if tables != str(RELEASES):
                raise SystemExit(f"bench: database {name} has {tables} tables, not {RELEASES}")


def figures(box):
    p = Production(box, "made", patch, ("hop", "sqitch", "plain"))
    make_sqitch(box, p.dbs, "sqitch", RELEASES)
    yield Figure("git hop upgrade", "psql, transaction a file", 1.5).measure(
        RUNS, p.upgrade, lambda: p.psql(p.each))
    yield Figure("git hop upgrade --atomic", "psql -1", 1.5).measure(
        RUNS, lambda: p.upgrade("--atomic"), lambda: p.psql(p.all))
    yield Figure("git hop upgrade", "sqitch deploy", 0.1).measure(RUNS, p.upgrade, p.sqitch)
    p.check()
    p = Production(box, "coded", coded, ("hop", "plain"))
    yield Figure("git hop upgrade, with functions", "psql -1, process a file", 1.5).measure(
        RUNS, p.upgrade, p.psql_a_file)
    p.check()
