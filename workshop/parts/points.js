// Says, while somebody types an estimate, what it means in points of conversion.
export default function ({ data, parentElement }) {
  const means = parentElement.querySelector(".means");
  const inputs = (field) => [...document.querySelectorAll(`.st-key-${field} input`)];
  // As workshop/intake/amounts.py reads a field: a mark before three digits groups, 12,5 is 12.5.
  const number = (typed = "") => {
    const text = typed.replace(/[\s%]/g, "");
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return Number(text.replace(/[.,]/, ""));
    return /^(\d+[.,]?\d*|[.,]\d+)$/.test(text) ? Number(text.replace(",", ".")) : NaN;
  };
  const fraction = (field) => number(inputs(field)[0]?.value) / 100;
  const round = (number, digits) =>
    number.toLocaleString("en-US", { maximumFractionDigits: digits });

  const say = () => {
    const [low, likely, high] = ["idea_low", "idea_likely", "idea_high"].map(fraction);
    const reason = inputs("idea_reason").findIndex((input) => input.checked);
    const segment = data.segments.indexOf(inputs("idea_segment")[0]?.value);
    const lost = data.lost[Math.max(segment, 0)][Math.max(reason, 0)];
    if (!(likely >= 0 && likely <= 1) || !data.entered) {
      means.textContent = "Enter low, likely and high to see what they mean in points of conversion.";
      return;
    }
    const points = (share) => round((share * lost * 100) / data.entered, 1);
    const inOrder = low <= likely && likely <= high && high <= 1;
    const span = inOrder ? ` (${points(low)} to ${points(high)})` : "";
    means.textContent =
      `= ${points(likely)} points of conversion${span}: about ${round(likely * lost, 0)} more of ` +
      `${round(data.entered, 0)} go on to ${data.target}.`;
  };

  // After the event: a step button changes its input later than the click.
  const soon = () => setTimeout(say, 0);
  const kinds = ["input", "change", "click", "keyup"];
  for (const kind of kinds) document.addEventListener(kind, soon, true);
  // What the server puts into a field raises no event.
  const again = setInterval(say, 500);
  say();
  return () => {
    clearInterval(again);
    for (const kind of kinds) document.removeEventListener(kind, soon, true);
  };
}
