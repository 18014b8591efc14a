// What the numbers of a form mean, in the words and by the coefficients that the server has sent.

function meaningOf(line, fields) {
  const by = Object.fromEntries(fields.map((one) => [one.field.key, one]));
  return line.by ? sentenceOf(line, by[line.field]) : sumOf(line, by);
}

// The last sentence whose least number is reached.
function sentenceOf(line, { value: typed, field }) {
  const { value, problem } = readNumber(typed, field.limits);
  if (Number.isNaN(value) || problem) return line.empty;
  return line.by.findLast(([least]) => least <= value)?.[1] ?? line.empty;
}

function sumOf(line, by) {
  const codes = line.choices.map((key) => by[key]?.value ?? "");
  const worth = line.coefficients.find(([chosen]) => JSON.stringify(chosen) === JSON.stringify(codes))?.[1] ?? 0;
  const numbers = {};
  let isKnown = true;
  let hasSpan = true;
  for (const [name, [key, divisor, digits]] of Object.entries(line.terms)) {
    const { value, problem } = readNumber(by[key].value, by[key].field.limits);
    const isNumber = !Number.isNaN(value) && !problem;
    if (line.words.includes(`{${name}}`)) isKnown &&= isNumber;
    else hasSpan &&= isNumber;
    numbers[name] = ((value * worth) / divisor).toLocaleString("en-US", { maximumFractionDigits: digits });
  }
  if (!isKnown) return line.empty;
  const words = line.words.replace("{span}", hasSpan ? line.span : "");
  return words.replace(/\{(\w+)\}/g, (all, name) => numbers[name] ?? all);
}
