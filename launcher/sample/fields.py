"""Fields that an administrator adds to a model (*Settings, Technical, Fields*)."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Attribute:
    """A column of a source file and the ``x_`` field it goes into.

    :param column: title in the file; :param name: technical name of the field
    :param kind: ``integer``, ``float``, ``date``, ``char`` or ``selection``
    :param choices: of a selection: (value as in the file, label) pairs
    """

    column: str
    name: str
    kind: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()


def choices(values: str) -> tuple[tuple[str, str], ...]:
    """(value, label) pairs of space separated values: ``basic.4y`` -> Basic 4y."""
    labels = (value.replace(".", " ").strip().capitalize() for value in values.split())
    return tuple(zip(values.split(), labels, strict=True))


def add_fields(env, model: str, attributes: list[Attribute]) -> None:
    """Add the fields that ``model`` does not have yet, in one go."""
    model_id = env["ir.model"]._get_id(model)
    missing = [item for item in attributes if item.name not in env[model]._fields]
    env["ir.model.fields"].create(
        [
            {
                "model_id": model_id,
                "name": item.name,
                "field_description": item.label,
                "ttype": item.kind,
                "state": "manual",
                "selection_ids": [
                    (0, 0, {"value": value, "name": label, "sequence": sequence})
                    for sequence, (value, label) in enumerate(item.choices)
                ],
            }
            for item in missing
        ]
    )


def add_page(env, key: str, title: str, attributes: list[Attribute]) -> None:
    """Show the fields on a page of their own on the form of leads.

    :param key: name of the page
    :param attributes: the page is hidden where the last of them is empty
    """
    name = f"sample.{key}"
    if env["ir.ui.view"].search_count([("name", "=", name)]):
        return
    fields = "".join(f'<field name="{item.name}"/>' for item in attributes)
    page = (
        f'<page name="x_{key}" string="{title}" invisible="not {attributes[-1].name}">'
        f'<group name="x_{key}" col="4">{fields}</group></page>'
    )
    env["ir.ui.view"].create(
        {
            "name": name,
            "model": "crm.lead",
            "inherit_id": env.ref("crm.crm_lead_view_form").id,
            "priority": 90,
            "arch": f'<xpath expr="//notebook" position="inside">{page}</xpath>',
        }
    )
