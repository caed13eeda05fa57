/** What differs between two values read from JSON, as one line for each place. */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (!isObject(value)) return JSON.stringify(value)
  return Array.isArray(value) ? `${value.length} entries` : "an object"
}

/** The places at which `left` and `right` differ, but for the keys in `ignored` at any depth; numbers by their bits. */
export const differences = (
  left: unknown,
  right: unknown,
  ignored: ReadonlySet<string>,
  at = "",
): ReadonlyArray<string> => {
  const isAlike = isObject(left) && isObject(right) && Array.isArray(left) === Array.isArray(right)
  if (!isAlike) {
    return Object.is(left, right) ? [] : [`${at}: ${shown(left)}, and ${shown(right)}`]
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys]
    .filter((key) => !ignored.has(key))
    .flatMap((key) => differences(left[key], right[key], ignored, `${at}/${key}`))
}
