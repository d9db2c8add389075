// What is being read: asks how the jobs stand, and swaps in what the server
// rendered whenever that has changed. It stops when nothing is read any more.
const pause = 1000; // milliseconds
let before = "";

async function look() {
  if (!document.querySelector("#jobs [data-running]")) return;
  try {
    const now = await (await fetch("/api/v1/jobs")).text();
    if (now !== before) {
      before = now;
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const next = page.getElementById("jobs");
      if (next) document.getElementById("jobs").replaceChildren(...document.adoptNode(next).childNodes);
    }
  } catch {
    // The desk was closed, or is busy: it is asked again.
  }
  setTimeout(look, pause);
}
setTimeout(look, pause);
