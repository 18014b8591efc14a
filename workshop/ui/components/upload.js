// A field for files. Sends them to a route of ours, one after the other, and tells the page which are
// here once all of them are; a file that does not arrive is kept, to be sent again.
const CUT = "The line was cut. The file is kept here: press “Send again”.";
const NOT_TAKEN = "The server did not take this file. Wait a moment, then press “Send again”.";
// A new file is sent again after these answers, for the same reason another time.
const PASSES = new Set([400, 502, 503, 504, 507]);

const megabytes = (bytes) => {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return `${(bytes / 1e6).toFixed(bytes % 1e6 ? 1 : 0)} MB`;
};

const made = (name, properties, children = []) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

class Field {
  constructor(root) {
    this.list = root.querySelector(".files");
    this.says = root.querySelector(".says");
    this.input = root.querySelector("input");
    this.drop = root.querySelector(".drop");
    this.root = root;
    this.items = [];
    this.input.onchange = () => {
      this.add([...this.input.files]);
      this.input.value = ""; // the same file may be chosen again
    };
    this.drop.ondragover = (event) => {
      event.preventDefault();
      this.drop.classList.add("over");
    };
    this.drop.ondragleave = () => this.drop.classList.remove("over");
    this.drop.ondrop = (event) => {
      event.preventDefault();
      this.drop.classList.remove("over");
      this.add([...event.dataTransfer.files]);
    };
    this.watchLine();
  }

  // A page that comes back asks for nothing by itself where it was all drawn. The server may be
  // another one by now, which has none of the files: so the page is told of them again.
  watchLine() {
    const page = document.querySelector("[data-testid=stApp]");
    let wasDown = false;
    this.line = new MutationObserver(() => {
      const isUp = (page.dataset.testConnectionState ?? "CONNECTED") === "CONNECTED";
      if (isUp && wasDown && this.items.length) this.report();
      wasDown = !isUp;
    });
    if (page) this.line.observe(page, { attributeFilter: ["data-test-connection-state"] });
  }

  // What the page says now. Another address is another session: of the files of before it has none.
  hear(data, tell) {
    const isFirst = !this.data;
    const isAnother = !isFirst && this.data.address !== data.address;
    this.data = data;
    this.tell = tell;
    this.root.querySelector(".label").textContent = data.label;
    this.root.querySelector(".choose").textContent = data.mostFiles > 1 ? "Choose files" : "Choose a file";
    this.root.querySelector(".hint").textContent =
      `${data.hint} ${data.endings.join(", ")}; up to ${megabytes(data.mostBytes)}${data.mostFiles > 1 ? " each" : ""}`.trim();
    this.input.multiple = data.mostFiles > 1;
    this.input.accept = data.endings.map((ending) => `.${ending}`).join(",");
    if (isFirst && data.files.length) {
      for (const file of data.files) this.items.push({ ...file, state: "here" });
      this.draw();
      this.report();
    }
    if (isAnother) {
      this.items = this.items.filter((item) => item.file);
      for (const item of this.items) if (item.state !== "refused") this.wait(item);
      this.draw();
      this.next();
    }
  }

  add(files) {
    if (this.data.mostFiles === 1 && files.length === 1) [...this.items].forEach((item) => this.remove(item));
    for (const file of files) {
      const item = { file, name: file.name, size: file.size, sent: 0 };
      this.items.push(item);
      const why = this.refusal(item);
      if (why) this.end(item, "refused", why);
      else this.wait(item);
    }
    this.draw();
    this.next();
  }

  refusal({ name, size }) {
    if (!this.data.endings.some((ending) => name.toLowerCase().endsWith(`.${ending}`))) return this.data.wrongKind;
    if (size > this.data.mostBytes) return this.data.tooLarge;
    return this.items.length > this.data.mostFiles ? this.data.tooMany : "";
  }

  wait(item) {
    // Each try has a number of its own: the server may not know yet that the one before was cut.
    item.number = this.newest = Math.max(Date.now(), (this.newest ?? 0) + 1);
    Object.assign(item, { state: "waiting", words: "waits for its turn", sent: 0 });
  }

