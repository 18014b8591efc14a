// The elements of a form, a field of each kind.

const MOST_CHIPS = 8;

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "for" || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

let count = 0;

function makeField(field, groupHint = "") {
  const id = `field-${(count += 1)}`;
  const help = make("p", { className: "help", id: `${id}-help`, textContent: field.help });
  const hint = make("p", { className: "hint", id: `${id}-hint` });
  const about = { "aria-describedby": `${id}-help ${id}-hint ${groupHint}` };
  if (field.required) about["aria-required"] = "true";
  const options = field.kind === "scale" ? ["1", "2", "3", "4", "5"].map((one) => [one, one, ""]) : field.options;
  const isChips = field.kind === "scale" || (field.kind === "choice" && options.length <= MOST_CHIPS);
  let control;
  if (isChips) {
    const chips = options.map(([code, label, number]) =>
      make(
        "label",
        { className: "chip" },
        make("input", { type: "radio", name: id, value: code }),
        make("span", { textContent: label }),
        ...(number ? [make("span", { className: "count", textContent: number })] : []),
      ),
    );
    control = make("div", { className: field.kind === "scale" ? "chips scale" : "chips" }, ...chips);
  } else if (field.kind === "choice") {
    const choices = options.map(([code, label, number]) =>
      make("option", { value: code, textContent: number ? `${label} · ${number}` : label }),
    );
    control = make("select", { id, ...about }, ...choices);
  } else if (field.kind === "long_text") {
    control = make("textarea", { id, rows: 3, placeholder: field.placeholder, ...about });
  } else {
    const isNumber = field.kind === "number";
    control = make("input", {
      id,
      className: "box",
      type: field.kind === "date" ? "date" : "text",
      inputMode: isNumber ? "decimal" : "",
      autocomplete: "off",
      enterKeyHint: "next",
      placeholder: field.placeholder,
      ...about,
    });
  }
  const label = isChips
    ? make("legend", { textContent: field.label })
    : make("label", { className: "label", for: id, textContent: field.label });
  const element = make(isChips ? "fieldset" : "div", { className: "field", ...(isChips ? about : {}) }, label, help, control, hint);
  element.dataset.field = field.key;
  const radios = () => [...control.querySelectorAll("input")];
  return {
    field,
    element,
    hint,
    invalid: isChips ? element : control,
    focus: () => (isChips ? (radios().find((one) => one.checked) ?? radios()[0]) : control).focus(),
    holds: (target) => element.contains(target),
    get value() {
      return isChips ? (radios().find((one) => one.checked)?.value ?? "") : control.value;
    },
    set value(text) {
      if (isChips) radios().forEach((one) => (one.checked = one.value === text));
      else control.value = text;
    },
    control,
  };
}

// What is wrong with what a field holds, as far as the browser can know; "" where nothing is.
function problemOf({ field, value }) {
  if (field.required && !value.trim()) return field.required;
  if (field.limits) return readNumber(value, field.limits).problem;
  const over = field.longest ? value.trim().length - field.longest : 0;
  if (over > 0) return `This has ${value.trim().length} characters and is limited to ${field.longest}; take ${over} away.`;
  return "";
}
