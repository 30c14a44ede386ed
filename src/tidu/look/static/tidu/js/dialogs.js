// Dialogs and drawers: <button data-opens="id">, and inside <button data-closes>. Focus returns to the opener by itself.
export function dialogs(root) {
  for (const button of root.querySelectorAll("[data-opens]")) {
    const dialog = document.getElementById(button.dataset.opens);
    if (!dialog || typeof dialog.showModal !== "function") continue;
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  for (const button of root.querySelectorAll("[data-closes]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}
