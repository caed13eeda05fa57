import { Effect, Schema } from "effect"
import type { Configured, Experiment, Preset } from "./Experiment.ts"

import * as Refusals from "./Refusals.ts"

/** A setting that the experiment does not have. */
export class UnknownSetting extends Schema.TaggedError<UnknownSetting>()("UnknownSetting", {
  experiment: Schema.String,
  key: Schema.String,
  known: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.experiment} has no setting "${this.key}"; it has ${this.known.join(", ")}`
  }
}

/** A value that the experiment's schema refuses. */
export class InvalidSetting extends Schema.TaggedError<InvalidSetting>()("InvalidSetting", {
  experiment: Schema.String,
  key: Schema.String,
  value: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.experiment}: ${this.key}=${this.value} is refused: ${this.reason}`
  }
}

const parsed = (text: string): Schema.Json => {
  try {
    return JSON.parse(text) as Schema.Json
  } catch {
    return text
  }
}

/** Reports the setting in which the schema found the first error; for a rule over several settings, the one set last. */
const invalid = (
  experiment: Experiment,
  config: Schema.JsonObject,
  overrides: Readonly<Record<string, string>>,
  error: Schema.SchemaError,
): InvalidSetting => {
  const { expected, path } = Refusals.refusals(error)[0]!
  const [first, ...inside] = path
  const key = first === undefined ? Object.keys(overrides).at(-1)! : String(first)
  return new InvalidSetting({
    experiment: experiment.id,
    key,
    value: overrides[key] ?? JSON.stringify(config[key]),
    reason: inside.length === 0 ? expected : `${expected} at ${Refusals.place(path)}`,
  })
}

/**
 * An experiment with the configuration of a preset, some settings replaced.
 *
 * Values are JSON (`0.1`, `[1,2]`, `true`), or else text. Fails with `UnknownSetting` or `InvalidSetting`.
 */
export const resolve = Effect.fnUntraced(function* (
  experiment: Experiment,
  preset: Preset,
  overrides: Readonly<Record<string, string>>,
): Effect.fn.Return<Configured, UnknownSetting | InvalidSetting> {
  const standard = experiment.preset(preset)
  const known = [...Object.keys(standard), ...(experiment.optional ?? [])]
  const key = Object.keys(overrides).find((name) => !known.includes(name))
  if (key !== undefined) {
    return yield* new UnknownSetting({ experiment: experiment.id, key, known })
  }
  const config: Schema.JsonObject = Object.fromEntries(
    known.flatMap((name) => {
      const override = overrides[name]
      const value = override === undefined ? standard[name] : parsed(override)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  return yield* Effect.try({
    try: () => experiment.configure(config),
    catch: (error) => {
      if (Schema.isSchemaError(error)) return invalid(experiment, config, overrides, error)
      throw error
    },
  })
})
