import random
from datetime import timedelta

from odoo import api, fields, models

#: How calls end, in parts of a hundred: the code and how often.
ENDS = {
    "no_answer": 42,
    "voicemail": 16,
    "busy": 8,
    "wrong_number": 3,
    "do_not_call": 1,
    "callback": 7,
    "refused": 8,
    "held": 15,
}
#: Seconds at least and at most that it rings, that one talks and that one writes.
SECONDS = {
    "no_answer": ((20, 35), (0, 0), (1, 4)),
    "voicemail": ((12, 25), (0, 6), (1, 4)),
    "busy": ((2, 6), (0, 0), (1, 3)),
    "wrong_number": ((4, 15), (5, 20), (2, 6)),
    "do_not_call": ((4, 15), (4, 25), (2, 6)),
    "callback": ((4, 20), (10, 60), (3, 10)),
    "refused": ((4, 20), (15, 90), (3, 10)),
    "held": ((4, 20), (60, 300), (8, 25)),
}
#: What the desk does with an end that has a key of its own.
ACTIONS = {
    "held": "held",
    "refused": "held",
    "callback": "callback",
    "do_not_call": "do_not_call",
}


class CrmCallSimulator(models.AbstractModel):
    """Calls that nobody makes: for training, demonstrations and tests.

    The same seed gives the same people the same temper.
    """

    _name = "crm.call.simulator"
    _description = "Call Simulator"

    # === BUSINESS METHODS === #
    @api.model
    def _play(self, call, seed=None):
        """Return how the next attempt of a call goes.

        :param seed: any text or number; by default the one of the list
        :return: dict with ``result`` (see :data:`ENDS`), ``ring``, ``talk`` and
            ``wrap`` in seconds, ``answered`` and ``text``: what is heard
        """
        seed = call.list_id.id if seed is None else seed
        # The number, not the id: a copy of the list meets the same people.
        who = call.phone_sanitized or call.id
        dice = random.Random(f"{seed}/{who}/{call.attempt_count}")  # noqa: S311
        result = dice.choices(list(ENDS), weights=ENDS.values())[0]
        ring, talk, wrap = (dice.randint(*span) for span in SECONDS[result])
        return {
            "result": result,
            "ring": ring,
            "talk": talk,
            "wrap": wrap,
            "answered": result not in ("no_answer", "busy"),
            "text": self._tell(result),
        }

    @api.model
    def _tell(self, result):
        """Return what is heard on the line."""
        return {
            "no_answer": self.env._("It rings and rings."),
            "voicemail": self.env._("“Please leave a message after the tone.”"),
            "busy": self.env._("The line is busy."),
            "wrong_number": self.env._("“Nobody of that name lives here.”"),
            "do_not_call": self.env._("“Never call me again!”"),
            "callback": self.env._("“I am busy now. Can you call me later?”"),
            "refused": self.env._("“Thank you, I do not need that.”"),
            "held": self.env._("“Yes, tell me more.”"),
        }[result]

    @api.model
    def _work_day(self, lists, operators, seed=0, hours=8):
        """Work some hours on lists, with operators who do what the desk lets them do.

        The hours are those before now. What is planned for later stays planned.

        :param lists: running ``crm.call.list``
        :param operators: ``res.users`` of the lists
        :param float hours: how long each of them works
        :return: the attempts as plain dicts: ``user_id``, ``call_id``, ``action``,
            ``result``, ``ring``, ``talk``, ``wrap``, ``start``
        """
        end = fields.Datetime.now()
        clocks = {user: end - timedelta(hours=hours) for user in operators}
        done = []
        while clocks:
            # Whoever is free first takes the next call.
            user = min(clocks, key=lambda user: (clocks[user], user.id))
            made = self._work_one(lists.with_user(user), clocks[user], seed)
            if not made:
                del clocks[user]
                continue
            done.append(made)
            seconds = made["ring"] + made["talk"] + made["wrap"]
            clocks[user] += timedelta(seconds=seconds)
            if clocks[user] >= end:
                del clocks[user]
        return done

    def _work_one(self, lists, start, seed):
        """Take one call as an operator and say how it went; ``None`` without one."""
        card = lists.take_next()
        if not card:
            return None
        call = lists.env["crm.call"].browse(card["id"])
        played = self._play(call.sudo(), seed)
        action = ACTIONS.get(played["result"], "not_held")
        values = {name: played[name] for name in ("ring", "talk", "wrap")}
        values["start"] = fields.Datetime.to_string(start)
        if action == "callback":
            values["callback"] = {"code": "tomorrow_morning"}
        else:
            outcome = self.env["crm.call.outcome"]._get_by_code(played["result"])
            values["outcome_id"] = outcome.id
        ref = f"simulated/{seed}/{call.id}/{call.sudo().attempt_count}"
        call.desk_submit(call.id, action, values, ref)
        return {
            "user_id": lists.env.uid,
            "call_id": call.id,
            "action": action,
            "start": start,
            **{name: played[name] for name in ("result", "ring", "talk", "wrap")},
        }
