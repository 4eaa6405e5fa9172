// The part of a picture that is embedded: a click on the picture fills in the three fields beside it, and the
// frame follows the fields. Without this script the fields are filled in by hand.
"use strict";

const SIZE_AT_FIRST = 50;

function fields(row) {
  return Object.fromEntries([...row.querySelectorAll("[data-focus]")].map((field) => [field.dataset.focus, field]));
}

function frame(row) {
  const { x, y, size } = fields(row);
  const rect = row.querySelector(".look-focus rect");
  if (!rect || !x) return;
  const given = [x, y, size].every((field) => field.value !== "");
  const side = given ? Math.min(Math.max(Number(size.value), 10), 100) : 100;
  const start = (field) => Math.min(Math.max((given ? Number(field.value) : 50) - side / 2, 0), 100 - side);
  rect.setAttribute("x", start(x));
  rect.setAttribute("y", start(y));
  rect.setAttribute("width", side);
  rect.setAttribute("height", side);
}

document.addEventListener("click", (event) => {
  const picture = event.target.closest(".look-focus");
  const row = picture?.closest("tr");
  if (!row) return;
  const { x, y, size } = fields(row);
  if (!x) return;
  event.preventDefault();
  const box = picture.getBoundingClientRect();
  x.value = Math.round((100 * (event.clientX - box.left)) / box.width);
  y.value = Math.round((100 * (event.clientY - box.top)) / box.height);
  if (size.value === "") size.value = SIZE_AT_FIRST;
  frame(row);
});

document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-focus]")?.closest("tr");
  if (row) frame(row);
});
