// A form that belongs to the browser: it keeps what is typed at every keystroke, says at once what
// it can know by itself, and sends itself. What it asks, and in which words it complains, comes
// from the server (workshop/forms).

const SAVING = "Saving …";
const KEPT = "Draft kept on this device.";
const NOT_KEPT = "This browser keeps no drafts: save often.";
const WAITS = "Kept here. It will be sent as soon as the line is back.";
const CHANGED = "Somebody else has changed this meanwhile; you see what you typed.";
const NEXT = "Next";
const IN_THE_FORM = "It stands in the form: change it and save.";
// What is saved is said for so long; then the form is an empty one again.
const READ_BY_THEN = 20000;
// An answer that has not come by then is waited for in the background.
const PATIENCE = 3000;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function mount(root) {
  const form = root.querySelector(".form");
  const content = root.querySelector(".content");
  const note = root.querySelector(".note");
  const unsent = root.querySelector(".unsent");
  const submit = root.querySelector(".submit");
  const leave = root.querySelector(".leave");
  let data = {}, asked = null, drawn = "", place = "", base = {};
  let fields = [], groups = [], means = null, pending = null, outbox = null, leaving, reading;
  const sent = new Set();
  const name = () => (submit.textContent = pages.isLast ? (asked?.submit ?? "") : NEXT);
  const pages = makePages(root.querySelector(".count"), root.querySelector(".back"), () => name());

  const say = (state, words) => {
    note.dataset.state = state;
    if (note.textContent !== words) note.textContent = words;
    clearTimeout(reading);
    if (state === "saved") reading = setTimeout(say, READ_BY_THEN, "", "");
  };
  const values = () => Object.fromEntries(fields.map((one) => [one.field.key, one.value]));
  const show = (held) => fields.forEach((one) => (one.value = held[one.field.key] ?? ""));
  const shown = (held) => Object.fromEntries(fields.map((one) => [one.field.key, held[one.field.key] ?? ""]));

  // -- what is wrong, and what the numbers mean

  const complain = (one, words) => {
    one.problem = words;
    one.invalid.setAttribute("aria-invalid", String(words !== ""));
    one.hint.textContent = "";
    const { group } = one;
    const bad = group.hint ?? one.hint;
    bad.classList.toggle("bad", group.fields.some((other) => other.problem));
    bad.textContent = group.hint ? problemsOf(group) : words;
  };
  // Fields side by side have little room below them: what they share is said once.
  const problemsOf = (group) => {
    const said = group.fields.filter((one) => one.problem);
    const shared = new Set([group.ordered, ...said.map((one) => one.field.required)]);
    const words = said.map((one) => (shared.has(one.problem) ? one.problem : `${one.field.label}: ${one.problem}`));
    return [...new Set(words)].join(" ");
  };
  const disorder = (group) => {
    if (!group.ordered) return false;
    const numbers = group.fields.map((one) => readNumber(one.value, one.field.limits).value).filter((one) => !Number.isNaN(one));
    return numbers.some((number, at) => at && number < numbers[at - 1]);
  };
  const problems = () => {
    const found = {};
    for (const one of fields) if (problemOf(one)) found[one.field.key] = problemOf(one);
    for (const group of groups) if (disorder(group)) found[group.fields[0].field.key] ??= group.ordered;
    return found;
  };
  const put = (found) => {
    for (const one of fields) complain(one, found[one.field.key] ?? "");
    const known = new Set(fields.map((one) => one.field.key));
    const rest = Object.entries(found).filter(([key]) => !known.has(key)).map(([, words]) => words);
    root.querySelector(".problem").textContent = rest.join(" ");
    explain();
    const first = fields.find((one) => found[one.field.key]);
    if (first) pages.open(first);
    if (first) first.focus();
    else if (rest.length) submit.focus();
  };
  // While somebody types: only what a number is understood as, and that a text is too long.
  const hintAt = (one) => {
    const problem = one.value.trim() ? problemOf(one) : "";
    complain(one, problem);
    if (problem || !one.field.limits) return;
    const { value } = readNumber(one.value, one.field.limits);
    const plainly = one.value.replace(/[\s%,]/g, "");
    if (!Number.isNaN(value) && plainly !== String(value)) one.hint.textContent = `Understood as ${value.toLocaleString("en-US")}`;
  };

  const explain = () => {
    if (!means) return;
    const wrong = groups.find(disorder);
    // Said once: where the fields say it already, the line is silent.
    const isSaid = wrong?.hint?.textContent.includes(wrong.ordered);
    const words = isSaid ? "" : wrong ? wrong.ordered : meaningOf(asked.line, fields);
    means.classList.toggle("wrong", Boolean(wrong));
    if (means.textContent !== words) means.textContent = words;
  };

  // -- the draft

  const keepDraft = () => {
    const typed = values();
    if (same(typed, shown(base))) remove(place);
    else write(place, { values: typed, base });
    say("kept", same(typed, shown(base)) ? "" : keeps ? KEPT : NOT_KEPT);
  };
  const empty = () => {
    remove(place);
    show(base);
    put({});
  };

  // -- drawing

  const build = () => {
    groups = asked.content.map((part) => {
      const group = { ...part, hint: part.label ? make("p", { className: "hint", id: `group-${(count += 1)}` }) : null };
      group.fields = part.fields.map((field) => Object.assign(makeField(field, group.hint?.id), { group, problem: "" }));
      return group;
    });
    fields = groups.flatMap((group) => group.fields);
    means = asked.line ? make("output", { className: "means" }) : null;
    content.replaceChildren(
      ...groups.flatMap((group) => {
        const elements = group.fields.map((one) => one.element);
        const rows = group.label
          ? [make("fieldset", {}, make("legend", { textContent: group.label }), make("p", { className: "help", textContent: group.help ?? "" }), make("div", { className: "row" }, ...elements), group.hint)]
          : elements;
        group.elements = means && group.fields.some((one) => one.field.key === asked.line_after) ? [...rows, means] : rows;
        return group.elements;
      }),
    );
    root.querySelector(".title").textContent = asked.title;
    leave.textContent = asked.leave;
    leave.hidden = !asked.leave;
  };

  // Somebody else may have changed what the form began with: what was not touched here follows.
  const rebase = (typed, before) => {
    const merged = { ...typed };
    let isContested = false;
    for (const key of Object.keys(typed)) {
      if ((typed[key] ?? "") === (before[key] ?? "")) merged[key] = base[key] ?? "";
      else isContested ||= (base[key] ?? "") !== (before[key] ?? "") && (base[key] ?? "") !== typed[key];
    }
    show(merged);
    if (isContested) say("changed", CHANGED);
  };

  const first = () => Object.fromEntries(fields.map(({ field }) => [field.key, field.options[0]?.[0] ?? ""]));

  const draw = (isNew) => {
    const typed = isNew ? null : values();
    const before = base;
    build();
    base = { ...(Object.keys(asked.values).length ? {} : first()), ...asked.values };
    const draft = read(place);
    if (typed) rebase(typed, before);
    else if (draft) rebase(draft.values, draft.base ?? {});
    else show(base);
    if (isNew) {
      put({});
      say("kept", draft ? (keeps ? KEPT : NOT_KEPT) : "");
    }
    explain();
    fields.filter((one) => one.field.limits).forEach(hintAt);
    const isApart = ({ fields: [one] }) => one.field.key !== asked.below_each;
    pages.begin(groups.filter(isApart), asked.one_at_a_time, !isNew);
  };

  // -- focus, where the form is mounted anew under somebody who types

  const rememberCaret = (event) => {
    const one = fields.find((field) => field.holds(event.target));
    if (!one) return;
    const { selectionStart = null, selectionEnd = null } = one.control;
    window.funnelCaret = { place, key: one.field.key, selectionStart, selectionEnd };
  };
  const forgetCaret = () => setTimeout(() => root.isConnected && !form.matches(":focus-within") && (window.funnelCaret = null), 0);
  const restoreCaret = () => {
    const caret = window.funnelCaret;
    const one = fields.find((field) => field.field.key === caret?.key);
    if (caret?.place !== place || !one || document.activeElement !== document.body) return;
    pages.open(one);
    one.focus();
    if (caret.selectionStart !== null) one.control.setSelectionRange?.(caret.selectionStart, caret.selectionEnd);
  };

  // Somebody has asked below for what now stands in the form.
  const begin = () => {
    form.scrollIntoView({ block: "start" });
    fields[0].focus();
    say("changed", IN_THE_FORM);
  };

  // -- sending

  const rest = (isBusy) => {
    form.setAttribute("aria-busy", String(isBusy));
    submit.disabled = isBusy;
    for (const input of content.querySelectorAll("input, textarea, select")) input.disabled = isBusy;
  };
  const settle = () => {
    const { timer, focused } = pending;
    clearTimeout(timer);
    pending = null;
    rest(false);
    // What rests loses the focus; who writes by keyboard goes on from where they were.
    if (document.activeElement === document.body) focused?.focus();
  };
  // What people know an answer by: the first line that they wrote, or what the form is for.
  const called = (held) => {
    const isText = (one) => one.field.kind === "text" && held[one.field.key].trim();
    return held[fields.find(isText)?.field.key] ?? (asked.title || asked.submit);
  };
  const send = () => {
    if (pending) return;
    const found = problems();
    put(found);
    if (Object.keys(found).length) {
      say("refused", "");
      return;
    }
    const held = values();
    const entry = {
      id: asked.submission_id || newId(),
      place,
      about: asked.about,
      values: held,
      decimal_mark: decimalMark,
      address: data.address.replace("{form}", encodeURIComponent(asked.name)),
      title: called(held),
    };
    const focused = form.querySelector(":focus");
    pending = { entry, focused, timer: setTimeout(giveOver, PATIENCE) };
    sent.add(entry.id);
    rest(true);
    say("saving", SAVING);
    outbox.send(entry);
    remove(place);
  };
  // To the next question, once nothing is wrong with this one.
  const lead = () => {
    const keys = new Set(pages.fields.map((one) => one.field.key));
    const found = Object.fromEntries(Object.entries(problems()).filter(([key]) => keys.has(key)));
    put(found);
    if (!Object.keys(found).length) pages.next();
  };
  // A form that shows what is saved shows what was sent; any other is empty for the next one.
  const goOn = (entry) => {
    if (Object.keys(asked.values).length) base = entry.values;
    empty();
  };
  // The answer is late: whoever writes goes on with the next one.
  const giveOver = () => {
    if (!pending) return;
    const isChange = asked.submission_id !== "";
    if (!isChange) {
      const { entry } = pending;
      settle();
      goOn(entry);
    }
    say("waiting", WAITS);
    list();
  };
  // Returns true where a form takes back what was refused.
  const hear = (entry, answer) => {
    if (entry && pending?.entry.id === entry.id) {
      if (answer.isLater) {
        giveOver();
        if (answer.problems[""]) say("waiting", answer.problems[""]);
        return false;
      }
      settle();
      if (answer.saved !== undefined) {
        goOn(entry);
        say("saved", answer.saved);
        return false;
      }
      write(place, { values: entry.values, base });
      put(answer.problems);
      say("refused", "");
      return true;
    }
    // The form may have been put away by what it has done before its answer came.
    if (entry && sent.has(entry.id) && answer.saved !== undefined) say("saved", answer.saved);
    list();
    if (!entry && note.dataset.state === "waiting" && !outbox.all().some((one) => !one.problems)) say("saved", "Sent.");
    return false;
  };

  // What waits for the line, and what was refused after its form had gone on.
  const list = () => {
    // A form that does not keep the outbox of its page gives back what is its own.
    const isListed = (one) => data.outbox || (one.problems && one.place === place);
    const isUnderWay = (one) => one.id === pending?.entry.id && note.dataset.state !== "waiting";
    const entries = outbox.all().filter((one) => isListed(one) && !isUnderWay(one));
    unsent.replaceChildren(
      ...entries.map((entry) => {
        const words = entry.problems ? `Not saved: “${entry.title}”. ${Object.values(entry.problems).join(" ")}` : `Not sent yet: “${entry.title}”`;
        const item = make("li", {}, make("span", { textContent: words }));
        if (entry.problems && entry.place === place && !pending) {
          item.append(make("button", { type: "button", textContent: "Take it up again", onclick: () => takeUp(entry) }));
        }
        return item;
      }),
    );
  };
  const takeUp = (entry) => {
    const typed = values();
    write(place, { values: entry.values, base });
    show(entry.values);
    put(entry.problems);
    outbox.drop(entry.id);
    // What stood in the form changes places with it.
    if (!same(typed, shown(base))) outbox.send({ ...entry, id: newId(), values: typed, title: called(typed), problems: { "": "Put aside for the other one." } });
    explain();
  };

  // -- what happens to it

  const typing = (event) => {
    const one = fields.find((field) => field.holds(event.target));
    if (!one || pending) return;
    hintAt(one);
    explain();
    keepDraft();
    rememberCaret(event);
  };
  const keydown = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const isField = event.target.matches("input, select");
    if (event.ctrlKey || event.metaKey || (asked.enter_sends && isField)) {
      event.preventDefault();
      send();
    } else if (isField) {
      // A half-filled form is not sent by the key that ends a line; it leads on.
      event.preventDefault();
      const at = fields.findIndex((one) => one.holds(event.target));
      const next = fields[at + 1];
      if (!pages.isLast && !pages.fields.includes(next)) lead();
      else (next?.focus ?? (() => submit.focus()))();
    }
  };
  const mirrored = (event) => {
    if (event.key !== place || pending || !asked) return;
    const before = event.oldValue ? JSON.parse(event.oldValue).values : shown(base);
    if (!same(values(), before)) return;
    show(event.newValue ? JSON.parse(event.newValue).values : base);
    explain();
  };
  form.addEventListener("input", typing);
  form.addEventListener("keydown", keydown);
  form.addEventListener("keyup", rememberCaret);
  form.addEventListener("focusin", rememberCaret);
  form.addEventListener("focusout", forgetCaret);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (pages.isLast) send();
    else lead();
  });
  leave.addEventListener("click", () => {
    empty();
    const left = place;
    const tell = (tries) => {
      if (place !== left || !tries || !root.isConnected) return;
      data.tell("left", left);
      leaving = setTimeout(tell, 1500, tries - 1);
    };
    tell(5);
  });
  window.addEventListener("storage", mirrored);
  const letMove = keepInPlace(form);

  return {
    update(given) {
      data = given;
      // A popover lies outside the part of the page that has the theme.
      const themed = document.querySelector(".stApp") ?? document.body;
      (root.host ?? root).style.colorScheme = getComputedStyle(themed).colorScheme;
      if (outbox !== outboxOf(data.owner)) {
        outbox?.listeners.delete(hear);
        outbox = outboxOf(data.owner);
        outbox.listeners.add(hear);
      }
      const next = JSON.stringify(data.form);
      if (next !== drawn) {
        drawn = next;
        asked = data.form;
        form.hidden = !asked;
        const where = asked ? `funnel-draft:${data.owner}:${asked.name}:${JSON.stringify(asked.about)}` : "";
        const isNew = where !== place || !fields.length;
        const wasShown = fields.length > 0;
        if (isNew && pending) settle();
        place = where;
        if (asked) {
          const said = [note.dataset.state, note.textContent];
          draw(isNew);
          // "Saved" outlives the change of forms that follows it.
          if (isNew && said[0] === "saved") say(...said);
          if (pending) rest(true);
          if (isNew && wasShown && asked.leave) begin();
          else if (isNew) restoreCaret();
        }
      }
      list();
    },
    end() {
      outbox?.listeners.delete(hear);
      window.removeEventListener("storage", mirrored);
      clearTimeout(leaving);
      clearTimeout(reading);
      letMove();
      pages.end();
    },
  };
}

const mounted = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, mount(parentElement));
  const view = mounted.get(parentElement);
  view.update({ ...data, tell: setTriggerValue });
  return () => {
    view.end();
    mounted.delete(parentElement);
  };
}
