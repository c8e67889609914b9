// The first page: it keeps itself up to date while somebody looks at it, and the map leads to the law.
const IDLE = 10 * 60 * 1000;
const live = document.getElementById("live");
const pause = document.querySelector("[data-pause]");
let touched = Date.now();

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
}

// What is folded out, and what a plot has drawn, stays as it is.
window.htmx?.config.morphIgnore.push("open", "style");

if (pause) {
  pause.hidden = false;
  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") !== "true"));
  });
}

// Nobody there: asking on would keep a session alive that should end.
live?.addEventListener("htmx:before:request", (event) => {
  const paused = pause?.getAttribute("aria-pressed") === "true";
  if (event.target === live && (paused || document.hidden || Date.now() - touched > IDLE)) event.preventDefault();
});

// The table below the map has the same links for the keyboard.
document.addEventListener("click", (event) => {
  const land = event.target.closest?.("[data-place]");
  if (land) location.assign(land.closest("[data-world]").dataset.world + land.dataset.place);
});
