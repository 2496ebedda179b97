/**
 * @param {Object} env
 * @returns {string} the model of the view on the screen, "" where there is none
 */
export function getCurrentModel(env) {
    const controller = env.services.action?.currentController;
    return controller?.props?.resModel || controller?.action?.res_model || "";
}
