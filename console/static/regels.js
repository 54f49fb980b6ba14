// The pages for rule maintainers work without this file. It numbers lines, keeps a draft at every pause, and follows a run.
"use strict";

for (const form of document.querySelectorAll("form[data-nazicht]")) {
  const field = form.querySelector("textarea");
  const numbers = form.querySelector(".nummers");
  const place = form.querySelector("[data-plaats]");
  const said = form.querySelector("[data-zegt]");
  let lines = 0;
  let pause = 0;
  let busy = false;
  let again = false;
  let dirty = false;

  const count = () => {
    const now = field.value.split("\n").length;
    if (now === lines) return;
    lines = now;
    numbers.textContent = Array.from({ length: now }, (_, index) => index + 1).join("\n");
  };
  numbers.hidden = false;
  count();
  field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
  new ResizeObserver(() => { numbers.style.height = `${field.offsetHeight}px`; }).observe(field);

  // One at a time: each answer brings the version that the next one must name.
  const keep = async () => {
    if (busy) { again = true; return; }
    busy = true;
    dirty = false;
    const answer = await fetch(form.dataset.nazicht, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "x-deel": "nazicht" }, redirect: "error",
    }).catch(() => null);
    busy = false;
    if (!answer || (!answer.ok && answer.status !== 409)) {
      dirty = true;
      said.textContent = "Nog niet bewaard. We proberen opnieuw.";
      clearTimeout(pause);
      pause = setTimeout(keep, 5000);
      return;
    }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-versie]");
    place.replaceChildren(...found.childNodes);
    if (answer.status === 409) { dirty = true; said.textContent = "Niet bewaard."; return; }
    form.elements.versie.value = found.dataset.versie;
    said.textContent = `Bewaard om ${new Date().toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" })}. ${place.querySelector("[data-telling]").textContent}`;
    if (again) { again = false; keep(); }
  };
  form.addEventListener("submit", () => { dirty = false; clearTimeout(pause); });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  field.addEventListener("input", () => {
    count();
    dirty = true;
    said.textContent = "Nog niet bewaard.";
    clearTimeout(pause);
    pause = setTimeout(keep, 800);
  });

  // A mistake leads to its line.
  const go = (line, column) => {
    const before = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(before + column - 1, before + column - 1);
    const height = field.scrollHeight / lines;
    field.scrollTop = Math.max(0, (line - 6) * height);
  };
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a.plaats[href='#tekst']");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.regel), Number(link.dataset.kolom));
  });
}

const followed = document.querySelector("[data-loop]");
if (followed) {
  const renew = async () => {
    const state = followed.querySelector("[data-staat]").dataset.staat;
    if (state !== "wacht" && state !== "bezig") return;
    const answer = document.hidden ? null : await fetch(followed.dataset.loop, { headers: { "x-deel": "loop" }, redirect: "error" }).catch(() => null);
    if (answer && answer.ok) {
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      followed.replaceChildren(...found.childNodes);
    }
    setTimeout(renew, 1500);
  };
  setTimeout(renew, 1000);
}
