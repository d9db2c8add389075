// For every page: a key for the search, files dropped on the page to add.

document.addEventListener("keydown", (e) => {
  const search = document.querySelector('[data-key="/"]');
  if (search && e.key === "/" && !typing(e) && !e.ctrlKey && !e.metaKey && !e.altKey) {
    e.preventDefault();
    search.focus();
  }
});

// typing reports whether a key goes into a field.
export function typing(e) {
  const t = e.target;
  return t instanceof HTMLElement && (t.isContentEditable || t.matches("textarea, select, input:not([type=checkbox], [type=hidden])"));
}

const drop = document.getElementById("drop");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const over = (on) => document.body.classList.toggle("over", on);
  document.addEventListener("dragover", (e) => { e.preventDefault(); over(true); });
  document.addEventListener("dragleave", (e) => { if (!e.relatedTarget) over(false); });
  document.addEventListener("drop", (e) => {
    over(false);
    if (!e.dataTransfer || !e.dataTransfer.files.length) return;
    e.preventDefault();
    input.files = e.dataTransfer.files;
    input.form.requestSubmit();
  });
}
