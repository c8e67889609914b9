// The slider of days: while it is moved it says its day, and when it is let go the law of that day is shown.
const slider = document.getElementById("f-slide");

if (slider) {
  const days = JSON.parse(slider.dataset.days);
  const shown = JSON.parse(slider.dataset.shown);
  const said = document.getElementById("slide-day");
  const day = document.getElementById("f-at");
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    said.textContent = shown[at];
    slider.setAttribute("aria-valuetext", shown[at]);
    day.value = days[at];
  });
  slider.addEventListener("change", () => slider.form.requestSubmit());
}

// A rule that is linked to is opened.
function openLinked() {
  const found = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!found) return;
  if (found.tagName === "DETAILS") found.open = true;
  for (let above = found.closest("details"); above; above = above.parentElement?.closest("details")) above.open = true;
  found.scrollIntoView();
}
window.addEventListener("hashchange", openLinked);
openLinked();
