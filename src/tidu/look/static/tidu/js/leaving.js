// A button whose answer is a file or another page is sent by the browser itself, past htmx.
export function leaving(root) {
  for (const button of root.querySelectorAll("button[data-leaves]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const form = document.createElement("form");
      form.method = "post";
      form.action = button.formAction;
      form.hidden = true;
      for (const [name, value] of new FormData(button.form)) {
        if (typeof value !== "string") continue;
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        form.append(field);
      }
      if (button.name) {
        const field = document.createElement("input");
        field.name = button.name;
        field.value = button.value;
        form.append(field);
      }
      document.body.append(form);
      form.submit();
      form.remove();
    });
  }
}
