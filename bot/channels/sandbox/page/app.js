// Puts the page together: the phones, the clock, the tour and the stream of news.
import { Clock } from "./clock.js";
import { byId, make, memory } from "./dom.js";
import { Guide } from "./guide.js";
import { Phone } from "./phone.js";
import { changeLanguage, currentLanguage, speak, word } from "./words.js";
import { listen, loadState } from "./wire.js";

const PAGE_TOAST_MS = 5000;

const stage = byId("stage");
const nav = byId("nav");
const narrow = matchMedia("(max-width: 719px)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let phones = [];
let current = null;
let toastTimer = null;
let linkState = "connecting";
let look = firstLook();
let stopListening = () => {};

const clock = new Clock({
  tick: (time) => phones.forEach((phone) => phone.status(time)),
  say: sayOnPage,
});

const guide = new Guide({
  phone: (role, nth) => {
    const holders = phones.filter((phone) => phone.role === role);
    return holders[nth] ?? holders[0] ?? null;
  },
  goTo,
  goToClock: () => byId("clock").querySelector("button").focus(),
  onlyOneShown: () => narrow.matches,
});

const phonePage = {
  zone: () => clock.zone,
  now: () => clock.now,
  showPhoto,
  unreadChanged: showUnread,
  onlyOneShown: () => narrow.matches,
};

// Phones

function build(state) {
  clock.read(state.clock);
  const drafts = new Map(phones.map((phone) => [phone.address, phone.written]));
  const unread = new Map(phones.map((phone) => [phone.address, phone.unread]));
  const shown = current?.address;
  phones.forEach((phone) => phone.element.remove());
  phones = [];
  phones = state.phones.map((one) => new Phone(one, state, phonePage));
  stage.append(...phones.map((phone) => phone.element));
  phones.forEach((phone) => {
    phone.draft(drafts.get(phone.address) ?? "");
    phone.unread = unread.get(phone.address) ?? 0;
    phone.toBottom();
  });
  nav.replaceChildren(...phones.map((phone, index) => tab(phone, index)));
  choose(phones.find((phone) => phone.address === shown) ?? phones[0] ?? null);
  speakAll();
}

function tab(phone, index) {
  const button = make(
    "button",
    "tab",
    { type: "button", "data-role": phone.role, "data-for": phone.address },
    make("span", "dot", { "aria-hidden": "true" }),
    make("span", "tab-title"),
    make("span", "badge", { hidden: true }),
  );
  if (index < 9) button.setAttribute("aria-keyshortcuts", `Alt+${index + 1}`);
  button.addEventListener("click", () => {
    guide.stepAside();
    goTo(phone, { keepFocus: true });
  });
  return button;
}

function choose(phone) {
  current = phone;
  phones.forEach((one, index) => {
    const chosen = one === phone;
    one.element.classList.toggle("current", chosen);
    const button = nav.children[index];
    button.setAttribute("aria-current", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    if (chosen) nav.scrollLeft = button.offsetLeft - (nav.clientWidth - button.offsetWidth) / 2;
  });
  if (!phone) return;
  phone.shown();
  phone.seen();
}

function goTo(phone, { keepFocus = false } = {}) {
  choose(phone);
  const behavior = calm.matches ? "auto" : "smooth";
  phone.element.scrollIntoView({ behavior, inline: "nearest", block: "nearest" });
  if (!keepFocus) phone.focus();
}

function showUnread() {
  let total = 0;
  phones.forEach((phone, index) => {
    total += phone.unread;
    const badge = nav.children[index]?.querySelector(".badge");
    if (!badge) return;
    badge.hidden = phone.unread === 0;
    badge.textContent = phone.unread > 99 ? "99+" : String(phone.unread);
    badge.setAttribute("aria-label", word("unread", { count: phone.unread }));
  });
  document.title = `${total ? `(${total}) ` : ""}到家 Doorstep`;
}

stage.addEventListener("focusin", (event) => {
  const phone = phones.find((one) => one.element.contains(event.target));
  if (phone && phone !== current) choose(phone);
});

nav.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || phones.length === 0) return;
  event.preventDefault();
  const next = (phones.indexOf(current) + step + phones.length) % phones.length;
  goTo(phones[next], { keepFocus: true });
  nav.children[next].focus();
});

document.addEventListener("keydown", (event) => {
  // By the key's place: with Alt held, some keyboards write another sign.
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (!event.altKey || event.ctrlKey || event.metaKey || !digit || !phones[digit - 1]) return;
  event.preventDefault();
  guide.stepAside();
  goTo(phones[digit - 1]);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && narrow.matches) current?.seen();
});
narrow.addEventListener("change", () => phones.forEach((phone) => phone.shown()));

// The frame's words

function speakAll() {
  document.documentElement.lang = currentLanguage() === "zh" ? "zh-CN" : "en";
  speak(document);
  byId("language").setAttribute("aria-label", word("language"));
  byId("language").lang = currentLanguage() === "zh" ? "en" : "zh-CN";
  byId("language-label").textContent = word("languageLabel");
  clock.speak();
  guide.speak();
  phones.forEach((phone, index) => {
    phone.speak();
    nav.children[index].querySelector(".tab-title").textContent = phone.title;
  });
  showLink(linkState);
}

byId("language").addEventListener("click", () => {
  changeLanguage();
  speakAll();
});

// The look of the phones

function firstLook() {
  const asked = new URLSearchParams(location.search).get("look") ?? memory.get("look");
  return asked === "wecom" ? "wecom" : "plain";
}

function showLook() {
  document.body.dataset.look = look;
  for (const button of byId("look").children) {
    button.setAttribute("aria-pressed", String(button.dataset.look === look));
  }
}

byId("look").addEventListener("click", ({ target }) => {
  const chosen = target.closest("button")?.dataset.look;
  if (!chosen || chosen === look) return;
  look = chosen;
  memory.set("look", look);
  const address = new URL(location.href);
  address.searchParams.set("look", look);
  history.replaceState(null, "", address);
  start();
});

function sayOnPage(text) {
  const toast = byId("page-toast");
  clearTimeout(toastTimer);
  toast.textContent = text;
  toast.hidden = false;
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, PAGE_TOAST_MS);
}

function showLink(state) {
  linkState = state;
  const words = { open: "linkOpen", lost: "linkLost", connecting: "linkConnecting" };
  byId("link").dataset.state = state;
  byId("link-word").textContent = word(words[state]);
  byId("link").title = word(words[state]);
}

// Photos, large

function showPhoto(url) {
  byId("viewer-photo").src = url;
  byId("viewer").showModal();
}

byId("viewer").addEventListener("click", () => byId("viewer").close());

// The stream

async function start() {
  stopListening();
  showLook();
  const asked = look;
  let state = null;
  try {
    state = await loadState(asked);
  } catch {
    showLink("lost");
    if (asked === look) setTimeout(() => asked === look && start(), 1500);
    return;
  }
  if (asked !== look) return; // chosen anew meanwhile: that start goes on
  build(state);
  stopListening = listen(state, {
    entry: (kind, entry) => phones.find((phone) => phone.address === entry.phone)?.[kind](entry),
    clock: (reading) => clock.read(reading),
    reset: start,
    link: showLink,
  });
}

speakAll();
start();
