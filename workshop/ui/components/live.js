const SETTLED = 100;
// An answer that has not come by then was lost on its way.
const OVERDUE = 5000;
// How soon it is looked again whether an answer has come.
const SOON = 50;

const epoch = (stamp) => stamp.split(" ")[0];

// A page whose scripts could not be fetched while the line was down stays empty or broken, and one
// whose drawing failed shows an error and no line. Once the server answers again such a page is
// loaded anew; what was half typed is kept on this device.
function watchOver() {
  if (!document.getElementById("root")) return; // a page of ours, which comes whole
  let broken = 0;
  setInterval(async () => {
    const text = document.querySelector("[data-testid=stMain]")?.textContent ?? "";
    const failed = document.querySelector("[data-testid=stException]") && !document.querySelector(".st-key-live");
    broken = text.trim() && !text.includes("dynamically imported module") && !failed ? 0 : broken + 1;
    if (broken < 5) return;
    const answer = await fetch("/healthz").catch(() => null);
    if (answer?.ok) location.reload();
  }, 1000);
}

// A browser that finds another thing under the pointer when it is lifted than when it was put down
// makes no click of it. A drawing in between may have moved the button away, or mounted it anew; who
// has not moved the pointer has pressed it.
function keepPresses() {
  const STILL = 8;
  // Until then the browser's own click has come, if it comes at all: that of a finger comes later.
  const wait = (event) => (event.pointerType === "mouse" ? 0 : 400);
  let press = null;
  // The mark of a button that is the only one in its place, to find it by where it is mounted anew.
  const markOf = (button) => {
    const place = button.closest("[class*=st-key-]");
    return place?.querySelectorAll("button").length === 1 && [...place.classList].find((name) => name.startsWith("st-key-"));
  };
  addEventListener("pointerdown", (event) => {
    const button = event.button === 0 && event.isPrimary && event.target.closest?.("button");
    press = button ? { button, mark: markOf(button), x: event.clientX, y: event.clientY } : null;
  }, true);
  addEventListener("click", (event) => {
    if (press?.button.contains(event.target)) press = null;
  }, true);
  addEventListener("pointercancel", () => (press = null), true);
  addEventListener("pointerup", (event) => {
    const held = press;
    if (!held || Math.hypot(event.clientX - held.x, event.clientY - held.y) > STILL) return;
    setTimeout(() => {
      if (press !== held) return;
      press = null;
      const { button, mark } = held;
      const there = button.isConnected ? button : mark && document.querySelector(`.${CSS.escape(mark)} button`);
      if (there) there.click();
    }, wait(event));
  }, true);
}

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";
const isFocusable = (one) => one.matches(FOCUSABLE) && one.tabIndex >= 0 && one.checkVisibility();
// Those of a form too, which is a tree of its own.
const focusables = (place) => [...place.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? focusables(one.shadowRoot) : isFocusable(one) ? one : []));

// A button that is gone once it was pressed, as that of a timer, or a field whose number was saved,
// leaves the focus to nothing: who uses a keyboard would begin again at the top. It goes to what
// stands in its place.
function keepFocus() {
  const keysOf = (one) => {
    const keys = [];
    for (let at = one; at; at = at.parentElement) keys.push(...[...at.classList].filter((name) => name.startsWith("st-key-")));
    return keys;
  };
  let last = null;
  addEventListener("focusin", (event) => {
    const held = event.target.closest?.("button, input");
    last = held ? { held, keys: keysOf(held) } : null;
  });
  addEventListener("pointerdown", () => (last = null), true);
  setInterval(() => {
    if (!last || last.held.isConnected || document.activeElement !== document.body) return;
    for (const name of last.keys) {
      // An idea keeps its id, whatever becomes of its card.
      const id = name.match(/_([0-9a-f-]{8,})$/)?.[1];
      const places = document.querySelectorAll(id ? `[class*="${id}"]` : `.${CSS.escape(name)}`);
      const next = [...places].flatMap(focusables)[0];
      if (!next) continue;
      last = null;
      next.focus();
      return;
    }
  }, 150);
}

// What a button opens lies at the end of the page: the focus is led into it, stays in it until it
// is closed, and comes back.
function leadIntoPopovers() {
  let opener = null;
  const isOpener = (one) => one?.matches?.("[data-testid=stPopover] button, [aria-haspopup]");
  const enter = (body) => {
    opener = document.activeElement;
    body.dataset.entered = "";
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
  };
  addEventListener("keydown", (event) => {
    // What had the focus may just have been drawn anew: then nothing has it.
    const isLost = document.activeElement === document.body;
    const body = isLost ? document.querySelector("[data-testid=stPopoverBody]") : document.activeElement?.closest?.("[data-testid=stPopoverBody]");
    if (!body) return;
    if (event.key === "Escape") setTimeout(() => document.activeElement === document.body && opener?.focus(), 50);
    if (event.key !== "Tab") return;
    const all = focusables(body);
    const at = all.indexOf(document.activeElement);
    const next = all[at + (event.shiftKey ? -1 : 1)] ?? all[event.shiftKey ? all.length - 1 : 0];
    if (!next || document.activeElement.shadowRoot) return;
    event.preventDefault();
    next.focus();
  });
  new MutationObserver(() => {
    for (const body of document.querySelectorAll("[data-testid=stPopoverBody]:not([data-entered])")) {
      if (isOpener(document.activeElement)) enter(body);
    }
  }).observe(document.body, { subtree: true, childList: true });
}

