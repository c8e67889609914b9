// What every page has: htmx, instants in the reader's zone, the dialog to sign in again, and text that is kept while it is typed.
import "./htmx.js";
import { keepDrafts } from "./kept.js";

const dialog = document.getElementById("dialog");

function localInstants(root) {
  const shown = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const one of root.querySelectorAll("time[datetime]:not([title])")) {
    const instant = new Date(one.dateTime);
    if (one.dateTime.includes("T") && !Number.isNaN(instant.valueOf())) {
      one.title = one.textContent;
      one.textContent = shown.format(instant);
    }
  }
}

function openDialogWhenFilled() {
  if (dialog.childElementCount && !dialog.open) {
    dialog.showModal();
    dialog.querySelector("input:not([type=hidden])")?.focus();
  }
}

new MutationObserver(openDialogWhenFilled).observe(dialog, { childList: true });
document.addEventListener("signed-in", () => {
  dialog.close();
  dialog.replaceChildren();
});
dialog.addEventListener("close", () => dialog.replaceChildren());

// A menu that is open closes by Escape, and by a click elsewhere.
const menu = document.getElementById("menu");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

// `data-confirm` on a button asks in words before it acts; without scripts the server's own page of confirmation does.
document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});

// A field with `data-send` sends its form when it changes.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-send]")) event.target.form.requestSubmit();
});

document.getElementById("faults")?.focus();
localInstants(document);
keepDrafts(document);
document.addEventListener("htmx:after:swap", () => {
  localInstants(document);
  keepDrafts(document);
});
