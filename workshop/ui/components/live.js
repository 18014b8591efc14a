const SETTLED = 100;
// An answer that has not come by then was lost on its way.
const OVERDUE = 5000;

const epoch = (stamp) => stamp.split(" ")[0];

// A page whose scripts could not be fetched while the line was down stays empty or broken, and one
// whose drawing failed shows an error and no line. Once the server answers again such a page is
// loaded anew; what was half typed is kept on this device.
function watchOver() {
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

// The line to the server: on a tick whose stamp differs from that of the stage (drawn.js), the stage
// asks Streamlit to draw it again. Says in words how the line is.
export default function ({ data, parentElement }) {
  const sign = parentElement.querySelector(".line");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}/live?w=${encodeURIComponent(data.code)}&role=${data.role}`;
  let newest = "";
  let socket, heard, retry, telling;
  let lost = 0, closed = false, told = 0, asked = "";
  if (!window.funnelIsWatched) {
    window.funnelIsWatched = true;
    watchOver();
    keepPresses();
  }

  const say = (state, words) => {
    if (sign.dataset.state === state && state === "live") return;
    sign.dataset.state = state;
    sign.querySelector(".words").textContent = words;
  };

  // Streamlit drops what is sent while its own line is down, so a tick waits for that line too.
  const page = document.querySelector("[data-testid=stApp]");
  // After a restart of the server the page's first run mounts this part anew, with the new epoch;
  // until then a click would reach nobody.
  const restarted = () => heard && epoch(newest) !== data.epoch;
  const pageIsUp = () => (page?.dataset.testConnectionState ?? "CONNECTED") === "CONNECTED";

  // A run that begins while the one before it is still being drawn keeps the page from clearing
  // what that one left out; so a tick waits until the page has been still for a moment.
  let ran = 0;
  const isRunning = () => (page?.dataset.testScriptState ?? "notRunning") !== "notRunning";
  const running = new MutationObserver(() => (ran = Date.now()));
  if (page) running.observe(page, { attributeFilter: ["data-test-script-state"] });

  // At most one trigger in `apart` milliseconds: a burst of ticks ends in one look.
  const tell = () => {
    clearTimeout(telling);
    const stage = window.funnelStage;
    if (newest === stage?.stamp || restarted()) return;
    if (isRunning()) ran = Date.now();
    const apart = asked === newest ? OVERDUE : data.apart;
    const wait = stage && pageIsUp() ? Math.max(told + apart, ran + SETTLED) - Date.now() : 200;
    if (wait > 0) {
      telling = setTimeout(tell, wait);
      return;
    }
    asked = newest;
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
    else if (seconds < 60) say("lost", `reconnecting since ${seconds} s`);
    else say("lost", "cut off: please reload");
  };

  const open = () => {
    socket = new WebSocket(address);
    socket.onmessage = (event) => {
      const tick = JSON.parse(event.data);
      heard = Date.now();
      window.funnelClockAhead = tick.now - heard;
      newest = tick.stamp;
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
  return () => {
    closed = true;
    clearTimeout(retry);
    clearTimeout(telling);
    clearInterval(watch);
    running.disconnect();
    socket.close();
  };
}
