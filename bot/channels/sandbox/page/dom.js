// Small tools to build the page without ever reading text as markup.

/** An element with a class, attributes and children; strings become text, null is left out. */
export function make(tag, className = "", attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** One of the pictures drawn in index.html. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** What this browser remembers for the page; a browser that forbids it simply forgets. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(`doorstep.${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`doorstep.${name}`, value);
    } catch {
      // Private windows may refuse; nothing depends on it.
    }
  },
};
