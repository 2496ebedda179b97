import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ExplanationNode } from "./explanation_node";

/** Why somebody is in a segment, or is not: the answer of the server, drawn. */
export class SegmentExplanation extends Component {
    static template = "crm_segmentation.SegmentExplanation";
    static components = { ExplanationNode, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        const { params, context } = this.props.action;
        const asked = params?.segment_id ? params : context;
        this.model = asked.model;
        this.state = useState({
            recordId: asked.record_id || false,
            // The segment that was asked about, then those that it is made of.
            path: [asked.segment_id],
            result: null,
            error: "",
        });
        onWillStart(() => this.load());
    }

    get placeholder() {
        return this.model === "crm.lead" ? _t("Choose a lead") : _t("Choose a contact");
    }

    get facts() {
        const { since, reason, member, evaluated_at } = this.state.result;
        return [
            member && since && _t("Member since %s", since),
            member && reason,
            evaluated_at && _t("Last refresh: %s", evaluated_at),
        ].filter(Boolean);
    }

    choose(recordId) {
        Object.assign(this.state, { recordId, result: null });
        return this.load();
    }

    openSegment(segmentId) {
        this.state.path.push(segmentId);
        return this.load();
    }

    back() {
        this.state.path.pop();
        return this.load();
    }

    async load() {
        const { path, recordId } = this.state;
        this.state.error = "";
        if (!recordId) {
            return;
        }
        try {
            const call = this.orm.silent.call("crm.segment", "explain", [
                [path[path.length - 1]],
                recordId,
            ]);
            this.state.result = await this.keepLast.add(call);
        } catch (error) {
            this.state.result = null;
            this.state.error = error.data?.message || error.message;
        }
    }
}

registry.category("actions").add("crm_segmentation.explain", SegmentExplanation);
