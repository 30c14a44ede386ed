// A slider and a number field that say the same; a change asks the server after a moment of rest.
export function sliders(root) {
  for (const frame of root.querySelectorAll("[data-slider]")) {
    const range = frame.querySelector('input[type="range"]');
    const number = frame.querySelector("input:not([type='range'])");
    if (!range || !number) continue;
    range.hidden = false;
    range.addEventListener("input", () => {
      number.value = range.value;
      number.dispatchEvent(new Event("slid", { bubbles: true }));
    });
    number.addEventListener("input", () => {
      range.value = number.value;
    });
  }
}
