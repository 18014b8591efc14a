// The mini-team's page: draws what the server describes, asks for it again on a tick, and sends
// what a button means. Forms send themselves.

import announce from "./announce.js";
import { draw, rootOf } from "./blocks.js";
import clock from "./clock.js";
import { make, newId, post } from "./form.js";
import live from "./live.js";

const WAITS = "The line is down. Your press is sent as soon as it is back.";
// Three hundred laptops do not ask again in one moment.
const pause = () => new Promise((done) => setTimeout(done, 1000 * (0.5 + Math.random())));

const { about, shown } = JSON.parse(document.getElementById("data").textContent);
const place = (key) => document.querySelector(`.st-key-${key}`);
const by = (id) => document.getElementById(id);

// What this laptop is at, beside what the records say: it outlives a reload of the tab.
const LAPTOP = `funnel-laptop:${about.code}:${about.person}`;
const laptop = {
  now: { editing: "", submission_id: "", handed_to: "" },
  recall() {
    try {
      this.now = { ...this.now, ...JSON.parse(sessionStorage.getItem(LAPTOP)) };
    } catch {} // a browser that keeps nothing
  },
  set(told) {
    this.now = { ...this.now, ...told };
    try {
      sessionStorage.setItem(LAPTOP, JSON.stringify(this.now));
    } catch {}
  },
  get isAtSomething() {
    return Boolean(this.now.editing || this.now.handed_to);
  },
};

// -- what is shown

const roots = Object.fromEntries(["live", "announce", "timer"].map((key) => [key, rootOf(place(key), key === "timer" ? "clock" : key)]));
let stopClock = null;

function focusedNow() {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one;
}

function show(told) {
  const focused = focusedNow();
  laptop.set(told.laptop);
  place("spoken_title").textContent = told.place;
  announce({ data: told, parentElement: roots.announce });
  place("timer").hidden = !told.timer;
  stopClock?.();
  stopClock = told.timer && clock({ data: told.timer, parentElement: roots.timer });
  place("team_head").hidden = !told.head.length;
  draw(by("head"), told.head, does);
  draw(by("above"), told.above, does);
  draw(by("form"), [{ kind: "form", key: "idea_form", data: told.form }], does);
  draw(by("below"), told.below, does);
  // What moves in the page loses the focus; what has taken it, as a form that opens, keeps it.
  if (document.activeElement === document.body && focused?.isConnected) focused.focus({ preventScroll: true });
  window.funnelStage = { stamp: told.stamp, again: look, take };
}

// What a tick has brought along; a laptop that is at something of its own asks for itself. Returns
// how new it is, if it was taken.
function take(told) {
  if (laptop.isAtSomething || isClosed) return null;
  asked += 1;
  show(told);
  return told.stamp;
}

let isClosed = false;

function close({ title, words }) {
  isClosed = true;
  const closed = make(
    "div",
    { className: "st-key-closed_door" },
    make("h1", { textContent: title }),
    make("p", { textContent: words }),
    make("a", { href: "/", textContent: "Join or start a workshop" }),
  );
  for (const id of ["head", "above", "form", "below"]) by(id).replaceChildren();
  place("spoken_title").remove();
  place("team_head").hidden = true;
  by("above").append(closed);
}

// -- asking for it again

let asked = 0;

// Until there is an answer: what is pressed while the line is down is shown once it is back.
async function look() {
  const turn = (asked += 1);
  while (turn === asked && !isClosed) {
    const query = new URLSearchParams({ w: about.code, ...laptop.now });
    const answer = await fetch(`/team/stage?${query}`).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (turn !== asked) return;
    if (told && answer.ok) return show(told);
    if (told && answer.status === 403) return close(told);
    if (told?.problem) return say(told.problem);
    await pause();
  }
}

// -- what a button means

const say = (words) => (by("said").textContent = words);

async function answered({ sends, about: what }) {
  const address = `/forms/${sends}?${new URLSearchParams({ w: about.code, role: about.role })}`;
  const entry = { address, id: newId(), about: what, values: {}, decimal_mark: "." };
  for (;;) {
    const answer = await post(entry).catch(() => null);
    if (answer && !answer.isLater) return answer;
    say(WAITS);
    await pause();
  }
}

const does = {
  async press(button) {
    const { block } = button;
    if (Object.keys(block.sets).length) {
      laptop.set(block.sets.editing ? { ...block.sets, submission_id: newId() } : block.sets);
      look();
      return;
    }
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const { problems } = await answered(block);
    button.ariaBusy = "false";
    say(Object.values(problems).join(" "));
  },
  leave() {
    laptop.set({ editing: "", submission_id: "" });
    look();
  },
};

laptop.recall();
const wasAt = laptop.isAtSomething;
const kept = laptop.now;
show(shown);
live({ data: { ...about, epoch: "" }, parentElement: roots.live });
if (wasAt) {
  laptop.set(kept);
  look();
}
