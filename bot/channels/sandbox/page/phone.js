// One phone: its messages, buttons, menu and input field.
import { icon, make } from "./dom.js";
import { drawAppMenu, drawTurn, windowWord } from "./wecom.js";
import { currentLanguage, errorWord, locale, speak, word } from "./words.js";
import { newAction, post } from "./wire.js";

const MOMENT_MS = 5 * 60_000; // WeCom writes the time above a message after a pause as long as this
const NEAR_BOTTOM = 48; // pixels: this close to the foot counts as reading the newest message
const TOAST_MS = 2500;
const TOAST_MS_PER_LETTER = 70;

export class Phone {
  /**
   * `frame` has the text limits, the look and the app's menu; `page` gives `zone()`, `now()`,
   * `showPhoto(url)` and is told `unreadChanged()`.
   */
  constructor(state, frame, page) {
    this.address = state.address;
    this.role = state.role;
    this.unread = 0;
    this.#state = state;
    this.#page = page;
    this.#frame = frame;
    this.#build();
    if (this.#kind === "plain") this.#showMenu(state.menu);
    if (this.#kind === "app") this.#showAppMenu(frame.app_menu);
    for (const bubble of state.bubbles) this.#append(bubble);
    for (const turn of state.turns) this.#take(turn);
    // Only from here on are messages news to be read out.
    this.#chat.setAttribute("aria-live", "polite");
    this.speak();
  }

  #state;
  #page;
  #frame;
  #chat;
  #empty;
  #input;
  #menu;
  #menuToggle;
  #pill;
  #toast;
  #toastTimer;
  #file;
  #messages = new Map();
  #lastDay = "";
  #lastMoment = 0;
  #window = null;
  #windowLine;
  #sticks = true;
  #unsent = null;

  get title() {
    return this.#state[`title_${currentLanguage()}`];
  }

  get roleWord() {
    return word(`role.${this.role}`) ?? this.role;
  }

  /** Which telephone this is played as: any messenger, the company's app, or 微信客服. */
  get #kind() {
    if (this.#frame.look !== "wecom") return "plain";
    return this.#state.is_customer ? "kf" : "app";
  }

  /** WeCom flashes nothing: there the answer to a tap is a message, or what has changed. */
  get #flashes() {
    return this.#kind === "plain";
  }

  // What the stream brings

  said(entry) {
    this.#arrives(entry, () => [this.#append(entry)]);
    if (entry.menu) this.#showMenu(entry.menu);
  }

  edited(entry) {
    const message = this.#messages.get(entry.ref);
    if (entry.menu) this.#showMenu(entry.menu);
    if (!message) return;
    this.#changes(message, () =>
      this.#fill(message, entry.ref, entry.content, message.dataset.at, true),
    );
  }

  turned(turn) {
    const message = turn.in_place ? this.#messages.get(turn.ref) : null;
    if (message) this.#changes(message, () => this.#take(turn));
    else this.#arrives(turn, () => this.#take(turn));
    this.#showWindow();
  }

