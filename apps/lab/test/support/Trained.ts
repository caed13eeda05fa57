/** Tables as people have them, and trainings on them. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { PredictReport } from "../../src/data/predict/PredictReport.ts"
import { SavedNetwork } from "../../src/networks/SavedNetwork.ts"
import { TrainReport } from "../../src/data/train/TrainReport.ts"
import { temporary } from "./Folders.ts"
import { nonconvex } from "./InProcess.ts"

const decoder = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

export const decodeSaved = decoder(SavedNetwork)

export const written = (text: string | Uint8Array, name = "data.csv"): string => {
  const file = join(temporary(), name)
  writeFileSync(file, text)
  return file
}

/** What `nonconvex train <args> --json` prints. */
export const train = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["train", ...args, "--quiet", "--json"])
  assert.strictEqual(code, 0, stderr)
  return yield* decoder(TrainReport)(stdout)
})

/** What `nonconvex predict <args> --json` prints. */
export const predict = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["predict", ...args, "--quiet", "--json"])
  assert.strictEqual(code, 0, stderr)
  return yield* decoder(PredictReport)(stdout)
})

/** The line of a command that ends with 1 and prints nothing. */
export const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], args)
  assert.strictEqual(code, 1, stderr)
  assert.strictEqual(stdout, "")
  assert.notInclude(stderr, "\n")
  return stderr
})

/** 60 patients: an identifier, a number with holes, words, an order, and an outcome that these decide. */
export const patients: ReadonlyArray<Readonly<Record<string, string | number>>> = Array.from(
  { length: 60 },
  (_, i) => {
    const age = 20 + ((37 * i) % 60)
    const ward = ["north", "south", "west"][i % 3]!
    const stage = ["low", "mid", "high"][(7 * i) % 3]!
    const risk = (age - 50) / 20 + (ward === "north" ? 1 : -0.5) + (stage === "high" ? 1 : 0)
    return {
      id: `P${1000 + i}`,
      age: i % 11 === 5 ? "" : age + 0.5,
      ward: i % 13 === 7 ? "" : ward,
      stage,
      outcome: risk > 0 ? "ill" : "well",
    }
  },
)

/** Rows as text, with the columns of the first in its order, or these. */
export const table = (
  rows: ReadonlyArray<Readonly<Record<string, string | number>>>,
  {
    columns = Object.keys(rows[0]!),
    decimal = ".",
    delimiter = ",",
  }: {
    readonly columns?: ReadonlyArray<string>
    readonly decimal?: string
    readonly delimiter?: string
  } = {},
): string => {
  const cell = (value: string | number | undefined) =>
    typeof value === "number" ? String(value).replace(".", decimal) : (value ?? "")
  return [columns, ...rows.map((row) => columns.map((name) => cell(row[name])))]
    .map((cells) => `${cells.join(delimiter)}\n`)
    .join("")
}

/** A network for the outcome of the patients, and its file. */
export const ofPatients = Effect.fnUntraced(function* (...more: ReadonlyArray<string>) {
  const file = written(table(patients), "patients.csv")
  const save = join(temporary(), "patients.json")
  const args = ["--target", "outcome", "--ordinal", "stage=low,mid,high", "--save", save]
  return { file, save, report: yield* train(file, ...args, ...more) }
})
