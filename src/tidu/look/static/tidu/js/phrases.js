// A phrase that is picked goes into the text at once, where it can be changed; without JavaScript the server puts it there.
export function phrases(root) {
  for (const list of root.querySelectorAll("select[data-phrase-into]")) {
    const text = document.getElementById(list.dataset.phraseInto);
    if (!text) continue;
    list.addEventListener("change", () => {
      if (!list.value) return;
      text.value = text.value ? `${text.value} ${list.value}` : list.value;
      list.value = "";
      text.focus();
    });
  }
}