  #arrives({ own }, append) {
    const stays = this.#atFoot();
    const messages = append();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      messages.forEach((message) => message.classList.add("arriving"));
    }
    if (own || stays) this.toBottom();
    else this.#pill.hidden = false;
    if (!own && !(this.#attended() && stays)) {
      this.unread += 1;
      this.#showUnread();
    }
  }

  #changes(message, fill) {
    const stays = this.#atFoot();
    const focused = message.contains(document.activeElement)
      ? document.activeElement.textContent
      : null;
    fill();
    message.classList.remove("changed");
    void message.offsetWidth; // begins the highlight again if it is still running
    message.classList.add("changed");
    if (focused !== null) this.#refocus(message, focused);
    if (stays) this.toBottom();
  }

  // What the page asks of it

  speak() {
    const { element } = this;
    const language = currentLanguage();
    element.setAttribute("aria-label", `${this.title} · ${this.roleWord}`);
    element.querySelector(".title").textContent = this.title;
    for (const face of element.querySelectorAll(".avatar, .own .face")) {
      face.textContent = initial(this.title);
    }
    const subtitle = this.#state[`subtitle_${language}`];
    const kind = word(`kind.${this.#kind}`);
    element.querySelector(".subtitle").textContent = [kind, subtitle].filter(Boolean).join(" · ");
    element.querySelector(".role").textContent = this.roleWord;
    this.#chat.setAttribute("aria-label", word("messages", { who: this.title }));
    this.#input.setAttribute("aria-label", word("writeTo", { who: this.title }));
    this.#input.placeholder = word("write");
    for (const day of this.#chat.querySelectorAll(".day")) day.textContent = this.#day(day.dataset.at);
    speak(element);
    this.#showUnread();
    this.#showWindow();
  }

  seen() {
    if (!this.unread) return;
    this.unread = 0;
    this.#showUnread();
  }

  toBottom() {
    this.#chat.scrollTop = this.#chat.scrollHeight;
    this.#sticks = true;
    this.#pill.hidden = true;
  }

  /** Come into view after another phone was shown. */
  shown() {
    if (this.#sticks) this.toBottom();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  /** What stands in the input field, not yet sent. */
  get written() {
    return this.#input.value;
  }

  /** Put words ready to be sent. */
  draft(text) {
    this.#input.value = text;
    this.#showSendable();
  }

  nudge() {
    this.element.classList.remove("nudged");
    void this.element.offsetWidth;
    this.element.classList.add("nudged");
  }

  status(time) {
    const shown = this.element.querySelector(".status-time");
    if (shown.textContent === time) return;
    shown.textContent = time;
    this.#showWindow();
  }

  // Building

  #build() {
    this.#chat = make("div", "chat", { role: "log", tabindex: "0" });
    this.#chat.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.shown()).observe(this.#chat);

    this.#empty = make(
      "div",
      "empty",
      {},
      make("p", "", { "data-say": "startLead" }),
      this.#button("start", { "data-say": "start" }, () => this.#sendText("/start")),
    );
    this.#chat.append(this.#empty);

    this.#pill = this.#button("pill", { hidden: true }, () => this.toBottom());
    this.#pill.append(make("span", "", { "data-say": "newMessages" }), icon("down"));
    this.#toast = make("p", "toast", { role: "status", hidden: true });
    this.#windowLine = make("p", "window", { hidden: true });
    this.#menu = make("div", "menu", { role: "group", "data-say-label": "menu", hidden: true });

    this.element = make(
      "section",
      this.#kind === "plain" ? "phone" : "phone wecom",
      { "data-address": this.address, "data-role": this.role, "data-kind": this.#kind },
      make(
        "div",
        "status",
        { "aria-hidden": "true" },
        make("span", "status-time"),
        make("span", "status-camera"),
        make("span", "status-signal"),
      ),
      make(
        "header",
        "who",
        {},
        make("span", "avatar", { "aria-hidden": "true" }),
        make("div", "names", {}, make("h2", "title"), make("p", "subtitle")),
        make("span", "role"),
        make("span", "badge", { hidden: true }),
      ),
      this.#windowLine,
      make("div", "screen", {}, this.#chat, this.#pill, this.#toast),
      this.#composer(),
      this.#menu,
    );
    for (const event of ["pointerenter", "focusin"]) {
      this.element.addEventListener(event, () => this.#sticks && this.seen());
    }
  }

  #composer() {
    this.#input = make("textarea", "input", {
      rows: "1",
      maxlength: String(this.#frame.text_limit),
      enterkeyhint: "send",
      autocomplete: "off",
    });
    this.#input.addEventListener("keydown", (event) => {
      // A Chinese keyboard confirms a candidate with Enter: that is not yet sending.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#sendInput();
    });
    this.#input.addEventListener("input", () => this.#showSendable());
    this.#input.addEventListener("paste", (event) => {
      const photo = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
      if (!photo) return;
      event.preventDefault();
      this.#sendPhoto(photo);
    });
    this.#file = make("input", "file", { type: "file", accept: "image/*", tabindex: "-1" });
    this.#file.addEventListener("change", () => {
      const [photo] = this.#file.files;
      this.#file.value = "";
      if (photo) this.#sendPhoto(photo);
    });

    const attach = this.#button("round attach", { "data-say-label": "attach" }, () =>
      this.#file.click(),
    );
    attach.append(icon("clip"));
    this.#menuToggle = this.#button(
      "round toggle",
      { "data-say-label": "toggleMenu", "aria-expanded": "true", hidden: true },
      () => this.#toggleMenu(),
    );
    this.#menuToggle.append(icon("keys"));
    const send = make("button", "round send", { type: "submit", "data-say-label": "send" });
    send.append(icon("send"));

    const form = make(
      "form",
      "compose",
      {},
      attach,
      this.#file,
      this.#input,
      this.#menuToggle,
      send,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendInput();
    });
    return form;
  }

  #button(className, attributes, onPress) {
    const button = make("button", className, { type: "button", ...attributes });
    button.addEventListener("click", onPress);
    return button;
  }

  // Messages

  #append(bubble) {
    this.#begins(bubble.at);
    const message = this.#message(bubble);
    this.#fill(message, bubble.ref, bubble.content, bubble.at, bubble.edited === true);
    this.#messages.set(bubble.ref, message);
    return message;
  }

  #message({ ref, own, at }) {
    const message = make("article", `message ${own ? "own" : "theirs"}`, {
      "data-ref": ref,
      "data-at": at,
    });
    this.#chat.append(message);
    return message;
  }

  /** Make room at the foot, under the day where it is a new one. */
  #begins(at) {
    this.#empty.remove();
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: this.#page.zone() }).format(
      new Date(at),
    );
    if (day === this.#lastDay) return;
    this.#lastDay = day;
    this.#chat.append(make("p", "day", { "data-at": at }, this.#day(at)));
  }

  #fill(message, ref, content, at, edited) {
    const bubble = make("div", "bubble");
    if (content.broken) bubble.append(brokenPhoto());
    if (content.photos.length) bubble.append(this.#photos(content.photos));
    if (content.contact) bubble.append(icon("call"));
    if (content.text) bubble.append(make("p", "text", {}, content.text));
    bubble.append(
      make(
        "p",
        "meta",
        {},
        edited ? make("span", "edited", { "data-say": "edited" }) : null,
        make("time", "", { datetime: at }, this.#time(at)),
      ),
    );
    bubble.classList.toggle("contact", content.contact);
    bubble.classList.toggle("pictured", content.photos.length > 0);
    message.replaceChildren(bubble, ...content.rows.map((row) => this.#row(ref, row)));
    message.classList.toggle("wide", content.rows.length > 0);
    speak(message);
  }

  // Messages of WeCom's

  /** Draw what a turn did; the messages it has drawn. */
  #take(turn) {
    this.#window = turn.window;
    const changed = turn.in_place ? this.#messages.get(turn.ref) : null;
    if (!changed) {
      this.#begins(turn.at);
      this.#writeMoment(turn.at);
    }
    return drawTurn(turn, this.#hands(turn.ref)).map((drawn) => {
      const message = changed ?? this.#message(turn);
      message.replaceChildren(this.#face(turn.own), drawn);
      // Of all that is said only a card is ever changed.
      if (drawn.matches(".card")) this.#messages.set(turn.ref, message);
      speak(message);
      return message;
    });
  }

  #face(own) {
    if (!own) return make("img", "face", { src: "door.svg", alt: "" });
    return make("span", "face", { "aria-hidden": "true" }, initial(this.title));
  }

  #hands(ref) {
    return {
      button: (...how) => this.#button(...how),
      press: (button, data) => this.#press(button, ref, data),
      say: (text) => this.#sendText(text),
      photo: (name) => this.#photos([name]),
      broken: brokenPhoto,
    };
  }

  #writeMoment(at) {
    const moment = Date.parse(at);
    if (moment - this.#lastMoment < MOMENT_MS) return;
    this.#lastMoment = moment;
    this.#chat.append(make("time", "moment", { datetime: at }, this.#time(at)));
  }

  #showAppMenu(groups) {
    this.#menu.replaceChildren(...drawAppMenu(groups, this.#hands(null)));
    this.#menu.hidden = groups.length === 0;
  }

  #showWindow() {
    if (this.#kind !== "kf") return;
    const until = (at) => `${this.#date(at)} ${this.#time(at)}`;
    this.#windowLine.hidden = false;
    this.#windowLine.replaceChildren(
      make("strong", "", {}, windowWord(this.#window, this.#page.now(), until)),
      ` ${word("window.here")}`,
    );
  }

  #photos(names) {
    const links = names.map((name) => {
      const url = `/photo/${encodeURIComponent(name)}`;
      const open = this.#button("photo", { "data-say-label": "openPhoto" }, () =>
        this.#page.showPhoto(url),
      );
      open.append(make("img", "", { src: url, alt: "", loading: "lazy" }));
      return open;
    });
    return make("div", "photos", { "data-count": String(Math.min(names.length, 4)) }, ...links);
  }

  #row(ref, buttons) {
    const pressable = buttons.map(({ label, data }) => {
      const button = this.#button("press", { "data-data": data }, () =>
        this.#press(button, ref, data),
      );
      button.append(make("span", "label", {}, label));
      return button;
    });
    return make("div", "row", {}, ...pressable);
  }

  #refocus(message, label) {
    const buttons = [...message.querySelectorAll("button:enabled")];
    const same = buttons.find((button) => button.textContent === label);
    (same ?? buttons[0] ?? this.#chat).focus({ preventScroll: true });
  }

  #day(at) {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: this.#page.zone(),
      weekday: "long",
      month: "long",
      day: "numeric",
    }).format(new Date(at));
  }

  #date(at) {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: this.#page.zone(),
      month: "short",
      day: "numeric",
    }).format(new Date(at));
  }

  #time(at) {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: this.#page.zone(),
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(new Date(at));
  }

  // The standing menu

  #showMenu({ rows, ask_contact: askContact }) {
    const keys = rows.map((labels) =>
      make(
        "div",
        "row",
        {},
        ...labels.map((label) => {
          const key = this.#button("key", {}, () => this.#sendText(label));
          key.append(label);
          return key;
        }),
      ),
    );
    if (askContact) {
      const share = this.#button("key share", {}, () =>
        this.#act(share, "contact", { id: newAction() }),
      );
      share.append(icon("call"), askContact);
      keys.unshift(make("div", "row", {}, share));
    }
    this.#menu.replaceChildren(...keys);
    this.#menuToggle.hidden = keys.length === 0;
    this.#toggleMenu(keys.length > 0);
  }

  #toggleMenu(open = this.#menu.hidden) {
    this.#menu.hidden = !open;
    this.#menuToggle.setAttribute("aria-expanded", String(open));
  }

  // What a finger does

  #sendInput() {
    const text = this.#input.value.trim();
    if (!text) return;
    this.draft("");
    this.#sendText(text);
  }

  async #sendText(text) {
    // The same words sent again after a failure are the same action: it may have arrived after all.
    const action = this.#unsent?.text === text ? this.#unsent : { id: newAction(), text };
    try {
      await this.#post("text", action);
      this.#unsent = null;
    } catch (refusal) {
      this.#unsent = action;
      if (!this.#input.value) this.draft(text);
      this.#refused(refusal);
    }
  }

  async #sendPhoto(photo) {
    const form = new FormData();
    form.append("id", newAction());
    form.append("caption", this.#input.value.trim().slice(0, this.#frame.caption_limit));
    form.append("photo", photo);
    const caption = this.#input.value;
    this.draft("");
    this.element.classList.add("sending");
    try {
      await this.#post("photo", form);
    } catch (refusal) {
      if (!this.#input.value) this.draft(caption);
      this.#refused(refusal);
    } finally {
      this.element.classList.remove("sending");
    }
  }

  #press(button, ref, data) {
    this.#act(button, "press", { id: newAction(), ref, data, flashes: this.#flashes });
  }

  /** A tap: one at a time per button, so that a nervous double tap is one. */
  async #act(button, verb, action) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await this.#post(verb, action);
    } catch (refusal) {
      this.#refused(refusal);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  async #post(verb, body) {
    const { toast } = await post(`/api/phones/${encodeURIComponent(this.address)}/${verb}`, body);
    if (toast && this.#flashes) this.#say(toast);
  }

  #refused(refusal) {
    this.#say(errorWord(refusal.code), true);
  }

  #say(text, isError = false) {
    clearTimeout(this.#toastTimer);
    this.#toast.textContent = text;
    this.#toast.classList.toggle("error", isError);
    this.#toast.hidden = false;
    this.#toastTimer = setTimeout(
      () => {
        this.#toast.hidden = true;
      },
      TOAST_MS + TOAST_MS_PER_LETTER * text.length,
    );
  }

  #showSendable() {
    this.element.classList.toggle("writing", this.#input.value.trim() !== "");
  }

  // What has been seen

  /** Measured, not remembered: a message may come before the browser tells of a scroll. */
  #atFoot() {
    const { scrollTop, scrollHeight, clientHeight } = this.#chat;
    if (clientHeight === 0) return this.#sticks; // not on screen: nothing to measure
    return scrollHeight - clientHeight - scrollTop < NEAR_BOTTOM;
  }

  #scrolled() {
    this.#sticks = this.#atFoot();
    this.#pill.hidden = this.#sticks || this.unread === 0;
    if (this.#sticks && this.#attended()) this.seen();
  }

  #attended() {
    const { element } = this;
    if (document.hidden || !element.checkVisibility()) return false;
    return this.#page.onlyOneShown() || element.matches(":hover, :focus-within");
  }

  #showUnread() {
    const badge = this.element.querySelector(".badge");
    badge.hidden = this.unread === 0;
    badge.textContent = this.unread > 99 ? "99+" : String(this.unread);
    badge.setAttribute("aria-label", word("unread", { count: this.unread }));
    this.element.classList.toggle("unread", this.unread > 0);
    this.#page.unreadChanged();
  }
}

const brokenPhoto = () =>
  make("p", "broken", {}, icon("broken"), make("span", "", { "data-say": "brokenPhoto" }));

/** What stands in the round picture: the surname's sign, 林 or L (as in "Ms Lin"). */
function initial(title) {
  return [...(title.split(" ").pop() ?? "")][0] ?? "";
}
