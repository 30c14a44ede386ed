// 关怀版 without leaving the page; without JavaScript the link does the same by a round trip.
export function care(root) {
  for (const link of root.querySelectorAll("[data-care-toggle]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const on = !document.documentElement.hasAttribute("data-care");
      document.documentElement.toggleAttribute("data-care", on);
      document.cookie = `care=${on ? "1" : "0"}; path=/; max-age=31536000; samesite=lax`;
      link.querySelector("[data-care-words]").textContent = on ? "标准版" : "关怀版";
    });
  }
}
