// htmx without what a strict policy forbids: nothing is evaluated, nothing is asked of another origin.
import htmx from "htmx.org/dist/htmx.esm.js";

htmx.config.includeIndicatorCSS = false;
htmx.config.history = "reload";
window.htmx = htmx;

export default htmx;
