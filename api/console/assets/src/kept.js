// Text in a form with `data-keep="name"` is kept in this browser until it is sent: a crash or a closed window loses nothing.
// Not what stands below `data-fleeting`: fields that mean something else from one look to the next.
const AGE = 7 * 24 * 3600 * 1000;

function place(field) {
  return `lexgate:${location.pathname}:${field.form?.dataset.keep}:${field.name}`;
}

function restore(field) {
  const found = JSON.parse(localStorage.getItem(place(field)) ?? "null");
  if (!found || found.base !== field.defaultValue || Date.now() - found.at > AGE) return;
  if (found.text !== field.value) {
    field.value = found.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function keepDrafts(root) {
  for (const form of root.querySelectorAll("form[data-keep]:not([data-kept])")) {
    form.dataset.kept = "";
    const fields = [...form.elements].filter((one) => one.matches("textarea, input[type=text]") && one.name && !one.closest("[data-fleeting]"));
    fields.forEach(restore);
    form.addEventListener("input", (event) => {
      const field = event.target;
      if (!fields.includes(field)) return;
      localStorage.setItem(place(field), JSON.stringify({ base: field.defaultValue, text: field.value, at: Date.now() }));
    });
  }
}

// A page that answers `data-forget="name"` says that the text has arrived.
for (const one of document.querySelectorAll("[data-forget]")) {
  const prefix = `lexgate:${one.dataset.path ?? location.pathname}:${one.dataset.forget}:`;
  Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key));
}
