// What htmx asks for may not come: then say so, with a way on, instead of leaving the page as if nothing was.
"use strict";

(() => {
  const box = document.getElementById("trouble");
  const again = box.querySelector(".trouble-again");
  const words = document.getElementById("photo-dialog").dataset;
  let failed = null;

  // What a page asks for by itself is no matter of its reader's, and is asked for again when next in sight.
  const on = (name, handle) =>
    document.addEventListener(name, ({ detail }) => {
      if (!("unasked" in detail.requestConfig.elt.dataset)) handle(detail);
    });

  on("htmx:sendError", (detail) => say(detail, words.offline));
  on("htmx:responseError", (detail) => {
    const { xhr, requestConfig, pathInfo } = detail;
    if (xhr.status >= 500) say(detail, words.broken);
    // The answer is a page of its own then, "this search has ended" among them: it is shown as one.
    else if (requestConfig.verb === "get") location.assign(pathInfo.finalRequestPath);
  });
  on("htmx:beforeRequest", () => box.togglePopover(false));

  function say({ requestConfig, pathInfo }, sentence) {
    if (requestConfig.verb !== "get") return; // the box on a photo has a place of its own for it: crop.js
    failed = { asking: requestConfig.elt, by: requestConfig.triggeringEvent.type, focused: document.activeElement };
    box.querySelector(".trouble-words").textContent = sentence;
    again.href = pathInfo.finalRequestPath;
    box.togglePopover(true);
    again.focus();
  }

  box.addEventListener("click", (event) => {
    if (!event.target.closest("a, button")) return;
    box.togglePopover(false);
    failed.focused.focus();
    // Once more without leaving the page; what asked may be gone by now, then the link leads there.
    if (event.target === again && failed.asking.isConnected) {
      event.preventDefault();
      htmx.trigger(failed.asking, failed.by);
    }
  });
})();
