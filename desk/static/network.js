// The network lights up what belongs to the actor that is pointed at or has
// the focus. Without this script it can be read and used all the same.
const wheel = document.querySelector("svg.wheel");
if (wheel) {
  const lines = [...wheel.querySelectorAll("path[data-a]")];
  const nodes = [...wheel.querySelectorAll("a[data-n]")];
  const light = (n) => {
    wheel.classList.toggle("lit", n !== undefined);
    const near = new Set([n]);
    for (const path of lines) {
      const on = n !== undefined && (path.dataset.a === n || path.dataset.b === n);
      path.classList.toggle("on", on);
      if (on) near.add(path.dataset.a).add(path.dataset.b);
    }
    for (const node of nodes) node.classList.toggle("on", n !== undefined && near.has(node.dataset.n));
  };
  for (const node of nodes) {
    for (const kind of ["pointerenter", "focus"]) node.addEventListener(kind, () => light(node.dataset.n));
    for (const kind of ["pointerleave", "blur"]) node.addEventListener(kind, () => light(undefined));
  }
}
