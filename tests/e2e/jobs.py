"""Scheduled jobs in a process of their own, which a test may kill."""

import signal
import subprocess

# The job says when it commits: a kill then finds it between two batches.
SCRIPT = """
def counts(env):
    return True
{prepare}
Cron = type(env["ir.cron"])
commit = Cron._commit_progress
def tell(self, *args, **options):
    left = commit(self, *args, **options)
    if counts(self.env):
        print("COMMITTED", flush=True)
    return left
Cron._commit_progress = tell
{job}
env.cr.commit()
print("FINISHED", flush=True)
"""


class Job:
    """A running job.

    :param testbed: where the database is
    :param str database: its name
    :param str job: what it does, with ``env``
    :param str prepare: what comes before, such as smaller batches; a function
        ``counts(env)`` there tells which commits are those of batches
    """

    def __init__(self, testbed, database, job, prepare=""):
        odoo = testbed.odoo
        command = odoo.command("shell", "-c", odoo.conf, "-d", database, "--no-http")
        self.process = subprocess.Popen(
            [*command, "--log-level=critical"],
            env=odoo.env(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdin.write(SCRIPT.format(prepare=prepare, job=job))
        self.process.stdin.close()

    def kill_after(self, commits):
        """Kill it (-9) when so many of its batches are committed."""
        for _commit in range(commits):
            assert "COMMITTED" in self.process.stdout.readline()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def wait(self):
        """Let it end, whether well or not."""
        self.process.stdout.read()
        self.process.wait()

    def finish(self):
        """Let it run to its end."""
        output = self.process.stdout.read()
        assert self.process.wait() == 0
        assert "FINISHED" in output
