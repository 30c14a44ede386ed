// The side navigation is open on a wide screen and folded on a narrow one; without JavaScript it stays open.
export function folding(root) {
  if (!window.matchMedia("(max-width: 61.9em)").matches) return;
  for (const fold of root.querySelectorAll(".nav-side > details")) fold.open = false;
}
