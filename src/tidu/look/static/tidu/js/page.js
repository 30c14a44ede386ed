// Behaviour of every page; each module looks for the data attributes it serves and leaves pages without them alone.
import { folding } from "./folding.js";
import { leaving } from "./leaving.js";
import { care } from "./care.js";
import { dialogs } from "./dialogs.js";
import { printing } from "./printing.js";
import { sliders } from "./sliders.js";
import { uploads } from "./uploads.js";
import { phrases } from "./phrases.js";
import { charts } from "./charts.js";

const modules = [folding, leaving, care, dialogs, printing, sliders, uploads, phrases, charts];

function start(root) {
  for (const module of modules) module(root);
}

start(document);
// htmx tells which part of the page is new.
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
// After an answer the reader, seen or heard, is taken to the new question.
document.addEventListener("htmx:afterSettle", (event) => {
  const first = event.target.querySelector("[data-focus]");
  if (first) first.focus({ preventScroll: false });
});
