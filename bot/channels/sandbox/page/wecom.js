// Messages as WeCom draws them: words, the company app's cards, the menus of 微信客服. What stands
// in them is what WeCom would be sent; `hands` does what a finger does on them.
import { icon, make } from "./dom.js";
import { word } from "./words.js";

/** Each message of a turn; `hands` gives `button(class, attributes, onPress)`, `press`, `say`, … */
export function drawTurn({ parts, photos, contact, broken }, hands) {
  return [
    ...parts.map((part) => (contact ? shared(part) : drawPart(part, hands))),
    ...photos.map((name) => make("div", "bubble pictured", {}, hands.photo(name))),
    ...(broken ? [make("div", "bubble", {}, hands.broken())] : []),
  ];
}

function drawPart(part, hands) {
  if (part.form === "card") return card(part, hands);
  if (part.form === "list") return listing(part, hands);
  return make("div", "bubble", {}, make("p", "text", {}, part.text));
}

const shared = ({ text }) =>
  make("div", "bubble contact", {}, icon("call"), make("p", "text", {}, text));

function card({ title, below, pairs, buttons, options, choose, closed }, hands) {
  const rows = pairs.map(({ name, value }) =>
    make("div", "pair", {}, make("dt", "", {}, name), make("dd", "", {}, value)),
  );
  const words = make(
    "div",
    "text",
    {},
    make("h3", "card-title", {}, title),
    below ? make("p", "below", {}, below) : null,
    rows.length ? make("dl", "pairs", {}, ...rows) : null,
  );
  const keys = make("div", "keys", {}, ...buttons.map((one) => press("press", one, hands)));
  if (closed) keys.append(make("button", "closed", { type: "button", disabled: true }, closed));
  return make(
    "div",
    "bubble card",
    {},
    make("p", "source", { "data-say": "brand" }),
    words,
    options.length ? selection(options, choose, hands) : null,
    keys.childElementCount ? keys : null,
  );
}

function press(className, { label, data }, hands) {
  const button = hands.button(className, { "data-data": data }, () =>
    data === null ? hands.say(label) : hands.press(button, data),
  );
  button.append(make("span", "label", {}, label));
  return button;
}

/** A card has room for six buttons: with more choices, a list and a button that confirms. */
function selection(options, choose, hands) {
  const list = make(
    "select",
    "options",
    { "data-say-label": "choose" },
    make("option", "", { value: "", "data-say": "choose" }),
    ...options.map(({ label, data }) => make("option", "", { value: data }, label)),
  );
  const confirm = hands.button("confirm", { "aria-disabled": "true" }, () =>
    list.value ? hands.press(confirm, list.value) : list.focus(),
  );
  confirm.append(choose);
  list.addEventListener("change", () => confirm.setAttribute("aria-disabled", String(!list.value)));
  return make("div", "selection", {}, list, confirm);
}

function listing({ head, lines, typed }, hands) {
  return make(
    "div",
    "bubble listing",
    {},
    head ? make("p", "text", {}, head) : null,
    ...lines.map((line) => press("press line", line, hands)),
    ...typed.map((line) => make("p", "typed", {}, line)),
  );
}

/** The one menu at the foot of the company's app: keys that unfold upwards. */
export function drawAppMenu(groups, hands) {
  return groups.map(({ label, entries }) => {
    const list = make(
      "div",
      "unfolded",
      { role: "group", "aria-label": label, hidden: true },
      ...entries.map((entry) => press("key", entry, hands)),
    );
    const fold = hands.button("fold", { "aria-expanded": "false" }, () => show(list.hidden));
    const show = (open) => {
      list.hidden = !open;
      fold.setAttribute("aria-expanded", String(open));
    };
    fold.append(label);
    const fan = make("div", "fan", {}, fold, list);
    list.addEventListener("click", () => {
      show(false);
      fold.focus();
    });
    fan.addEventListener("focusout", ({ relatedTarget }) => {
      if (!fan.contains(relatedTarget)) show(false);
    });
    fan.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || list.hidden) return;
      show(false);
      fold.focus();
    });
    return fan;
  });
}

/** What 微信客服 would still carry to an owner at that moment; `time` writes a moment. */
export function windowWord(window, now, time) {
  if (!window) return word("window.never");
  if (new Date(window.until) <= now) return word("window.over");
  if (window.left === 0) return word("window.spent");
  return word("window.left", { left: window.left, until: time(window.until) });
}
