// The listing works without this file; here is only what links and forms cannot do by themselves.
"use strict";

// An empty field is no filter: leave it out of the address that htmx asks for and remembers.
document.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of Object.entries(event.detail.parameters)) {
    if (value === "") delete event.detail.parameters[name];
  }
});
