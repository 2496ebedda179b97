"""A user's web client without a browser: the requests that Odoo's pages send."""

import itertools
import re

import requests


class Refused(Exception):
    """The server answered with an error; ``kind`` is the Python exception's name."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.kind = data.get("name", "")
        super().__init__(data.get("message") or error.get("message"))


class WebClient:
    """A logged-in session.

    :param server: a running :class:`launcher.server.Server`
    """

    TIMEOUT = 600

    def __init__(self, server, login="admin", password="admin"):
        self.url = server.url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between the test and its own server
        self.numbers = itertools.count(1)
        credentials = {"db": server.name, "login": login, "password": password}
        self.post("/web/session/authenticate", credentials)

    def post(self, path, params):
        """Send a JSON-RPC request and return its result.

        :raises Refused: the server answered with an error
        """
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(
            self.url + path,
            json={**body, "id": next(self.numbers)},
            timeout=self.TIMEOUT,
        ).json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def call(self, model, method, *arguments, **named):
        """Call a method of a model as a page does."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": named},
        )

    def count(self, model, domain=(), **context):
        """How many records match."""
        return self.call(model, "search_count", list(domain), context=context)

    def groups(self, model, domain, group, aggregates=("__count",), **context):
        """{value or name of the group: aggregate, or list of them}."""
        rows = self.call(
            model,
            "formatted_read_group",
            list(domain),
            [group],
            list(aggregates),
            context=context,
        )
        return {
            key[1] if isinstance(key := row[group], list | tuple) else key: (
                row[aggregates[0]]
                if len(aggregates) == 1
                else [row[name] for name in aggregates]
            )
            for row in rows
        }


class ImportScreen:
    """Odoo's import as its screen drives it, one request a step.

    :param client: a :class:`WebClient`
    :param model: technical name of the model that the file goes into
    """

    OPTIONS = {
        "import_skip_records": [],
        "import_set_empty_fields": [],
        "fallback_values": {},
        "name_create_enabled_fields": {},
        "encoding": "",
        "separator": "",
        "quoting": '"',
        "date_format": "",
        "datetime_format": "",
        "float_thousand_separator": ",",
        "float_decimal_separator": ".",
        "advanced": True,
        "has_headers": True,
        "keep_matches": False,
        "limit": 2000,
        "sheets": [],
        "sheet": "",
        "skip": 0,
        "tracking_disable": True,
    }

    def __init__(self, client, model):
        self.client = client
        self.id = client.call("base_import.import", "create", {"res_model": model})
        self.options = dict(self.OPTIONS)
        self.fields = self.columns = None

    def load(self, content, **options):
        """Upload bytes and return the preview, as the screen does on *Upload*."""
        page = self.client.session.get(f"{self.client.url}/odoo", timeout=60).text
        token = re.search(r'csrf_token: "([^"]+)"', page)[1]
        self.client.session.post(
            f"{self.client.url}/base_import/set_file",
            data={"csrf_token": token, "id": self.id},
            files={"ufile": ("contacts.csv", content, "text/csv")},
            timeout=60,
        ).raise_for_status()
        self.options.update(options)
        preview = self.client.call(
            "base_import.import", "parse_preview", [self.id], self.options
        )
        if not preview.get("error"):
            # the screen takes over what the server found out
            self.options.update(preview["options"])
            matches = preview["matches"] or {}
            self.columns = [name.strip().lower() for name in preview["headers"]]
            self.fields = [
                "/".join(matches.get(str(index)) or ()) or False
                for index in range(len(self.columns))
            ]
        return preview

    def run(self, test=False):
        """*Test* or *Import*: batch after batch until the end or the first refusal.

        :return: ``(ids, messages)``
        """
        ids, skip = [], 0
        while True:
            result = self.client.call(
                "base_import.import",
                "execute_import",
                [self.id],
                self.fields,
                self.columns,
                {**self.options, "skip": skip},
                dryrun=test,
                context={"tracking_disable": True},
            )
            ids += result.get("ids") or []
            if result["messages"]:
                return ids, result["messages"]
            skip = result["nextrow"]
            if not skip:
                return ids, []
