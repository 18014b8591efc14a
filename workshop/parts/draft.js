// Keeps what is typed into a form and not yet saved on this device, offers it again after a
// reload or a change of phase, and forgets it once the server has it. Beside it, says while
// somebody types what the estimate means in points of conversion.
export default function ({ data, parentElement, setTriggerValue }) {
  const shelf = `funnel-draft:${data.shelf}`;
  const means = parentElement.querySelector(".means");
  const kept = parentElement.querySelector(".kept");

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(shelf));
    } catch {
      return null;
    }
  };
  const write = (draft) => {
    try {
      localStorage.setItem(shelf, JSON.stringify(draft));
      kept.textContent = "Draft kept on this device.";
    } catch {
      kept.textContent = "This browser keeps no drafts: save often.";
    }
  };
  const inputOf = (field) => {
    const all = document.querySelectorAll(`.st-key-${field} input, .st-key-${field} textarea`);
    return all[0]?.type === "radio" ? [...all].find((one) => one.checked) : all[0];
  };
  const valueOf = (field) => {
    const input = inputOf(field);
    if (!input) return null;
    if (input.type !== "radio") return input.value;
    const all = [...document.querySelectorAll(`.st-key-${field} input`)];
    return String(all.indexOf(input));
  };
  const fieldOf = (target) =>
    data.fields.find((field) => target.closest?.(`.st-key-${field}`));

  const say = () => {
    const [low, likely, high] = ["idea_low", "idea_likely", "idea_high"].map((field) => {
      const value = valueOf(field);
      return value ? Number(value) / 100 : NaN;
    });
    const lost = data.lost[Number(valueOf("idea_reason") || 0)];
    if (!(likely >= 0 && likely <= 1) || lost === undefined || !data.entered) {
      means.textContent = "Enter low, likely and high to see what they mean in points of conversion.";
      return;
    }
    const round = (number, digits) =>
      number.toLocaleString("en-US", { maximumFractionDigits: digits });
    const points = (share) => round((share * lost * 100) / data.entered, 1);
    const span = low <= likely && likely <= high ? ` (${points(low)} to ${points(high)})` : "";
    means.textContent =
      `= ${points(likely)} points of conversion${span}: about ${round(likely * lost, 0)} more of ` +
      `${round(data.entered, 0)} go on to ${data.target}.`;
  };

  const keep = (event) => {
    if (!event.isTrusted || !fieldOf(event.target)) return;
    // A step button changes its input after the click.
    setTimeout(() => {
      const values = Object.fromEntries(data.fields.map((field) => [field, valueOf(field)]));
      write({ form: data.form, values });
      say();
    }, 0);
  };

  const draft = read();
  if (draft && data.saved.includes(draft.form)) localStorage.removeItem(shelf);
  else if (draft) setTriggerValue("restore", draft);
  for (const kind of ["input", "change", "click"]) document.addEventListener(kind, keep, true);
  const started = setTimeout(say, 200);
  return () => {
    clearTimeout(started);
    for (const kind of ["input", "change", "click"]) document.removeEventListener(kind, keep, true);
  };
}
