from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .crm_lead_score_health import Problem

#: The scheduled jobs without which scores grow old and nothing follows from them.
JOBS = (
    "crm_glossary_core.ir_cron_refresh",
    "crm_lead_scoring.ir_cron_follow_readiness",
)
#: The jobs run every hour; after so long something is wrong.
LATE = timedelta(hours=3)
#: Steps of the refresh up to this sequence are what scores are made of.
LAST_STEP = 10
#: Follow-ups and leads that are dealt with while somebody waits.
AT_ONCE = 50


class CrmLeadScoreHealth(models.AbstractModel):
    """Scheduled jobs that are off, late or failing, and what they left undone."""

    _inherit = "crm.lead.score.health"

    # === BUSINESS METHODS === #

    @api.model
    def _find_job_problems(self):
        jobs = [self.env.ref(xml_id, raise_if_not_found=False) for xml_id in JOBS]
        jobs = self.env["ir.cron"].sudo().concat(*(job.sudo() for job in jobs if job))
        off = jobs.filtered(lambda job: not job.active)
        failing = (jobs - off).filtered("failure_count")
        now = fields.Datetime.now()
        late = (jobs - off - failing).filtered(lambda job: job.nextcall < now - LATE)
        found = []
        for job in off:
            message = self.env._("The scheduled job “%s” is switched off.", job.name)
            fix = partial(self._switch_on, job)
            found.append(
                Problem("job_off", message, "danger", self.env._("Switch On"), fix)
            )
        for job in failing:
            message = self.env._(
                "The scheduled job “%(job)s” failed %(count)s times in a row.",
                job=job.name,
                count=job.failure_count,
            )
            fix = partial(self._start_afresh, job)
            found.append(
                Problem("job_fails", message, "danger", self.env._("Try Again"), fix)
            )
        if late:
            message = self.env._(
                "The server runs no scheduled jobs: scores get older and nothing"
                " follows from them."
            )
            fix = partial(self._do_their_work, late)
            found.append(
                Problem("jobs_late", message, "danger", self.env._("Run Now"), fix)
            )
        return found

    def _switch_on(self, job):
        job.active = True
        job._trigger()
        return self.env._("“%s” runs again.", job.name)

    def _start_afresh(self, job):
        job.write({"failure_count": 0, "first_failure_date": False})
        job._trigger()
        return self.env._("“%s” is tried again within a minute.", job.name)

    def _do_their_work(self, jobs):
        """Do by hand what the jobs should have done, where that is quick."""
        scores = self.env["crm.lead.score"].sudo()
        if not scores._is_small_database():
            jobs._trigger()
            return self.env._(
                "There are too many leads to do it while you wait. Ask whoever runs the"
                " server to start it with scheduled jobs."
            )
        scores._refresh_all()
        self._do_waiting_runs()
        for job in jobs:
            job.nextcall = fields.Datetime.now() + timedelta(hours=1)
        return self.env._(
            "Scores are up to date. Ask whoever runs the server to start it with"
            " scheduled jobs."
        )

    @api.model
    def _find_failed_steps(self):
        steps = (
            self.env["crm.criterion.refresh"]
            .sudo()
            .search([("state", "=", "failed"), ("sequence", "<=", LAST_STEP)])
        )
        return [
            Problem(
                "refresh_failed",
                self.env._(
                    "The refresh stopped at “%(step)s”: %(problem)s",
                    step=step.name,
                    problem=step.error_message or "?",
                ),
                "danger",
                self.env._("Try Again"),
                partial(self._try_step_again, step),
            )
            for step in steps
        ]

    def _try_step_again(self, row):
        row._request(row.step)
        row.error_message = False
        return self.env._("The refresh starts within a minute.")

    @api.model
    def _find_run_problems(self):
        """What should have followed from readiness and did not."""
        runs = self.env["crm.lead.score.run"]
        found = []
        if count := runs.search_count([("state", "=", "failed")]):
            message = self.env._(
                "What should have followed when leads became ready failed: %s.", count
            )
            fix = self._retry_runs
            found.append(
                Problem("runs_failed", message, "warning", self.env._("Try Again"), fix)
            )
        waiting = [
            ("state", "=", "waiting"),
            ("date", "<", fields.Datetime.now() - LATE),
        ]
        if count := runs.search_count(waiting):
            message = self.env._(
                "What should follow when leads become ready has waited for hours: %s.",
                count,
            )
            fix = self._do_waiting_runs
            found.append(
                Problem("runs_wait", message, "warning", self.env._("Do Now"), fix)
            )
        return found

    def _retry_runs(self):
        """Try again what failed; show what failed once more."""
        runs = self.env["crm.lead.score.run"]
        failed = runs.search([("state", "=", "failed")], limit=AT_ONCE)
        failed.action_retry()
        again = failed.exists().filtered(lambda run: run.state == "failed")
        if not again:
            return self.env._("Done.")
        return self._open(
            again,
            self.env._("What failed again"),
            "crm_lead_scoring.crm_lead_score_run_action",
        )

    def _do_waiting_runs(self):
        runs = self.env["crm.lead.score.run"].sudo()
        waiting = runs.search([("state", "=", "waiting")], order="id")
        runs._do_for(waiting.lead_id.ids[:AT_ONCE])
        runs._request()
        return self.env._("Done.")

    # === HOOKS === #

    @api.model
    def _find_problems(self):
        return [
            *super()._find_problems(),
            *self._find_job_problems(),
            *self._find_failed_steps(),
            *self._find_run_problems(),
        ]
