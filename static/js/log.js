// Ctrl + Enter (Cmd on a Mac) saves what somebody writes in a box for quick notes and answers.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form.quick");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