// The line to the server: on a tick whose stamp differs from that of the stage (drawn.js), the stage
// asks Streamlit to draw it again. Says in words how the line is.
export default function ({ data, parentElement }) {
  const sign = parentElement.querySelector(".line");
  // Called again on the same sign, as when the colours change: two lines would ask for everything
  // twice, at once, and of drawings that overtake each other the page keeps the wrong one.
  sign.end?.();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}/live?w=${encodeURIComponent(data.code)}&role=${data.role}`;
  let newest = "";
  let socket, heard, retry, telling;
  let lost = 0, closed = false, told = 0, askedOf = null;
  if (!window.funnelIsWatched) {
    window.funnelIsWatched = true;
    watchOver();
    keepPresses();
    keepFocus();
    leadIntoPopovers();
  }

  // The seconds are only shown: said anew every second, they would drown everything else.
  const say = (state, words, seconds = "") => {
    sign.querySelector(".seconds").textContent = seconds;
    if (sign.dataset.state === state && sign.querySelector(".words").textContent === words) return;
    sign.dataset.state = state;
    sign.querySelector(".words").textContent = words;
  };

  // Streamlit drops what is sent while its own line is down, so a tick waits for that line too.
  const page = document.querySelector("[data-testid=stApp]");
  // After a restart of the server the page's first run mounts this part anew, with the new epoch;
  // until then a click would reach nobody.
  // A page of ours, which says no epoch, asks anew by itself.
  const restarted = () => heard && data.epoch && epoch(newest) !== data.epoch;
  const pageIsUp = () => (page?.dataset.testConnectionState ?? "CONNECTED") === "CONNECTED";

  // A run that begins while the one before it is still being drawn keeps the page from clearing
  // what that one left out; so a tick waits until the page has been still for a moment.
  let ran = 0;
  const isRunning = () => (page?.dataset.testScriptState ?? "notRunning") !== "notRunning";
  const running = new MutationObserver(() => (ran = Date.now()));
  if (page) running.observe(page, { attributeFilter: ["data-test-script-state"] });

  // One question at a time, and at most one in `apart` milliseconds: a burst of ticks ends in one
  // look. Of drawings that overtake each other the page may keep the wrong one.
  const tell = () => {
    clearTimeout(telling);
    const stage = window.funnelStage;
    if (newest === stage?.stamp || restarted()) return;
    if (isRunning()) ran = Date.now();
    const isAnswered = askedOf !== stage || Date.now() > told + OVERDUE;
    const free = isAnswered ? Math.max(told + data.apart, ran + SETTLED) : Date.now() + SOON;
    const wait = stage && pageIsUp() ? free - Date.now() : 200;
    if (wait > 0) {
      telling = setTimeout(tell, wait);
      return;
    }
    askedOf = stage;
    told = Date.now();
    stage.again(newest);
    telling = setTimeout(tell, OVERDUE);
  };

  const judge = () => {
    const up = socket.readyState === WebSocket.OPEN && heard && pageIsUp() && !restarted();
    if (up) {
      lost = 0;
      say("live", "live");
      return;
    }
    lost ||= Date.now();
    const seconds = Math.round((Date.now() - lost) / 1000);
    if (!heard && seconds < 5) say("wait", "connecting");
    else if (seconds < 60) say("lost", "reconnecting", `since ${seconds} s`);
    else say("lost", "cut off: please reload");
  };

  const open = () => {
    socket = new WebSocket(data.epoch ? address : `${address}&stamp=${encodeURIComponent(window.funnelStage?.stamp ?? "")}`);
    socket.onmessage = (event) => {
      const tick = JSON.parse(event.data);
      heard = Date.now();
      window.funnelClockAhead = tick.now - heard;
      newest = tick.stamp;
      // A page of ours is told what to show; it says itself how new that is.
      if (tick.shown) newest = window.funnelStage?.take?.(tick.shown) ?? newest;
      judge();
      tell();
    };
    socket.onclose = (event) => {
      if (closed) return;
      // Let in no more: the link was withdrawn, or the seat taken away. Asking again is no use.
      if (event.code === 4403) {
        clearInterval(watch);
        say("lost", "closed by the facilitator");
        return;
      }
      judge();
      retry = setTimeout(open, Math.min(500 + (Date.now() - lost) / 2, 5000) * (0.5 + Math.random()));
    };
  };

  const watch = setInterval(() => {
    if (heard && Date.now() - heard > 40000) socket.close();
    judge();
    if (restarted() && pageIsUp() && Date.now() - lost > 8000) location.reload();
  }, 1000);

  open();
  judge();
  sign.end = () => {
    closed = true;
    clearTimeout(retry);
    clearTimeout(telling);
    clearInterval(watch);
    running.disconnect();
    socket.close();
  };
  return sign.end;
}
