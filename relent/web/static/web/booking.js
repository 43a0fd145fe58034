// Show the visitor's own time zone first; whoever has chosen one, or reads without scripts, keeps what is shown.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!form || new URLSearchParams(location.search).has("zone")) return;
  const choice = form.elements.zone;
  if (choice.value === own || ![...choice.options].some((option) => option.value === own)) return;
  choice.value = own;
  form.requestSubmit();
});
