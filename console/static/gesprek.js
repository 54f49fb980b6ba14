// Sweetens the conversation; without it everything works as plain forms.
"use strict";

// The small sum that keeps machines from sending thousands: done while the person types.
async function solve(field) {
  const form = field.form;
  const wanted = Number(field.dataset.bits);
  const coder = new TextEncoder();
  for (let tried = 0; field.value && tried < 1 << 20; tried += 1) {
    const found = new DataView(await crypto.subtle.digest("SHA-256", coder.encode(`${field.value}:${tried}`)));
    if (found.getUint32(0) >>> (32 - wanted) === 0) {
      form.elements.uitkomst.value = String(tried);
      return;
    }
  }
}

function warn(form, words) {
  document.getElementById("fout")?.remove();
  const box = document.createElement("div");
  box.className = "melding fout";
  box.id = "fout";
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  form.before(box);
}

// Puts the answer of the server in place: what was said goes into the log that is read aloud, the rest is replaced.
function place(fresh, address) {
  const old = document.getElementById("beurten");
  const log = fresh.getElementById("beurten");
  if (!old || !log) {
    location.assign(address);
    return;
  }
  const added = [...log.children].slice(old.children.length);
  const main = document.getElementById("inhoud");
  const section = old.closest("section");
  const next = fresh.getElementById("inhoud");
  next.querySelector("#beurten").closest("section").setAttribute("data-plaats", "");
  const [before, after] = [[], []];
  let target = before;
  for (const node of [...next.childNodes]) {
    if (node.nodeType === 1 && node.hasAttribute("data-plaats")) target = after;
    else target.push(node);
  }
  for (const node of [...main.childNodes]) if (node !== section) node.remove();
  section.before(...before);
  section.after(...after);
  old.append(...added);
  document.title = fresh.title;
  document.documentElement.lang = fresh.documentElement.lang;
  const vraag = document.getElementById("vraag");
  const field = vraag.querySelector("form :is(textarea, input:not([type=hidden]))");
  const danger = before.find((node) => node.nodeType === 1 && node.classList.contains("nood"));
  if (danger) {
    danger.tabIndex = -1;
    danger.focus();
    danger.scrollIntoView();
  } else {
    (field || vraag).focus();
    vraag.scrollIntoView({ block: "center" });
  }
}

async function send(event) {
  const form = event.target.closest("form[data-gesprek]");
  if (!form || form.action.endsWith("/") || !document.getElementById("beurten")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place(page, answer.url);
  } catch {
    warn(form, document.body.dataset.verbinding);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", send);
const sum = document.querySelector("input[data-bits]");
if (sum && window.crypto?.subtle) solve(sum);
