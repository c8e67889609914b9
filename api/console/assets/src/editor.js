// A textarea with `data-editor` becomes an editor; the textarea stays the one source that the form sends.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, foldGutter, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const nonce = document.querySelector("meta[name=csp-nonce]").content;
const LANGUAGES = { yaml, json };
const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--good)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.punctuation, tags.separator], color: "var(--soft)" },
]);
const THEME = EditorView.theme({
  "&": { color: "var(--text)" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-ground) 55%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent) !important" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
});

export const shared = [
  EditorView.cspNonce.of(nonce), lineNumbers(), foldGutter(), history(), drawSelection(), indentUnit.of("  "), bracketMatching(),
  highlightActiveLine(), highlightSelectionMatches(), lintGutter(), syntaxHighlighting(COLOURS), THEME, EditorView.lineWrapping,
  // Tab leaves the editor, as everywhere on the page: nobody is caught in it (WCAG 2.1.2).
  keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
];

/** The editor over a textarea. `changed(text)` is called after each change. */
export function editorOver(area, changed = () => {}) {
  const language = LANGUAGES[area.dataset.editor] ?? yaml;
  const label = area.labels?.[0]?.textContent.trim() ?? area.getAttribute("aria-label") ?? area.name;
  const follow = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    area.value = update.state.doc.toString();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    changed(area.value);
  });
  const extensions = [
    ...shared, language(), follow, EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    EditorState.readOnly.of(area.readOnly),
  ];
  const view = new EditorView({ doc: area.value, extensions });
  area.before(view.dom);
  area.hidden = true;
  return view;
}

/** Shows problems `[{line, column, end_line?, end_column?, message, severity?}]`, counted from 1. */
export function showProblems(view, problems) {
  const doc = view.state.doc;
  const at = (line, column) => {
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(found.from + Math.max((column ?? 1) - 1, 0), found.to);
  };
  const marks = problems.filter((one) => one.line).map((one) => {
    const from = at(one.line, one.column);
    const to = one.end_line ? at(one.end_line, one.end_column) : doc.lineAt(from).to;
    return { from, to: Math.max(from, to), severity: one.severity ?? "error", message: one.message };
  });
  view.dispatch(setDiagnostics(view.state, marks));
}

for (const area of document.querySelectorAll("textarea[data-editor]:not([data-own])")) editorOver(area);
