// The box on the results of a photo search: drawn, moved by buttons, or typed in. The four fields are the
// truth; whatever changes them waits a moment and then sends the form, by htmx.
"use strict";

(() => {
  const PAUSE_MS = 300;
  const STEP = 0.05;
  const SIDE_MIN = 0.05;
  const STILL_AFTER_MS = 2000;
  const names = ["left", "top", "width", "height"];

  const form = document.getElementById("crop");
  if (!form) return;
  const canvas = form.querySelector("cropper-canvas");
  const selection = form.querySelector("cropper-selection");
  const problem = form.querySelector(".crop-problem");
  const count = document.getElementById("found-count");
  const fields = Object.fromEntries(names.map((name) => [name, form.elements[name]]));
  let pause = 0;
  let still = 0;
  let placing = false; // we move the selection ourselves

  const picture = open();
  if (picture) begin(picture);

  // The small picture that came with the answer lies in this tab; without it there is nothing to cut.
  function open() {
    if (form.dataset.picture) return form.dataset.picture;
    const kept = window.lookalikePhoto?.kept(form.dataset.photo);
    if (!kept) return null;
    form.elements.piece.value = kept.piece;
    return kept.picture;
  }

  async function begin(address) {
    form.querySelector(".crop-ways").hidden = false;
    form.querySelector(".crop-moves").hidden = false;
    const still = new Image();
    still.src = address;
    await still.decode();
    canvas.style.aspectRatio = `${still.naturalWidth} / ${still.naturalHeight}`;
    form.querySelector(".crop-still").hidden = true;
    canvas.hidden = false;
    const image = form.querySelector("cropper-image");
    image.src = address;
    await image.$ready();
    image.$center("contain");
    place();
    new ResizeObserver(() => {
      image.$center("contain");
      place();
    }).observe(canvas);
    selection.addEventListener("change", drawn);
  }

  // --- Fields and drawing say the same
  function box() {
    const [left, top, width, height] = names.map((name) => Number(fields[name].value) || 0);
    return { left, top, width, height };
  }

  function put({ left, top, width, height }) {
    width = clamp(width, SIDE_MIN, 1);
    height = clamp(height, SIDE_MIN, 1);
    left = clamp(left, 0, 1 - width);
    top = clamp(top, 0, 1 - height);
    const values = { left, top, width, height };
    for (const name of names) fields[name].value = Number(values[name].toFixed(3));
    place();
    soon();
  }

  function place() {
    const { left, top, width, height } = box();
    const [across, down] = [canvas.offsetWidth, canvas.offsetHeight];
    placing = true;
    selection.$change(left * across, top * down, width * across, height * down);
    placing = false;
  }

  function drawn(event) {
    if (placing) return;
    const { x, y, width, height } = event.detail;
    const [across, down] = [canvas.offsetWidth, canvas.offsetHeight];
    const inside = x >= -1 && y >= -1 && x + width <= across + 1 && y + height <= down + 1;
    if (!inside || width < SIDE_MIN * across || height < SIDE_MIN * down) return event.preventDefault();
    const values = { left: x / across, top: y / down, width: width / across, height: height / down };
    for (const name of names) fields[name].value = Number(clamp(values[name], 0, 1).toFixed(3));
    soon();
  }

  function clamp(value, least, most) {
    return Math.min(Math.max(value, least), most);
  }

  // --- Without dragging
  const moves = {
    left: (now) => ({ ...now, left: now.left - STEP }),
    right: (now) => ({ ...now, left: now.left + STEP }),
    up: (now) => ({ ...now, top: now.top - STEP }),
    down: (now) => ({ ...now, top: now.top + STEP }),
    smaller: (now) => grown(now, -2 * STEP),
    larger: (now) => grown(now, 2 * STEP),
    whole: () => ({ left: 0, top: 0, width: 1, height: 1 }),
  };

  function grown(now, by) {
    const width = clamp(now.width + by, SIDE_MIN, 1);
    const height = clamp(now.height + by, SIDE_MIN, 1);
    return { left: now.left + (now.width - width) / 2, top: now.top + (now.height - height) / 2, width, height };
  }

  form.addEventListener("click", (event) => {
    const move = event.target.closest("[data-crop]")?.dataset.crop;
    if (move) put(moves[move](box()));
  });

  const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
  form.querySelector(".crop-moves").addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    put(moves[keys[event.key]](box()));
  });

  form.addEventListener("input", (event) => {
    if (names.includes(event.target.name) && form.checkValidity()) {
      place();
      soon();
    }
  });

  // --- Searching again
  function soon() {
    clearTimeout(pause);
    pause = setTimeout(() => form.requestSubmit(), PAUSE_MS);
  }

  const words = document.getElementById("photo-dialog").dataset;

  form.addEventListener("htmx:beforeRequest", () => {
    say("");
    count.textContent = words.searching;
    clearTimeout(still);
    still = setTimeout(() => (count.textContent = words.still), STILL_AFTER_MS);
  });
  form.addEventListener("htmx:afterRequest", () => clearTimeout(still));
  form.addEventListener("htmx:sendError", () => say(words.offline));
  form.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    say(page.querySelector(".problem-sentence")?.textContent.trim() || words.broken);
  });

  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
    if (text) count.textContent = "";
  }
})();
