// A file may be dropped on the field; one that is too large is refused before it is sent.
export function uploads(root) {
  for (const frame of root.querySelectorAll("[data-upload]")) {
    const input = frame.querySelector('input[type="file"]');
    const words = frame.querySelector("[data-upload-words]");
    const most = Number(frame.dataset.upload);
    const say = () => {
      const file = input.files[0];
      const tooLarge = file && file.size > most;
      input.setCustomValidity(tooLarge ? "too large" : "");
      words.textContent = !file
        ? ""
        : tooLarge
          ? `“${file.name}”有 ${(file.size / 1048576).toFixed(1)} MB，超过 ${most / 1048576} MB，请换一个较小的文件。`
          : `已选择“${file.name}”（${Math.max(1, Math.round(file.size / 1024)).toLocaleString()} KB）`;
    };
    input.addEventListener("change", say);
    frame.addEventListener("dragover", (event) => {
      event.preventDefault();
      frame.classList.add("upload--over");
    });
    frame.addEventListener("dragleave", () => frame.classList.remove("upload--over"));
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      frame.classList.remove("upload--over");
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        say();
      }
    });
  }
}
