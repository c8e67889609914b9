// The editor of a draft's file: the text beside its forms, one source, with what the checker says while it is typed.
import htmx from "./htmx.js";
import { editorOver, showProblems } from "./editor.js";
import { EditorView } from "@codemirror/view";

const form = document.getElementById("editor");
const area = document.getElementById("text");
const QUICK = 350;
const WHOLE = 1400;
const saved = area.defaultValue;
let timer = 0;
let asking = null;
let back = null;
let shown = "";

const view = editorOver(area, typed);
if (area.dataset.line) goTo(Number(area.dataset.line), 1, false);
else show();
note();
told(document.querySelector("#problems .found"));
if (!area.readOnly) timer = setTimeout(() => ask("checks"), WHOLE);

// -- what the checker says

function typed() {
  note();
  plan();
}

function note() {
  form.querySelector("[data-unsaved]")?.toggleAttribute("hidden", area.value === saved);
}

/** At the pause of a hand the reader is asked; when it has answered and the hand still rests, everything. */
function plan() {
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(() => ask("reading"), QUICK);
}

async function ask(depth) {
  asking?.abort();
  asking = new AbortController();
  const text = area.value;
  const body = new URLSearchParams({ text, depth, entry: field("entry"), newest: field("newest") });
  try {
    const answer = await fetch(form.dataset.lint, { method: "POST", body, signal: asking.signal, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (!answer.ok || text !== area.value) return;
    place(html);
    if (depth === "checks") return;
    timer = setTimeout(() => ask("checks"), WHOLE);
    refreshForms();
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
  }
}

function place(html) {
  const box = document.getElementById("problems");
  box.innerHTML = html;
  told(box.querySelector(".found"));
}

function told(found) {
  if (!found) return;
  const own = JSON.parse(found.dataset.problems).filter((one) => one.file === found.dataset.path);
  showProblems(view, own.map((one) => ({ ...one, end_line: one.line, message: [one.message, one.remedy].filter(Boolean).join(" ") })));
  const status = document.getElementById("problems-said");
  if (status.textContent !== found.dataset.said) status.textContent = found.dataset.said;
}

// -- the forms beside the text

function field(name) {
  return form.elements[name]?.value ?? "";
}

function touched() {
  const work = document.getElementById("work");
  return [...work.querySelectorAll("input:not([type=hidden]), textarea:not([data-rewritten])")].some((one) => one.value !== one.defaultValue);
}

/** What was written in the text shows in the forms, unless somebody is in the middle of filling one. */
function refreshForms() {
  if (view.hasFocus && !touched()) send({ do: `open:${field("entry")}` });
}

function send(values, event) {
  const active = document.activeElement;
  back = active?.closest("#work") ? { id: active.id, name: active.name, value: active.value } : null;
  return htmx.ajax("POST", form.action, { source: form, event, target: "#work", swap: "outerHTML", values });
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || "native" in button.dataset) return;
  event.preventDefault();
  send({ do: button.value });
});

document.addEventListener("htmx:after:swap", () => {
  const rewritten = document.querySelector("#work [data-rewritten]");
  if (rewritten) {
    rewrite(rewritten.value);
    rewritten.remove();
  }
  show();
  const found = document.querySelector("#work [data-found]");
  if (found) {
    place(found.innerHTML);
    found.remove();
    clearTimeout(timer);
    asking?.abort();
  }
  refocus();
});

function refocus() {
  if (!back || document.getElementById("work").contains(document.activeElement)) return;
  const same = back.id ? document.getElementById(back.id) : [...form.querySelectorAll("#work button")].find((one) => one.value === back.value);
  const place = same ?? document.querySelector("#work .forms h2");
  if (place?.tagName === "H2") place.tabIndex = -1;
  place?.focus({ preventScroll: Boolean(same) });
  back = null;
}

/** Only what differs is replaced, so that the cursor, the scroll and the steps back stay. */
function rewrite(text) {
  const old = view.state.doc.toString();
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  view.dispatch({
    changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) },
    effects: EditorView.scrollIntoView(start, { y: "center" }),
  });
}

// -- keys and links

/** The lines of the entry that was chosen, where another one was. */
function show() {
  const entry = field("entry");
  const first = document.getElementById("work").dataset.first;
  if (!first || entry === shown || view.hasFocus) return;
  const scroll = shown !== "" || Number(first) > 12;
  shown = entry;
  if (!scroll) return;
  const line = view.state.doc.line(Math.min(Number(first), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "start", yMargin: 30 }) });
}

function goTo(line, column, focus = true) {
  const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  const at = Math.min(found.from + Math.max(column - 1, 0), found.to);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  if (focus) view.focus();
}

form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  if (!link) return;
  event.preventDefault();
  goTo(Number(link.dataset.line), Number(link.dataset.column));
});

form.addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const save = form.querySelector("button[value=save]");
    if (save) form.requestSubmit(save);
    return;
  }
  const row = event.target.closest?.("[data-row]");
  if (event.key === "Enter" && row && event.target.matches("input, select")) {
    event.preventDefault();
    const button = [...form.querySelectorAll("button[name=do]")].find((one) => one.value === row.dataset.row);
    if (button) form.requestSubmit(button);
  }
});
