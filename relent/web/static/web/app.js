// What HTML alone cannot do: open a loaded fragment as a dialog, tick all rows, put a token where the cursor is.
"use strict";

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  const dialog = event.target.closest("dialog");
  if (closer && dialog) {
    event.preventDefault();
    dialog.close();
  } else if (dialog && event.target === dialog) {
    dialog.close(); // a click on the backdrop
  }
  const token = event.target.closest("[data-insert]");
  if (token) insert(token);
});

let field = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("input[type=text], textarea")) field = event.target;
});

function insert(token) {
  const step = token.closest("[data-step]");
  const target = field && step && step.contains(field) ? field : step && step.querySelector("textarea");
  if (!target) return;
  target.setRangeText(token.dataset.insert, target.selectionStart, target.selectionEnd, "end");
  target.focus();
}

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  const form = event.target.closest("form");
  if (all) form.querySelectorAll("td.tick input:not(:disabled)").forEach((box) => { box.checked = all.checked; });
  if (form && form.querySelector("[data-tick-all]")) count(form);
});

function count(form) {
  const ticked = form.querySelectorAll("td.tick input:checked").length;
  form.querySelectorAll("[data-needs-ticks]").forEach((button) => { button.disabled = ticked === 0; });
  form.querySelectorAll("[data-ticked]").forEach((place) => { place.textContent = ticked ? String(ticked) : ""; });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form:has([data-tick-all])").forEach(count);
});
