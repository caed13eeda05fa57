/** Numbers as in axes, legends and tooltips: 0.02, 1,000 and 10⁻⁶. */
/** Sizes below and above which numbers are written with a power of ten. */
const [smallest, largest] = [1e-3, 1e5]

const raised: ReadonlyArray<readonly [plain: string, raised: string]> = [
  ...Array.from("0123456789", (digit, at) => [digit, "⁰¹²³⁴⁵⁶⁷⁸⁹"[at]!] as const),
  ["-", "⁻"],
  ["+", ""],
]

const power = (exponent: string): string =>
  raised.reduce((text, [plain, up]) => text.replaceAll(plain, up), exponent)

/** A number in scientific notation with its power of ten: `1.5e-7` is 1.5×10⁻⁷. */
const scientific = (text: string): string => {
  const [mantissa = "", exponent = ""] = text.split("e")
  const factor = { "1": "", "-1": "−" }[mantissa] ?? `${mantissa.replace("-", "−")}×`
  return `${factor}10${power(exponent)}`
}

/** A number with four significant digits, as a label or a tooltip shows it. */
export const shown = (value: number): string => {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (value !== 0 && (size < smallest || size >= largest)) {
    return scientific(Number(value.toPrecision(4)).toExponential())
  }
  const [integer = "", fraction] = String(Number(value.toPrecision(6))).split(".")
  const grouped = integer.replace("-", "−").replaceAll(/\B(?=(?:\d{3})+$)/g, ",")
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A text whose numbers in scientific notation become powers of ten; the rest is unchanged. */
export const withPowers = (text: string): string =>
  text.replaceAll(/(?<![\w.])[-−]?\d+(?:\.\d+)?e[-+−]?\d+(?![\w.])/g, (number) =>
    scientific(number.replaceAll("−", "-")),
  )

/** Replaces each occurrence of a text in the value of a Vega expression. */
const replaced = (expression: string, plain: string, by: string): string =>
  `join(split(${expression}, '${plain}'), '${by}')`

const exponentOf = raised.reduce(
  (expression, [plain, up]) => replaced(expression, plain, up),
  "split(format(datum.value, '.3~e'), 'e')[1]",
)

const mantissaOf = "split(format(datum.value, '.3~e'), 'e')[0]"

const raisedOf = `(${mantissaOf} == '1' ? '' : ${mantissaOf} == '−1' ? '−' : ${mantissaOf} + '×') + '10' + ${exponentOf}`

/** Vega expression that writes the value of a tick in the same way. */
export const labelExpr = `!isNumber(datum.value) ? datum.label : datum.value == 0 ? '0' : abs(datum.value) >= ${largest} || abs(datum.value) < ${smallest} ? ${raisedOf} : format(datum.value, ',.6~r')`
