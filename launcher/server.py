"""The web server of ./run and of the browser tests."""

import http.client
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .messages import Fault, tail
from .processes import end_with_parent, explain, stop

START_SECONDS = 240
HOST = "127.0.0.1"
LISTENING = re.compile(r"HTTP service \(\w+\) running|Worker WorkerHTTP \(\d+\) alive")


def port_holder(port):
    """A sentence when nothing can listen on the port, else None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return f"Port {port} is reserved: ports below 1024 need root."
        except OSError:
            return f"Port {port} is taken by another program."
    return None


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Server:
    """An Odoo web server on one database.

    :param odoo: the :class:`~launcher.database.Odoo`
    :param name: database
    :param workers: 0 = one process with threads
    """

    def __init__(self, odoo, name, port, workers=0, arguments=()):
        self.odoo = odoo
        self.name = name
        self.port = port
        self.workers = workers
        self.arguments = arguments
        self.process = None
        self.is_ready = False
        self.log = odoo.folder / "log" / f"{name}.log"

    @property
    def url(self):
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    def start(self):
        """Start it and return when it answers.

        :raises Fault: it ended or does not answer, with the end of its log
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        holder = port_holder(self.port)
        if holder:
            raise Fault(holder)
        command = self.odoo.command("-c", self.odoo.conf, "-d", self.name)
        command += [f"--http-port={self.port}", f"--db-filter=^{self.name}$"]
        command += [f"--workers={self.workers}", f"--gevent-port={free_port()}"]
        command += self.arguments
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.odoo.env(),
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise self._failure()
            if self._answers():
                self.is_ready = True
                return
            time.sleep(0.2)
        raise Fault(
            f"Odoo does not answer after {START_SECONDS} s; its log: {self.log}"
        )

    def _answers(self):
        # another program may have taken the port meanwhile: ours says that it listens
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if not LISTENING.search(text):
            return False
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=60) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return False

    def _failure(self):
        text = tail(self.log, 40)
        if "Address already in use" in text:
            return Fault(f"Port {self.port} is taken by another program.")
        return explain(text, f"start Odoo ({self.log})")

    def wait(self):
        """Return when the server ends by itself.

        :raises Fault: always, since nobody asked it to
        """
        self.process.wait()
        raise self._failure()

    def stop(self):
        """End the server if it runs."""
        if self.process:
            stop(self.process)
