"""Run a program as the user `nobody`: PostgreSQL refuses to be started by root.

    python3 as_nobody.py namespace PROGRAM ...   files stay the caller's
    python3 as_nobody.py user PROGRAM ...        really another user (root only)

In a user namespace the program sees itself as `nobody` while the system still sees
the caller, so no account is made and no file changes hands.
"""

import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000


def enter_namespace():
    """Become `nobody` in a namespace of one user.

    :raises OSError: this machine does not allow user namespaces
    """
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(content)


def main(way, *command):
    """Change identity in the asked way and become the program."""
    if way == "namespace":
        enter_namespace()
    else:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
