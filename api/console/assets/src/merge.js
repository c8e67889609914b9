// Two texts beside each other, or one within the other where the screen is narrow; the textarea stays what the form sends.
import { shared } from "./editor.js";
import { yaml } from "@codemirror/lang-yaml";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

const NARROW = "(max-width: 75rem)";
const box = document.querySelector("[data-merge]");
const theirs = box.querySelector("[data-theirs]");
const mine = box.querySelector("[data-mine]");
const said = (area) => EditorView.contentAttributes.of({ "aria-label": area.labels[0].textContent.trim(), tabindex: "0" });
const follow = EditorView.updateListener.of((update) => {
  if (!update.docChanged) return;
  mine.value = update.state.doc.toString();
  mine.dispatchEvent(new Event("input", { bubbles: true }));
});

if (matchMedia(NARROW).matches) {
  const view = new EditorView({
    doc: mine.value,
    extensions: [...shared, yaml(), follow, said(mine), unifiedMergeView({ original: theirs.value, mergeControls: false })],
  });
  mine.before(view.dom);
  mine.hidden = true;
} else {
  const view = new MergeView({
    a: { doc: theirs.value, extensions: [...shared, yaml(), said(theirs), EditorState.readOnly.of(true)] },
    b: { doc: mine.value, extensions: [...shared, yaml(), follow, said(mine)] },
    collapseUnchanged: { margin: 4, minSize: 8 },
    gutter: true,
  });
  box.classList.add("joined");
  theirs.hidden = mine.hidden = true;
  box.append(view.dom);
}
