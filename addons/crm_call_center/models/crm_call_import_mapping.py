from odoo import api, fields, models

#: What a column of a file may be; "extra" is kept with the call, "skip" is not.
TARGETS = [
    ("phone", "Phone"),
    ("name", "Name"),
    ("company", "Company"),
    ("email", "Email"),
    ("country", "Country"),
    ("note", "Note"),
    ("extra", "Keep with the Call"),
    ("skip", "Leave Out"),
]
#: Titles that files usually have, in small letters.
USUAL = {
    "phone": "phone|phone number|telephone|tel|mobile|number|телефон|тел|тел.|мобилен|"
    "мобилен телефон|телефонен номер|номер|мобильный|номер телефона|gsm",
    "name": "name|full name|contact|contact name|person|име|имена|контакт|лице|имя|"
    "фио|контактное лицо",
    "company": "company|company name|organisation|organization|firm|фирма|компания|"
    "организация|дружество",
    "email": "email|e-mail|mail|имейл|е-поща|ел. поща|email address|почта|эл. почта",
    "country": "country|country code|държава|страна",
    "note": "note|notes|comment|comments|remark|бележка|бележки|коментар|заметка|"
    "комментарий|примечание",
}


class CrmCallImportMapping(models.Model):
    """What a column with a certain title was the last time."""

    _name = "crm.call.import.mapping"
    _description = "Remembered Column"
    _check_company_auto = True

    # === FIELDS === #
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    title = fields.Char(required=True)
    target = fields.Selection(TARGETS, required=True)

    _title_once = models.UniqueIndex("(company_id, title)")

    # === BUSINESS METHODS === #
    @api.model
    def _guess(self, titles):
        """Return what each column probably is: as the last time, else as is usual.

        No target but ``extra`` and ``skip`` is given twice.
        """
        words = [title.strip().lower() for title in titles]
        remembered = {
            mapping.title: mapping.target
            for mapping in self.sudo().search(
                [("title", "in", words), ("company_id", "=", self.env.company.id)]
            )
        }
        usual = {
            word: target for target, text in USUAL.items() for word in text.split("|")
        }
        guesses, used = [], set()
        for word in words:
            target = remembered.get(word) or usual.get(word) or "extra"
            if target in used:
                target = "extra"
            if target not in ("extra", "skip"):
                used.add(target)
            guesses.append(target)
        return guesses

    @api.model
    def _remember(self, targets):
        """Note what columns were.

        Of columns with one title, however it is written, the one that means something
        counts.

        :param list targets: pairs of a title and a target
        """
        words = {}
        for title, target in targets:
            word = title.strip().lower()
            if words.get(word, "extra") in ("extra", "skip"):
                words[word] = target
        known = {
            mapping.title: mapping
            for mapping in self.sudo().search(
                [("company_id", "=", self.env.company.id)]
            )
        }
        for word, target in words.items():
            if word in known:
                known[word].target = target
            else:
                known[word] = self.sudo().create({"title": word, "target": target})
