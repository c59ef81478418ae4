// The tour: ten things to try, each a tap away from the phone it happens on.
import { byId, icon, make, memory } from "./dom.js";
import { TOUR, currentLanguage, word } from "./words.js";

export class Guide {
  #page;
  #done = new Set(JSON.parse(memory.get("tour") ?? "[]"));

  /** `page` finds `phone(role, nth)`, shows `goTo(phone)` and `goToClock()`. */
  constructor(page) {
    this.#page = page;
    this.element = byId("guide");
    byId("guide-open").addEventListener("click", () => this.#show(this.element.hidden));
    byId("guide-close").addEventListener("click", () => {
      this.#show(false);
      byId("guide-open").focus();
    });
    this.#show(memory.get("guide") !== "closed", false);
  }

  speak() {
    byId("guide-steps").replaceChildren(...TOUR.map((step, index) => this.#step(step, index)));
  }

  /** Make room for the phone a step leads to, where both do not fit. */
  stepAside() {
    if (this.#page.onlyOneShown()) this.#show(false);
  }

  #show(open, remember = true) {
    this.element.hidden = !open;
    byId("guide-open").setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("guided", open);
    if (remember) memory.set("guide", open ? "open" : "closed");
  }

  #step(step, index) {
    const phone = step.role ? this.#page.phone(step.role, step.nth ?? 0) : null;
    const done = this.#done.has(index);
    const tick = make("button", "tick", {
      type: "button",
      "aria-pressed": String(done),
      "aria-label": word("stepDone", { number: index + 1 }),
    });
    tick.append(icon("tick"), make("span", "number", {}, String(index + 1)));
    tick.addEventListener("click", () => this.#mark(index, !this.#done.has(index)));
    const go = make("button", "go", { type: "button" });
    if (phone) {
      go.append(make("span", "whose", { "data-role": phone.role }, phone.title));
    }
    go.append(make("span", "what", {}, step[currentLanguage()]));
    go.addEventListener("click", () => this.#go(step, phone, index));
    return make("li", done ? "step done" : "step", {}, tick, go);
  }

  #go(step, phone, index) {
    this.#mark(index, true);
    if (step.clock) this.#page.goToClock();
    if (!phone) return;
    this.stepAside();
    if (step.fill) phone.draft(step.fill[currentLanguage()]);
    this.#page.goTo(phone);
    phone.nudge();
  }

  #mark(index, done) {
    if (done) this.#done.add(index);
    else this.#done.delete(index);
    memory.set("tour", JSON.stringify([...this.#done]));
    const step = byId("guide-steps").children[index];
    step.classList.toggle("done", done);
    step.querySelector(".tick").setAttribute("aria-pressed", String(done));
  }
}
