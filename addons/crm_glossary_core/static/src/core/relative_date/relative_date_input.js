import { Component } from "@odoo/owl";

import { readRelativeDate, tellRelativeDate, writeRelativeDate } from "./relative_date";

/** What can be chosen: days, weeks, months, years and hours ago, and some ahead. */
const STEPS = ["-d", "-w", "-m", "-y", "-H", "+d", "+w", "+m"];
const USUAL_COUNT = 30;
const LARGEST_COUNT = 99999;

/** A date of the calendar, or one that moves along with today. */
export class RelativeDateInput extends Component {
    static template = "crm_glossary_core.RelativeDateInput";
    static props = {
        value: true,
        update: Function,
        editorInfo: Object,
        displayPlaceholder: { type: Boolean, optional: true },
    };

    get relative() {
        return readRelativeDate(this.props.value);
    }

    get steps() {
        const { count, step } = this.relative || { count: USUAL_COUNT };
        const steps = step && !STEPS.includes(step) ? [...STEPS, step] : STEPS;
        return steps.map((code) => ({ code, label: tellRelativeDate(count, code) }));
    }

    get dateProps() {
        const { value, update, displayPlaceholder } = this.props;
        return this.props.editorInfo.extractProps({
            value,
            update,
            displayPlaceholder,
        });
    }

    onStepChange(ev) {
        const step = ev.target.value;
        if (step) {
            const count = this.relative?.count ?? USUAL_COUNT;
            this.props.update(writeRelativeDate(count, step));
        } else {
            this.props.update(this.props.editorInfo.defaultValue());
        }
    }

    onCountChange(ev) {
        const count = Math.min(Math.abs(parseInt(ev.target.value)) || 0, LARGEST_COUNT);
        this.props.update(writeRelativeDate(count, this.relative.step));
    }
}
