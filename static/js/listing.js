// The listing works without this file; here is only what links and forms cannot do by themselves.
"use strict";

// An empty field is no filter: leave it out of the address that htmx asks for and remembers.
document.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of Object.entries(event.detail.parameters)) {
    if (value === "") delete event.detail.parameters[name];
  }
});

// What was pressed may be gone with the old results: then go on from the beginning of the new ones, not of
// the page. What was unfolded stays so.
let left = null;
let unfolded = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  left = event.detail.target.contains(document.activeElement) ? event.detail.target : null;
  unfolded = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  if (left && document.activeElement === document.body) {
    left.querySelector("h2")?.focus({ preventScroll: true });
  }
});
