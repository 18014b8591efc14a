// Keeps what is typed into a form and not yet saved on this device, offers it again after a
// reload or a change of phase, and forgets it once the server has it.
export default function ({ data, parentElement, setTriggerValue }) {
  const shelf = `funnel-draft:${data.shelf}`;
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
  // The text of a field, or the place of the choice that is ticked.
  const valueOf = (field) => {
    const all = [...document.querySelectorAll(`.st-key-${field} input, .st-key-${field} textarea`)];
    if (all[0]?.type !== "radio") return all[0]?.value;
    return String(all.findIndex((input) => input.checked));
  };

  const save = () => {
    const values = Object.fromEntries(data.fields.map((field) => [field, valueOf(field)]));
    // A form that has just left the screen says nothing; what was kept of it stays.
    if (!Object.values(values).includes(undefined)) write({ form: data.form, values });
  };
  let typed = false;
  const keep = (event) => {
    // What a select box offers is drawn outside its field.
    const places = ["[role=listbox]", ...data.fields.map((field) => `.st-key-${field}`)];
    if (!places.some((place) => event.target.closest?.(place))) return;
    typed = true;
    save();
    // And after the event: a step button changes its input later than the click.
    setTimeout(save, 0);
  };

  // Ask for these values until the form shows them: an answer may be overtaken on its way.
  let asking;
  const insist = (form, tries) => {
    const shows = (field) => valueOf(field) === form.values[field];
    if (typed || tries === 0 || data.fields.every(shows)) return;
    setTriggerValue("restore", form);
    asking = setTimeout(() => insist(form, tries - 1), 1000);
  };

  const draft = read();
  const isNew = kept.dataset.form !== data.form;
  // What is typed into a saved idea that is being changed is not saved yet.
  const isSaved = data.saved.includes(draft?.form) && (isNew || draft.form !== data.form);
  if (isSaved) localStorage.removeItem(shelf);
  if (draft && !isSaved) {
    insist(draft, 5);
  } else if (isNew && kept.dataset.form) {
    // Two answers may be drawn as one, without what the first of them put into the form. It then
    // still shows the form before, unless somebody has typed already.
    const shown = JSON.stringify(data.fields.map(valueOf));
    const wanted = { form: data.form, values: data.holds };
    asking = setTimeout(() => {
      if (JSON.stringify(data.fields.map(valueOf)) === shown) insist(wanted, 5);
    }, 500);
  }
  kept.dataset.form = data.form;
  const kinds = ["input", "change", "click", "keyup"];
  for (const kind of kinds) document.addEventListener(kind, keep, true);
  return () => {
    clearTimeout(asking);
    for (const kind of kinds) document.removeEventListener(kind, keep, true);
  };
}
