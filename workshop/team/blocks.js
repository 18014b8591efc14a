// Draws what the server describes (workshop/ui/blocks.py). What has a key keeps its element, and
// with it the focus, what is typed in it, and a press under way.

import form, { make } from "./form.js";

const TAGS = { title: "h2", header: "h2" };

// A part of ours stands in a root of its own, where its style meets nothing else.
export function rootOf(place, part) {
  const root = place.attachShadow({ mode: "open" });
  root.append(document.getElementById(`${part}-part`).content.cloneNode(true));
  return root;
}

const timeOf = (moment) =>
  new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

const say = (element, words) => element.textContent === words || (element.textContent = words);

const KINDS = {
  text: {
    build: ({ style }) => make(TAGS[style] ?? "p"),
    update(element, { words, moment }) {
      say(element, moment === null ? words : words.replace("{time}", timeOf(moment)));
    },
  },
  button: {
    build(block, does) {
      const button = make("button", { type: "button" });
      button.addEventListener("click", () => does.press(button));
      return make("div", {}, button);
    },
    update(element, block) {
      const button = element.firstChild;
      button.block = block;
      button.classList.toggle("quiet", block.is_quiet);
      say(button, block.label);
    },
  },
  line: {
    build: () => make("div", {}, make("ol", { className: "places" }), make("ul", { className: "marks" })),
    update(element, { places, marks }) {
      const [above, below] = element.children;
      above.replaceChildren(...places.map((name) => make("li", { textContent: name })));
      below.replaceChildren(
        ...marks.map((mark) => {
          const sign = make("span", { className: `side ${mark.side}`, textContent: mark.letter, "aria-hidden": "true" });
          sign.style.setProperty("--at", mark.at);
          const track = make("span", { className: "track" }, sign);
          return make("li", {}, track, make("span", { className: "words", textContent: mark.words }));
        }),
      );
    },
  },
  form: {
    build: (block) => {
      const element = make("div");
      element.root = rootOf(element, "form");
      return element;
    },
    update(element, { data }, does) {
      element.end = form({ data, parentElement: element.root, setTriggerValue: does.leave });
    },
  },
  group: {
    build: () => make("div"),
    update(element, { content, is_framed, in_row }, does) {
      element.classList.toggle("framed", is_framed);
      element.classList.toggle("row", in_row);
      draw(element, content, does);
    },
  },
};

const nameOf = (block, at) => `${block.kind} ${block.style ?? ""} ${block.key || at}`;

function ended(element) {
  for (const one of [element, ...element.querySelectorAll("*")]) one.end?.();
  element.remove();
}

export function draw(place, blocks, does) {
  const known = new Map([...place.children].map((element) => [element.dataset.name, element]));
  const drawn = blocks.map((block, at) => {
    const name = nameOf(block, at);
    const kind = KINDS[block.kind];
    let element = known.get(name);
    if (!element) {
      element = kind.build(block, does);
      element.dataset.name = name;
      if (block.key) element.classList.add(`st-key-${block.key}`);
      if (block.style) element.classList.add(block.style);
    }
    known.delete(name);
    return [element, kind, block];
  });
  for (const element of known.values()) ended(element);
  drawn.forEach(([element], at) => {
    if (place.children[at] !== element) place.insertBefore(element, place.children[at] ?? null);
  });
  for (const [element, kind, block] of drawn) kind.update(element, block, does);
}