  next() {
    if (this.items.some((item) => item.state === "sending")) return;
    const item = this.items.find((one) => one.state === "waiting");
    if (item) this.send(item);
    else this.report();
  }

  address(item, more = "") {
    return `${this.data.address}/${item.number}?name=${encodeURIComponent(item.name)}${more}`;
  }

  async send(item) {
    item.state = "sending";
    this.announce(`${item.name} is being sent.`);
    this.draw();
    const { number } = item;
    const asked = await this.request("POST", this.address(item, `&size=${item.size}`));
    if (item.number !== number || item.state !== "sending") return;
    const answer = asked.status === 204 ? await this.request("PUT", this.address(item), item) : asked;
    if (item.number !== number || item.state !== "sending") return;
    if (answer.status === 204) this.end(item, "here", "is here");
    else if (answer.status === 0) this.end(item, "cut", CUT);
    else if (PASSES.has(answer.status)) this.end(item, "cut", answer.words || NOT_TAKEN);
    else this.end(item, "refused", answer.words || NOT_TAKEN);
    this.draw();
    this.next();
  }

  // The status, 0 where the line is down, and the sentence of our server.
  request(method, address, item) {
    return new Promise((answered) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.onloadend = () => {
        const isOurs = (request.getResponseHeader("content-type") ?? "").startsWith("text/plain");
        answered({ status: request.status, words: isOurs ? request.responseText : "" });
      };
      if (item) {
        item.request = request;
        request.upload.onprogress = (event) => {
          item.sent = event.loaded;
          this.show(item);
        };
      }
      request.send(item?.file);
    });
  }

  end(item, state, words) {
    Object.assign(item, { state, words });
    this.announce(`${item.name}: ${words}`);
  }

  remove(item) {
    this.items = this.items.filter((one) => one !== item);
    const { state } = item;
    item.state = "removed";
    item.request?.abort();
    if (state === "here") this.request("DELETE", this.address(item));
    this.announce(state === "here" ? `${item.name} is removed.` : `${item.name} is not sent.`);
  }

  // The page is told once every file is here: before, somebody may still mend the others.
  report() {
    if (this.items.every((item) => item.state === "here")) this.tell("here", this.items.map((item) => item.number));
  }

  announce(words) {
    this.says.textContent = words;
  }

  draw() {
    this.list.replaceChildren(...this.items.map((item) => this.row(item)));
    for (const item of this.items) this.show(item);
  }

  row(item) {
    const button = (words, press) =>
      made("button", { type: "button", textContent: words, ariaLabel: `${words}: ${item.name}`, onclick: () => {
        press();
        this.draw();
        this.next();
        this.input.focus();
      } });
    const isUnderWay = item.state === "waiting" || item.state === "sending";
    const buttons = [button(isUnderWay ? "Cancel" : "Remove", () => this.remove(item))];
    if (item.state === "cut") buttons.unshift(button("Send again", () => this.wait(item)));
    item.how = made("span", { className: "how" });
    item.bar = made("progress", { max: Math.max(1, item.size), ariaLabel: `${item.name}, how much is sent` });
    const parts = [made("span", { className: "name", textContent: item.name }), item.how];
    if (item.state === "sending") parts.push(item.bar);
    return made("li", {}, [...parts, made("span", { className: "buttons" }, buttons)]);
  }

  show(item) {
    const isSending = item.state === "sending";
    item.how.dataset.state = item.state;
    item.how.textContent = isSending ? `${megabytes(item.sent)} of ${megabytes(item.size)} sent` : item.words ?? megabytes(item.size);
    item.bar.value = item.sent ?? 0;
  }

  close() {
    this.line.disconnect();
    for (const item of this.items) {
      item.state = "removed";
      item.request?.abort();
    }
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".upload");
  root.funnelField ??= new Field(root);
  root.funnelField.hear(data, setStateValue);
  return () => root.funnelField.close();
}
