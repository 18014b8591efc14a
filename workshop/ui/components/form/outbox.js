// The outbox: what somebody has sent, until the server says what became of it.

const GIVES_UP = 15000;
const LONGEST_PAUSE = 8000;

// What the server says of what is sent; raises where it says nothing.
export async function post({ address, id, about, values, decimal_mark }) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Funnel-Form": "1" },
    body: JSON.stringify({ id, about, values, decimal_mark }),
    signal: AbortSignal.timeout(GIVES_UP),
  });
  const said = await answer.json();
  const isLater = answer.status === 429 || answer.status >= 500;
  return { saved: said.saved, problems: said.problems ?? {}, isLater };
}

function makeOutbox(owner) {
  const key = `funnel-outbox:${owner}`;
  const listeners = new Set();
  const all = () => read(key) ?? [];
  const keep = (entries) => (entries.length ? write(key, entries) : remove(key));
  const tell = (entry, answer) => listeners.forEach((listener) => listener(entry, answer));
  let isSending = false;
  let failures = 0;
  let timer;

  const flush = async () => {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    for (let entry; (entry = all().find((one) => !one.problems)); ) {
      const answer = await post(entry).catch(() => ({ isLater: true, problems: {} }));
      if (answer.isLater) {
        failures += 1;
        timer = setTimeout(flush, Math.min(250 * 2 ** failures, LONGEST_PAUSE) * (0.5 + Math.random() / 2));
        tell(entry, answer);
        break;
      }
      failures = 0;
      const others = () => all().filter((one) => one.id !== entry.id);
      // First who sent it: what is taken back into a form is kept there before it is let go here.
      const isTaken = answer.saved !== undefined;
      const isBack = [...listeners].some((listener) => listener(entry, answer) === true);
      keep(isTaken || isBack ? others() : all().map((one) => (one.id === entry.id ? { ...one, problems: answer.problems } : one)));
      tell(null);
    }
    isSending = false;
  };

  for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, flush);
  window.addEventListener("storage", (event) => event.key === key && tell(null));
  setTimeout(flush, 0);
  return {
    all,
    listeners,
    send(entry) {
      keep([...all(), entry]);
      failures = 0;
      flush();
      tell(null);
    },
    drop(id) {
      keep(all().filter((one) => one.id !== id));
      tell(null);
    },
  };
}

// One for each person on this page, however often the form is mounted.
const outboxOf = (owner) => ((window.funnelOutboxes ??= {})[owner] ??= makeOutbox(owner));
