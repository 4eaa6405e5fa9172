// Photo search from any page: pick, drop or paste a picture. Without this file the form works by itself.
"use strict";

(() => {
  const SIDE_MAX_PX = 1280;
  const SMALL_BYTES = 1_000_000;
  const UNDERSTOOD = ["image/jpeg", "image/png", "image/webp"]; // by the server
  const STILL_AFTER_MS = 2000;
  const PREVIEW_SIDE_PX = 480;
  const KEPT_KEY = "lookalike:photo";
  const KEPT_MS = 3_600_000; // as long as the server believes the token

  const dialog = document.getElementById("photo-dialog");
  const target = document.getElementById("drop-target");
  const part = (name) => dialog.querySelector(`.photo-dialog-${name}`);
  let latest = null;
  let request = null;

  showQueryPhoto();

  // --- Ways in
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-photo-form] input[type=file]") && event.target.files[0]) {
      search(event.target.files[0]);
      event.target.value = "";
    }
  });

  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    // Cells of a spreadsheet bring a picture of themselves along; in a field their words are meant.
    const isText = event.target.closest?.("input, textarea") && event.clipboardData.types.includes("text/plain");
    if (file && !isText) {
      event.preventDefault();
      search(file);
    }
  });

  const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  let depth = 0; // dragenter and dragleave also tell of every element on the way
  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) target.hidden = ++depth === 0;
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) target.hidden = (depth = Math.max(depth - 1, 0)) === 0;
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    target.hidden = true;
    if (event.dataTransfer.files[0]) search(event.dataTransfer.files[0]);
  });

  part("again").addEventListener("click", () => latest && search(latest));
  part("cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => request?.abort());

  // --- The search
  async function search(file) {
    latest = file;
    request?.abort();
    show({ status: dialog.dataset.searching });
    part("preview").hidden = true;
    if (!dialog.open) dialog.showModal();
    if (file.type && !file.type.startsWith("image/")) {
      return show({ problem: `${file.name}: ${dialog.dataset.notAPicture}`, final: true });
    }
    const picture = await decode(file);
    if (picture) {
      const preview = draw(picture, PREVIEW_SIDE_PX);
      part("preview").src = preview.toDataURL("image/jpeg", 0.8);
      part("preview").hidden = false;
    }
    send(file, await smaller(file, picture));
  }

  function send(file, body) {
    const form = new FormData();
    form.append("image", body, file.name || "photo.jpg");
    const still = setTimeout(() => show({ status: dialog.dataset.still }), STILL_AFTER_MS);
    const sent = (request = new XMLHttpRequest());
    sent.open("POST", dialog.dataset.url);
    sent.setRequestHeader("Accept", "application/json");
    sent.responseType = "json";
    sent.upload.onprogress = (event) => {
      if (event.lengthComputable && event.loaded < event.total) {
        part("progress").value = (100 * event.loaded) / event.total;
      } else {
        part("progress").removeAttribute("value");
      }
    };
    sent.onloadend = () => clearTimeout(still);
    sent.onerror = () => show({ problem: dialog.dataset.offline });
    sent.onload = () => {
      const answer = sent.response;
      if (sent.status === 200 && answer?.location) {
        keep(answer);
        location.assign(answer.location);
      } else if (answer?.sentence) {
        const problem = answer.file ? `${answer.file}: ${answer.sentence}` : answer.sentence;
        show({ problem, final: !answer.retry_after_s });
      } else {
        // Not our answer, but that of something between the browser and us, which has no words for people.
        const final = sent.status === 413;
        show({ problem: final ? dialog.dataset.tooLarge : dialog.dataset.broken, final });
      }
    };
    sent.send(form);
  }

  // What the dialog says: a status while it works, or a problem, which a new try may or may not solve.
  function show({ status = "", problem = "", final = false }) {
    part("status").textContent = status;
    part("problem").textContent = problem;
    part("problem").hidden = !problem;
    part("progress").hidden = Boolean(problem);
    part("again").hidden = !problem || final;
    part("other").hidden = !problem;
    if (problem) part(final ? "other" : "again").focus();
    if (status) part("progress").removeAttribute("value");
  }

  // --- Pixels
  async function decode(file) {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return null; // a format this browser cannot show; the server has the last word
    }
  }

  function draw(picture, side) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff"; // what is transparent is white, as on the server
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // A large photo is made smaller before it travels: seconds saved on a phone, and no GPS position sent. What
  // this browser can show and the server does not understand (GIF, AVIF, on some HEIC) becomes a JPEG, too.
  async function smaller(file, picture) {
    if (!picture) return file;
    const isSmall = Math.max(picture.width, picture.height) <= SIDE_MAX_PX && file.size <= SMALL_BYTES;
    if (isSmall && UNDERSTOOD.includes(file.type)) return file;
    const canvas = draw(picture, SIDE_MAX_PX);
    return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.9));
  }

  // --- The query photo stays in sight; the small copy that came with the answer lies in this tab only.
  function keep({ photo, piece, picture }) {
    try {
      sessionStorage.setItem(KEPT_KEY, JSON.stringify({ photo, piece, picture, since: Date.now() }));
    } catch {
      // no storage, no picture: the results are there all the same
    }
  }

  function kept(photo) {
    try {
      const found = JSON.parse(sessionStorage.getItem(KEPT_KEY) ?? "null");
      if (found && Date.now() - found.since > KEPT_MS) sessionStorage.removeItem(KEPT_KEY);
      else if (photo && found?.photo === photo) return found;
    } catch {
      // as above
    }
    return null;
  }

  function showQueryPhoto() {
    const blank = document.querySelector(".found-blank");
    if (!blank) return;
    const image = document.querySelector(".crop-still");
    const forget = document.querySelector(".photo-forget");
    forget.addEventListener("click", () => {
      sessionStorage.removeItem(KEPT_KEY);
      location.replace(dialog.dataset.url); // the address holds what the photo looks like: not to be gone back to
    });
    const found = kept(document.getElementById("crop").dataset.photo);
    blank.hidden = Boolean(found);
    blank.classList.add("found-gone");
    if (found) {
      image.src = found.picture;
      image.hidden = false;
      forget.hidden = false;
    }
  }

  window.lookalikePhoto = { kept }; // for crop.js
})();
