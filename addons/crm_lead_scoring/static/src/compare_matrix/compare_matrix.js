import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Who goes from which grade to which: a row for each grade before, a column for each
 * grade after. Each number opens its leads. Better and worse are told by an arrow too,
 * not by the colour alone.
 */
export class LeadScoreCompareMatrix extends Component {
    static template = "crm_lead_scoring.LeadScoreCompareMatrix";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get matrix() {
        return (
            this.props.record.data[this.props.name] || { old: [], new: [], cells: [] }
        );
    }

    get rows() {
        return this.matrix.old.map((grade, row) => ({
            ...grade,
            total: sum(this.matrix.cells[row]),
            cells: this.matrix.new.map((column, position) =>
                this.describe(grade, column, row, position)
            ),
        }));
    }

    get columns() {
        return this.matrix.new.map((grade, position) => ({
            ...grade,
            total: sum(this.matrix.cells.map((row) => row[position])),
        }));
    }

    get total() {
        return sum(this.matrix.cells.flat());
    }

    describe(grade, column, row, position) {
        const count = this.matrix.cells[row][position];
        const movement = row === position ? "same" : position < row ? "up" : "down";
        const values = { count, old: grade.name, new: column.name };
        return {
            count,
            movement,
            column,
            label: {
                up: _t("From %(old)s up to %(new)s: %(count)s", values),
                down: _t("From %(old)s down to %(new)s: %(count)s", values),
                same: _t("Still %(new)s: %(count)s", values),
            }[movement],
        };
    }

    async open(oldGradeId, newGradeId) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_view_cell", [
            [resId],
            oldGradeId,
            newGradeId,
        ]);
        this.action.doAction(action);
    }
}

function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
}

registry.category("fields").add("lead_score_compare_matrix", {
    component: LeadScoreCompareMatrix,
    displayName: _t("Change of Grades"),
    supportedTypes: ["json"],
});
