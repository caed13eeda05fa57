/** The lines of logarithmic axes in a Vega-Lite specification. */
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Powers of ten from the one below the least positive value of a field to the one above the greatest. */
const decades = (rows: ReadonlyArray<unknown>, field: unknown): number => {
  const positive = rows.flatMap((row) => {
    const value = isObject(row) ? row[String(field)] : undefined
    return typeof value === "number" && value > 0 ? [Math.log10(value)] : []
  })
  if (positive.length === 0) return 1
  const low = positive.reduce((a, b) => Math.min(a, b))
  const high = positive.reduce((a, b) => Math.max(a, b))
  return Math.ceil(high) - Math.floor(low)
}

/** A logarithmic axis over two decades or more has lines at the powers of ten alone: nine a decade are a fog. */
const withPowers = (channel: unknown, rows: ReadonlyArray<unknown>): unknown =>
  isObject(channel) && isObject(channel["scale"]) && channel["scale"]["type"] === "log"
    ? Object.assign({}, channel, {
        axis: Object.assign(
          // d3 draws the lines between powers where there are fewer decades than ticks
          { tickCount: Math.max(2, Math.min(8, decades(rows, channel["field"]))) },
          channel["axis"],
        ),
      })
    : channel

/** The specification with a tick count for each of its logarithmic axes; what has no encoding stays as it is. */
export const calm = (spec: unknown): object => {
  if (!isObject(spec)) return {}
  const { data, encoding } = spec
  if (!isObject(encoding)) return spec
  const rows =
    isObject(data) && Array.isArray(data["values"])
      ? (data["values"] as ReadonlyArray<unknown>)
      : []
  const { x, y } = encoding
  const calmed = Object.assign({}, encoding, { x: withPowers(x, rows), y: withPowers(y, rows) })
  return Object.assign({}, spec, { encoding: calmed })
}
