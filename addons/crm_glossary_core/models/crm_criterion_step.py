from odoo import models


class CrmCriterionStep(models.AbstractModel):
    """What a model must offer to take part in the refresh of stored results."""

    _name = "crm.criterion.step"
    _description = "Refresh Step"

    def _refresh_watches(self):
        """Return the names of the models whose changes concern this step at once."""
        return set()

    def _refresh_records(self, records, fnames=None):
        """Bring the results for a few records up to date, now.

        :param records: records of a watched model
        :param set fnames: names of the fields that changed; ``None`` for new records
        """

    def _refresh_remaining(self, position):
        """Return how many records are left from ``position`` on (an estimate)."""
        return 0

    def _refresh_batch(self, position):
        """Do one batch, of about a second; it is committed by the caller.

        :param int position: where the batch before ended, 0 at the start
        :return: ``(next position, records done, rows changed)``; the next position is
            ``None`` when the step is finished
        """
        raise NotImplementedError(self._name)

    def _refresh_all(self):
        """Do the whole step now; for databases that are small enough to wait for."""
        rows = self.env["crm.criterion.refresh"].sudo()._get_rows()
        row = rows.filtered(lambda row: row.step == self._name)
        row.write({"state": "waiting", "position": 0})
        while row.state != "done":
            row._run_batch()

    def _refresh_problem(self):
        """Return what does not work though the step was done, for the health line."""
        return False

    def _refresh_problem_action(self):
        """Return the action that shows what does not work; False if there is none."""
        return False
