"""How long a program takes to say what it can do."""

from sandbox import Figure

RUNS = 40


def figures(box):
    for ours in ("git hop -h", "git-hop -h"):
        yield Figure(ours, "git --version").measure(
            RUNS, lambda words=ours.split(): box.time(*words),
            lambda: box.time("git", "--version"))
