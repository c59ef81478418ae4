// The centre's clock: ticks on the page, and moves on when asked.
import { byId, make } from "./dom.js";
import { currentLanguage, errorWord, locale, word } from "./words.js";
import { Refusal, post } from "./wire.js";

const DAY_MS = 86_400_000;

export class Clock {
  #ahead = 0; // the centre's clock minus this browser's running time, in ms
  #zone = "UTC";
  #moving = false; // the server says so
  #asking = false; // this page has asked, and has no answer yet
  #page;

  /** `page` is told `tick(time)` and shows `say(text)`. */
  constructor(page) {
    this.#page = page;
    this.element = byId("clock");
    for (const button of this.element.querySelectorAll("[data-minutes]")) {
      button.addEventListener("click", () => this.#advance({ minutes: +button.dataset.minutes }));
    }
    byId("clock-month-end").addEventListener("click", () => this.#advance({ month_end: true }));
    this.#prepareDialog();
    setInterval(() => this.#tick(), 250);
  }

  get zone() {
    return this.#zone;
  }

  /** The centre's present moment. */
  get now() {
    return new Date(this.#ahead + performance.now());
  }

  read({ now, zone, start, target }) {
    this.#zone = zone;
    this.#ahead = Date.parse(now) - performance.now();
    this.#moving = Boolean(target);
    const way = byId("clock-way");
    way.hidden = !target;
    if (target) {
      const from = Date.parse(start);
      way.value = (Date.parse(now) - from) / (Date.parse(target) - from);
    }
    this.#showBusy();
    this.#tick();
  }

  speak() {
    this.#tick();
  }

  #tick() {
    const now = this.now;
    const time = this.#format(now, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const day = this.#format(now, { month: "short", day: "numeric" });
    const weekday = this.#format(now, { weekday: "short" });
    const date = currentLanguage() === "zh" ? `${day} ${weekday}` : `${weekday} ${day}`;
    this.#show("clock-time", time);
    this.#show("clock-date", date);
    this.#page.tick(time.slice(0, 5));
  }

  #show(id, text) {
    const element = byId(id);
    if (element.textContent !== text) element.textContent = text;
  }

  #format(at, options) {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: this.#zone,
      hourCycle: "h23",
      ...options,
    }).format(at);
  }

  #showBusy() {
    const busy = this.#moving || this.#asking;
    this.element.dataset.busy = String(busy);
    for (const button of this.element.querySelectorAll("button")) {
      // Kept focusable, so that a keyboard user does not lose their place.
      button.setAttribute("aria-disabled", String(busy));
    }
  }

  async #advance(wish) {
    if (this.#moving || this.#asking) return;
    this.#asking = true;
    this.#showBusy();
    try {
      // Tried once: asked again, the clock would move twice.
      this.read(await post("/api/clock", wish, { tries: 1 }));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#page.say(errorWord(refusal.code));
    } finally {
      this.#asking = false;
      this.#showBusy();
    }
  }

  // The dialog "to…", in the centre's own wall time

  #prepareDialog() {
    const dialog = byId("to-dialog");
    const input = byId("to-input");
    byId("clock-to").addEventListener("click", () => {
      if (this.#moving || this.#asking) return;
      const now = this.#wall();
      input.min = wallText(now);
      input.value = wallText(new Date(now.getTime() + 30 * 60_000));
      byId("to-choices").replaceChildren(...this.#choices(now, input));
      dialog.showModal();
      input.focus();
    });
    byId("to-cancel").addEventListener("click", () => dialog.close());
    byId("to-form").addEventListener("submit", () => this.#advance({ to: input.value }));
  }

  #choices(now, input) {
    const at = (days, hour) => {
      const day = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS + days * DAY_MS);
      day.setUTCHours(hour);
      return day;
    };
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 9));
    const choices = [
      ["toTonight", at(0, 22)],
      ["toMorning", at(1, 9)],
      ["toMonday", at((8 - now.getUTCDay()) % 7 || 7, 9)],
      ["toMonth", month],
    ];
    return choices
      .filter(([, moment]) => moment > now)
      .map(([key, moment]) => {
        const choice = make("button", "", { type: "button" }, word(key));
        choice.addEventListener("click", () => {
          input.value = wallText(moment);
          byId("to-go").focus();
        });
        return choice;
      });
  }

  /** The centre's wall clock, written as if it were UTC: only for arithmetic on its face. */
  #wall() {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: this.#zone,
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    }).formatToParts(this.now);
    const part = (type) => +parts.find((one) => one.type === type).value;
    return new Date(
      Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")),
    );
  }
}

const wallText = (wall) => wall.toISOString().slice(0, 16);
