// Talks to the server: posts what was done, and listens to the one stream of news.

/** The server said no; `code` names the reason in words.js. */
export class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const TRIES = 4;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const newAction = () => crypto.randomUUID();

/** Post JSON or a form. A lost answer is tried again: the action's id keeps it from counting twice. */
export async function post(path, body, { tries = TRIES } = {}) {
  const form = body instanceof FormData;
  const options = {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { "Content-Type": "application/json" },
  };
  for (let left = tries - 1; ; left -= 1) {
    let code = "offline";
    let again = true;
    try {
      const response = await fetch(path, options);
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer;
      code = answer.error ?? "failed";
      again = response.status === 503;
    } catch {
      // No answer: the server is away, or it hung up.
    }
    if (!again || left <= 0) throw new Refusal(code);
    await pause(300 * 2 ** (tries - 1 - left));
  }
}

export async function loadState(look) {
  const response = await fetch(`/api/state?${new URLSearchParams({ look })}`);
  if (!response.ok) throw new Refusal("offline");
  return response.json();
}

/**
 * Listen from where `state` ends. Every entry is handed on once and in order: after a break the
 * stream resumes behind the last one seen, and what comes twice is dropped by its number.
 */
export function listen(state, { entry, clock, reset, link }) {
  let seen = state.seq;
  let source = null;
  let timer = null;
  let ended = false;

  const open = () => {
    const query = new URLSearchParams({ journal: state.journal, after: seen, look: state.look });
    source = new EventSource(`/api/feed?${query}`);
    source.onopen = () => link("open");
    source.onerror = () => {
      link("lost");
      // The browser reconnects by itself, unless it was told off; then we do.
      if (source.readyState === EventSource.CLOSED) again();
    };
    for (const kind of ["said", "edited", "turned"]) {
      source.addEventListener(kind, (event) => {
        const news = JSON.parse(event.data);
        if (news.seq <= seen) return;
        seen = news.seq;
        entry(kind, news);
      });
    }
    source.addEventListener("clock", (event) => clock(JSON.parse(event.data)));
    source.addEventListener("reset", () => {
      stop();
      reset();
    });
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      source.close();
      if (!ended) open();
    }, 1000);
  };
  const stop = () => {
    ended = true;
    clearTimeout(timer);
    source.close();
  };
  open();
  return stop;
}
