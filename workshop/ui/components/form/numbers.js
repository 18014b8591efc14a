// Numbers, as workshop/forms/number.py reads them.

// A browser that was started without a locale calls its language "C", which is refused.
function numbersOf(language) {
  try {
    return new Intl.NumberFormat(language);
  } catch {
    return new Intl.NumberFormat("en-US");
  }
}

const decimalMark =
  numbersOf(navigator.language).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";

const takes = (limits, value) => limits.low <= value && value <= limits.high && !(limits.whole && value % 1);

// Returns the number and what is wrong with it; NaN with no problem where only the server can say.
function readNumber(typed, limits) {
  const text = typed.replace(/[\s%]/g, "");
  if (!text) return { value: NaN, problem: "" };
  const [, whole, mark, rest] = text.match(/^([1-9]\d{0,2})([.,])(\d{3})$/) ?? [];
  let value = NaN;
  if (whole) {
    const grouped = Number(whole + rest);
    const decimal = Number(`${whole}.${rest}`);
    const isDecimal = mark === decimalMark && takes(limits, decimal);
    if (isDecimal && takes(limits, grouped)) {
      const problem = limits.says.which_one.replace("{grouped}", grouped).replace("{decimal}", decimal);
      return { value: NaN, problem };
    }
    value = isDecimal ? decimal : grouped;
  } else if (/^(\d+[.,]?\d*|[.,]\d+)$/.test(text)) {
    value = Number(text.replace(",", "."));
  } else if (!/\d/.test(text)) {
    return { value, problem: limits.says.no_number };
  }
  if (Number.isNaN(value)) return { value, problem: "" };
  if (value < limits.low || value > limits.high) return { value, problem: limits.says.out_of };
  return { value, problem: takes(limits, value) ? "" : limits.says.not_whole };
}
