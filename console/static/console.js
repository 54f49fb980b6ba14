// The page works without this file. It lights up the words of a fact, gives keys to frequent actions, and renews counts.
"use strict";

const marks = [...document.querySelectorAll("mark[data-feiten]")];
const facts = [...document.querySelectorAll("[data-feit]")];

function light(names) {
  for (const mark of marks) mark.classList.toggle("aan", mark.dataset.feiten.split(" ").some((name) => names.includes(name)));
  for (const fact of facts) fact.classList.toggle("aan", names.includes(fact.dataset.feit));
}

// Beside the proposal the mail scrolls by itself, so that its words can come into sight without the page moving.
const beside = window.matchMedia("(min-width: 62.01rem)");
function show(name) {
  const mail = document.getElementById("bericht");
  const mark = marks.find((one) => one.dataset.feiten.split(" ").includes(name) && mail.contains(one));
  if (!mark || !beside.matches) return;
  const [box, place] = [mail.getBoundingClientRect(), mark.getBoundingClientRect()];
  if (place.top < box.top || place.bottom > box.bottom) mail.scrollTop += place.top - box.top - box.height / 3;
}

for (const [elements, names] of [[facts, (one) => [one.dataset.feit]], [marks, (one) => one.dataset.feiten.split(" ")]]) {
  for (const element of elements) {
    for (const kind of ["mouseenter", "focusin"]) element.addEventListener(kind, () => light(names(element)));
    if (elements === facts) element.addEventListener("focusin", () => show(element.dataset.feit));
    for (const kind of ["mouseleave", "focusout"]) element.addEventListener(kind, () => light([]));
  }
}

// Keys. They can be switched off, since single letters get in the way of speech control.
const map = document.getElementById("sneltoetsen");
const choice = document.getElementById("toetsen-aan");
const opener = document.querySelector("[data-opent='sneltoetsen']");
let wanted = true;
try { wanted = localStorage.getItem("sneltoetsen") !== "uit"; } catch { /* Without storage the keys stay on. */ }

if (map && choice && opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => map.showModal());
  choice.checked = wanted;
  choice.addEventListener("change", () => {
    wanted = choice.checked;
    try { localStorage.setItem("sneltoetsen", wanted ? "aan" : "uit"); } catch { /* Then it holds for this page. */ }
  });
}

function step(by) {
  const rows = [...document.querySelectorAll(".rij .onderwerp")];
  const here = rows.indexOf(document.activeElement);
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by))];
  if (next) next.focus();
}

const keys = {
  w: () => document.querySelector(".merk").click(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => map.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (!map || !wanted || map.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const target = document.querySelector(`[data-toets="${CSS.escape(event.key)}"]`);
  if (keys[event.key]) keys[event.key]();
  else if (target && target.matches("button") && event.key === "b") { target.scrollIntoView({ block: "center" }); target.focus(); }
  else if (target && target.matches("input")) target.focus();
  else if (target) target.click();
  else return;
  event.preventDefault();
});

// Words that were typed and not kept are not lost by a wrong click.
const guarded = [...document.querySelectorAll("form[data-waak]")];
const before = new Map(guarded.map((form) => [form, new URLSearchParams(new FormData(form)).toString()]));
let leaving = false;
document.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && guarded.some((form) => new URLSearchParams(new FormData(form)).toString() !== before.get(form))) event.preventDefault();
});

// The counts of an open list follow the work; a new escalation is said aloud.
const counts = document.getElementById("tellers");
const news = document.getElementById("nieuws");
if (counts && counts.dataset.bron) {
  let former = null;
  const renew = async () => {
    if (document.hidden) return;
    const answer = await fetch(counts.dataset.bron, { headers: { accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const now = await answer.json();
    for (const place of counts.querySelectorAll("[data-telt]")) place.textContent = now[place.dataset.telt];
    if (former && now.escaleren > former.escaleren) {
      news.textContent = "Er is een nieuwe escalatie. Laad de pagina opnieuw om ze te zien.";
      news.hidden = false;
    }
    former = now;
  };
  renew();
  setInterval(renew, 30000);
}
