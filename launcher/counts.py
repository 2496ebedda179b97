"""pytest plugin: writes what a run counted, for the closing line of ./test.

The file is named by the variable SUITE_COUNTS; without it nothing is written.
"""

import json
import os
from pathlib import Path


def pytest_terminal_summary(terminalreporter):
    """Sum the run up: passed, failed (errors included), skipped with their reasons."""
    target = os.environ.get("SUITE_COUNTS")
    if not target:
        return
    counts = {"passed": 0, "failed": 0, "skipped": []}
    for outcome, reports in terminalreporter.stats.items():
        if outcome in ("passed", "xfailed", "xpassed"):
            counts["passed"] += len(reports)
        elif "failed" in outcome or outcome == "error":
            counts["failed"] += len(reports)
        elif outcome == "skipped":
            counts["skipped"] += [[report.nodeid, reason(report)] for report in reports]
    Path(target).write_text(json.dumps(counts), encoding="utf-8")


def reason(report):
    """Why a test was skipped, without pytest's own prefix."""
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")
