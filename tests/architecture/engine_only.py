"""Invariants 2, 3 and 8: SQL, parsing and transactions have one place each."""

import ast
import re

from source_tree import called, calls, constant, docstrings, dotted, functions

SQL_FOLDERS = ("report", "migrations", "tests")
# In capitals or in small letters throughout: "Select a list from ..." is a sentence.
STATEMENTS = (
    r"SELECT\s.*\sFROM\s",
    r"SELECT\s+(\w+\(|1\b|%s)",
    r"INSERT\s+INTO\s",
    r"UPDATE\s+[\w.\"%{}]+\s.*SET\s",
    r"DELETE\s+FROM\s",
    r"WITH\s+(RECURSIVE\s+)?\w+\s*(\([^)]*\)\s*)?AS\s+(NOT\s+)?(MATERIALIZED\s*)?\(",
    r"(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+|UNIQUE\s+|TEMP\w*\s+)*"
    r"(TABLE|INDEX|VIEW|FUNCTION|TRIGGER|MATERIALIZED|SEQUENCE|EXTENSION)\s",
    r"TRUNCATE\s+(TABLE\s+)?\w+\s*$",
)
SQL_TEXT = re.compile("|".join(rf"\s*({s}|{s.lower()})" for s in STATEMENTS), re.DOTALL)
EXECUTE = {"execute", "executemany", "execute_query", "execute_query_dict"}
EXECUTE |= {"execute_values", "copy_from", "copy_expert", "mogrify"}
TABLE_OBJECTS = {"Constraint", "Index", "UniqueIndex"}

EVALUATORS = {"safe_eval", "literal_eval", "eval", "exec", "test_python_expr"}
TRANSACTION = {"commit", "rollback", "autocommit"}
CURSORS = ("cr", "_cr", "cursor", "connection", "conn")


# === 2. SQL === #


def check_sql(tree):
    """SQL text and its execution stay in the engine, reports and migrations."""
    findings = []
    for file in tree.production:
        if not (file.is_engine or file.is_in(*SQL_FOLDERS)):
            findings += [file.finding(*found) for found in sql_in(file.code)]
    for addon in tree.shipped:
        for file in addon.with_suffix(".sql"):
            if file.parts[-2:] != ("data", "neutralize.sql"):
                findings.append(file.finding(1, "an SQL file", "sql"))
    return findings


def sql_in(code):
    """Yield ``(node, message, subject)`` for each use of SQL."""
    excused = docstrings(code)
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            name = called(node)
            if name in TABLE_OBJECTS:
                excused |= {id(child) for child in ast.walk(node)}
            elif name == "SQL" or dotted(node.func).endswith("SQL.identifier"):
                yield node, "SQL is built outside the engine", "SQL"
            elif name in EXECUTE:
                yield node, f"{name}() is called outside the engine", name
        elif isinstance(node, ast.Attribute) and node.attr == "_table_query":
            yield node, "a view is defined outside report/", "_table_query"
        elif isinstance(node, ast.JoinedStr):
            excused |= {id(part) for part in node.values}
            if SQL_TEXT.match("".join(constant(part) or "x" for part in node.values)):
                yield node, "SQL text is put together from parts", "text"
        elif id(node) not in excused and SQL_TEXT.match(constant(node)):
            yield node, f"SQL text: {constant(node).strip()[:40]!r}", "text"


def check_search_is_the_engines(tree):
    """``Model._search`` gives SQL: outside the engine only an override may call it."""
    findings = []
    for file in tree.production:
        if file.is_engine:
            continue
        in_override = {
            id(call)
            for function in functions(file.code)
            if function.name == "_search"
            for call in calls(function)
        }
        for call in calls(file.code):
            if called(call) == "_search" and id(call) not in in_override:
                findings.append(file.finding(call, "_search() is called", "_search"))
    return findings


# === 3. ONE PARSER === #


def check_one_parser(tree):
    """Text that users write is turned into values by the engine's parser only."""
    findings = []
    for file in tree.production:
        if file.is_engine or file.name == "__manifest__.py":
            continue
        for call in calls(file.code):
            if called(call) in EVALUATORS and is_evaluation(call):
                name = called(call)
                message = f"{name}() outside the engine's parser"
                findings.append(file.finding(call, message, name))
    return findings


def is_evaluation(call):
    """``eval`` and ``exec`` as functions; not a method that happens to be so called."""
    return isinstance(call.func, ast.Name) or called(call) not in {"eval", "exec"}


# === 8. TRANSACTIONS === #


def check_transactions(tree):
    """Nobody ends a transaction by hand; crons use ``_commit_progress``."""
    findings = []
    for file in tree.production:
        for call in calls(file.code):
            owner, _, name = dotted(call.func).rpartition(".")
            last = owner.rpartition(".")[2]
            if name in TRANSACTION and last in CURSORS:
                message = f"{last}.{name}(): use ir.cron._commit_progress"
                findings.append(file.finding(call, message, name))
            elif name == "cursor" and last in {"registry", "Registry", "db_connect"}:
                message = "a cursor of its own: a second transaction"
                findings.append(file.finding(call, message, "cursor"))
            elif name == "sleep":
                findings.append(file.finding(call, "sleep() keeps a worker busy", name))
    return findings
