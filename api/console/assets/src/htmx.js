// htmx without what a strict policy forbids: nothing is evaluated, nothing is asked of another origin.
import htmx from "htmx.org/dist/htmx.esm.js";

htmx.config.includeIndicatorCSS = false;
htmx.config.history = "reload";
// Settling writes `style` attributes, which the policy forbids.
htmx.config.defaultSettleDelay = 0;
window.htmx = htmx;

export default htmx;
