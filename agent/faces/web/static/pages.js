// Parts of a page that are not ready are looked at again until they are; a choice in some lists is sent at once.
"use strict";

const FIRST = 400, MORE = 1.5, MOST = 3000; // milliseconds
let wait = FIRST;

async function look() {
  const before = document.querySelectorAll("[data-waiting]");
  if (!before.length) return;
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of before) {
      const fresh = old.id && made.getElementById(old.id);
      if (fresh && document.contains(old)) old.replaceWith(document.importNode(fresh, true));
    }
  } catch (error) {
    // the server may be busy or gone: it is asked again
  }
  wait = Math.min(wait * MORE, MOST);
  setTimeout(look, wait);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submits]")) event.target.form.requestSubmit();
});
setTimeout(look, wait);
