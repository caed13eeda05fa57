import { sha256 } from "@nonconvex/datasets/Dataset"
import { Effect, Schema } from "effect"
import { KernelsName } from "./Capabilities.ts"

/** Kind of a run: an experiment, a claim or an erratum. */
const Kind = Schema.Literals(["experiment", "claim", "erratum"])
export type Kind = typeof Kind.Type

/**
 * Kernels identified by the origin of their bits: a name, or an export of a module with the SHA-256 of its code. The
 * location of the module is excluded.
 */
const KernelsIdentity = Schema.Union([
  KernelsName,
  Schema.String.check(
    Schema.isPattern(/^[\w$]{1,20}@[0-9a-f]{64}$/, {
      message:
        "Expected kernels by name, or an export and the SHA-256 of its code, as mine@0a1b...",
    }),
  ),
])

/** Everything that determines the bits of a run: equal keys give equal rows, margins and counterexamples. */
export const RunKey = Schema.Struct({
  kind: Kind,
  /** The id of the experiment or the statement. */
  subject: Schema.String,
  /** The encoded configuration of an experiment; the number of runs of a claim. */
  config: Schema.Json,
  seed: Schema.Int,
  kernels: KernelsIdentity,
  /** SHA-256 over the files of a user's data folder, or the identity of a data layer; absent with the bundled data, which `code` includes. */
  data: Schema.optionalKey(Schema.String),
  /** SHA-256 of the code and the data of the system and of the packages that it depends on. */
  code: Schema.String,
})
export type RunKey = typeof RunKey.Type

/** JSON with the fields of objects sorted by name, so that equal values give equal texts. */
export const canonical = (value: Schema.Json): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  const fields = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
  return `{${fields.join(",")}}`
}

/** Id of a run on every machine: SHA-256 of its key, 64 hexadecimal digits. */
export const idOf = (key: RunKey): Effect.Effect<string> =>
  sha256(canonical(Schema.encodeSync(RunKey)(key)))
