"""A folder, an environment and a private server for measurements, and how to measure."""

import os
import pathlib
import shlex
import statistics
import subprocess
import time


class Sandbox:
    """Nothing of the person who measures leaks in; hop's own private server is the server."""

    def __init__(self, folder, build):
        self.folder = pathlib.Path(folder)
        self.folder.chmod(0o755)
        self.env = {
            "PATH": f"{build}/cmd:{os.environ['PATH']}",
            "HOME": folder,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TMPDIR": folder,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        for who in ("AUTHOR", "COMMITTER"):
            self.env[f"GIT_{who}_NAME"] = "Bench"
            self.env[f"GIT_{who}_EMAIL"] = "bench@example.org"
        self.repositories = []
        self.bin = postgres_programs()

    def run(self, *argv, cwd=".", env=None):
        """The output of a command that must succeed."""
        done = subprocess.run(
            [str(word) for word in argv],
            cwd=self.folder / cwd,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"bench: {shlex.join(map(str, argv))}: status {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
        return done.stdout

    def time(self, *argv, cwd=".", env=None):
        """The seconds that a command takes."""
        begin = time.perf_counter()
        self.run(*argv, cwd=cwd, env=env)
        return time.perf_counter() - begin

    def git(self, *words, cwd="."):
        return self.run("git", *words, cwd=cwd)

    def hop(self, line, cwd="."):
        return self.run("git", "hop", *line.split(), cwd=cwd)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def server(self, repository):
        """PG* variables of the private server of a repository."""
        self.repositories.append(repository)
        env = {}
        for line in self.hop("server env", cwd=repository).splitlines():
            words = shlex.split(line)
            if words[0] == "export":
                name, value = words[1].split("=", 1)
                env[name] = value
        return env

    def psql(self, env, *words, database="postgres"):
        """Words of a psql that is not the wrapper on Debian's PATH, which costs time of its own."""
        return [self.bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
                "-h", env["PGHOST"], "-p", env["PGPORT"], "-U", env["PGUSER"],
                "-d", database, *words]

    def query(self, env, *statements, database="postgres"):
        words = [word for sql in statements for word in ("-c", sql)]
        return self.run(*self.psql(env, *words, database=database)).strip()

    def close(self):
        for repository in self.repositories:
            self.hop("server stop", cwd=repository)


def postgres_programs():
    """The folder of the newest PostgreSQL."""
    found = pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql")
    newest = max(found, key=lambda path: float(path.parent.parent.name), default=None)
    if newest:
        return newest.parent
    done = subprocess.run(["pg_config", "--bindir"], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(done.stdout.strip())


class Figure:
    """Runs of one thing and of its peer, alternating, so that both meet the same machine."""

    def __init__(self, name, peer, target=None, seconds=None):
        self.name = name
        self.peer = peer
        self.target = target    # at most this many times the peer
        self.seconds = seconds  # and at most this long
        self.ours = []
        self.theirs = []

    def measure(self, runs, ours, theirs):
        for _ in range(runs):
            self.theirs.append(theirs())
            self.ours.append(ours())
        return self

    def row(self):
        ours = statistics.median(self.ours)
        theirs = statistics.median(self.theirs)
        ratio = ours / theirs
        met = (self.target is None or ratio <= self.target) and \
            (self.seconds is None or ours <= self.seconds)
        targets = []
        if self.seconds is not None:
            targets.append(f"{self.seconds:g} s")
        if self.target is not None:
            targets.append(f"{self.target:g} x")
        verdict = ("met" if met else "MISSED") if targets else ""
        return (self.name, duration(ours), duration(min(self.ours)), self.peer, duration(theirs),
                f"{ratio:.2f}", ", ".join(targets), verdict)


def duration(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
