/** Scale of an experiment in words, from its configuration, its data and its seeds. */
import type { ExperimentResult } from "@nonconvex/evidence"
import type { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

/** Longer lists are shown by their first and last values. */
const mostValues = 6

const listed = (values: ReadonlyArray<string>): string =>
  values.length <= mostValues
    ? values.join(", ")
    : `${values[0]}, ${values[1]} to ${values.at(-1)} (${values.length})`

const scalar = (value: Schema.Json): string =>
  typeof value === "number"
    ? Table.number(value)
    : typeof value === "string"
      ? value
      : JSON.stringify(value)

type Fields = Readonly<Record<string, Schema.Json>>

const isFields = (value: Schema.Json): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Range of each numeric field, such as `depth 2 to 3`. */
const ranges = (settings: ReadonlyArray<Fields>): ReadonlyArray<string> =>
  [...new Set(settings.flatMap(Object.keys))].flatMap((name) => {
    const numbers = settings
      .map((each) => each[name])
      .filter((value) => typeof value === "number")
      .toSorted((a, b) => a - b)
    const [least, most] = [numbers[0], numbers.at(-1)]
    if (least === undefined || most === undefined) return []
    const range = least === most ? "" : ` to ${Table.number(most)}`
    return [`${name} ${Table.number(least)}${range}`]
  })

const inWords = (name: string, value: Schema.Json): string => {
  if (isFields(value)) return [name, ...ranges([value])].join(", ")
  if (!Array.isArray(value)) return `${name} ${scalar(value)}`
  const settings = value.filter(isFields)
  if (settings.length === 0) return `${name} ${listed(value.map(scalar))}`
  const of = ranges(settings)
  return `${settings.length} ${name}${of.length === 0 ? "" : ` (${of.join(", ")})`}`
}

/** `dimension 40; steps 3000; 135 rows`. */
export const ofConfig = ({ config, rows }: ExperimentResult): string =>
  [
    ...(isFields(config)
      ? Object.entries(config).map(([name, value]) => inWords(name, value))
      : []),
    Table.plural(rows.length, "row"),
  ].join("; ")

/** `digits, sha256 ...`; data not in a file come from the seed. */
export const ofData = ({ data = [] }: ExperimentResult): string =>
  data.length === 0
    ? "no external data: generated from the seed or the settings"
    : data.map(({ digest, name }) => `${name}, sha256 ${digest}`).join("; ")

/** The root seed, and the number of runs with seeds below it if the settings name one. */
export const ofSeeds = (result: ExperimentResult): string => {
  const { config, deterministic, seed } = result
  if (deterministic !== undefined) return `independent of the root seed: ${deterministic}`
  const own = isFields(config) ? ["seeds", "starts", "trials", "runs"] : []
  const counted = own.flatMap((name) => {
    const count = (config as Fields)[name]
    return typeof count === "number" ? [`${Table.count(count)} ${name} below it`] : []
  })
  const over = result.expectations.find(({ seeds }) => seeds !== undefined)?.seeds
  return [
    `shown: root seed ${seed}`,
    ...(over === undefined
      ? []
      : [
          `expectations judged over ${over.of} root seeds, of which at least ${over.least} must hold`,
        ]),
    ...counted,
  ].join(", ")
}
