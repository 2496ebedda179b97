"""Caps: what several criteria may give together."""


def trimmed(kept):
    """Return what caps leave of the columns with points.

    In the order of the criteria each gets what the ones before it left. Points that
    are given and points that are taken away are limited apart from each other.

    :param kept: pairs ``(criterion, name of its column)``; those without a cap are
        passed over
    :return: dict ``{name of a column: SQL text of the points that are left}``
    """
    groups = {}
    for criterion, name in kept:
        if criterion.cap:
            gives = sum(criterion.points.values()) > 0
            groups.setdefault((criterion.cap, gives), []).append(name)
    left = {}
    for (cap, gives), names in groups.items():
        before = "0"
        for number, name in enumerate(names, 1):
            upto = " + ".join(names[:number])
            total = (
                f"LEAST({upto}, {cap.maximum:d})"
                if gives
                else f"GREATEST({upto}, {-cap.maximum:d})"
            )
            left[name] = f"({total} - {before})"
            before = total
    return left
