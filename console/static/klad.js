// The page works without this file. It keeps what is typed at every pause, and shows who else is at the mail.
"use strict";

const clock = () => new Date().toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" });

for (const form of document.querySelectorAll("form[data-klad]")) {
  const [place, said] = [form.querySelector("[data-nalezing]"), form.querySelector("[data-zegt]")];
  let pause = 0;
  let busy = false;
  let again = false;
  let dirty = false;
  let sender = null;

  // One at a time: each answer brings the version that the next one must name.
  const keep = async (more = {}) => {
    if (busy) { again = true; return; }
    clearTimeout(pause);
    busy = true;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.klad, { method: "POST", body, headers: { "x-deel": "klad" }, redirect: "error", ...more }).catch(() => null);
    busy = false;
    if (!answer || (!answer.ok && answer.status !== 409)) {
      dirty = true;
      said.textContent = "Nog niet bewaard. We proberen opnieuw.";
      pause = setTimeout(keep, 5000);
    } else {
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-versie]");
      const look = found.querySelector("[data-bekijk]");
      if (look) look.setAttribute("formaction", form.dataset.klad);
      place.replaceChildren(...found.childNodes);
      if (answer.status === 409) {
        dirty = true;
        again = false;
        said.textContent = "Niet bewaard.";
      } else {
        form.elements.klad.value = found.dataset.versie;
        const telling = place.querySelector("[data-telling]");
        said.textContent = `Klad bewaard om ${clock()}.${telling ? ` ${telling.textContent}` : ""}`;
      }
    }
    if (sender !== null) { const button = sender; sender = null; form.requestSubmit(button || undefined); return; }
    if (again) { again = false; keep(); }
  };

  form.addEventListener("input", () => {
    dirty = true;
    said.textContent = "Nog niet bewaard.";
    clearTimeout(pause);
    pause = setTimeout(keep, 800);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(pause);
    // The answer on its way brings the version that this form must name.
    if (busy) { event.preventDefault(); sender = event.submitter; again = false; return; }
    dirty = false;
  });
  // Whoever closes the lid or goes elsewhere loses nothing, as far as the browser lets us.
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) keep({ keepalive: true }); });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

// Said again only when it changed, so that nobody hears the same every half minute.
for (const place of document.querySelectorAll("[data-wie]")) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(place.dataset.wie, { redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (found.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...found.childNodes);
  }, 20000);
}
