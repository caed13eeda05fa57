import { Effect, Schema } from "effect"
import type { Experiment, Preset } from "./Experiment.ts"

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

const firstLine = (error: { readonly message: string }): string => error.message.split("\n", 1)[0]!

/**
 * The encoded configuration of a preset with some settings replaced, checked by the experiment's schema.
 *
 * Values are JSON (`0.1`, `[1,2]`, `true`), or else text. Fails with `UnknownSetting` or `InvalidSetting`.
 */
export const resolve = Effect.fnUntraced(function* (
  experiment: Experiment,
  preset: Preset,
  overrides: Readonly<Record<string, string>>,
) {
  return yield* experiment.open((definition) =>
    Effect.gen(function* () {
      const decode = Schema.decodeUnknownEffect(definition.config)
      let config = Schema.encodeSync(definition.config)(
        definition.presets[preset],
      ) as Schema.JsonObject
      const known = Object.keys(config)
      for (const [key, value] of Object.entries(overrides)) {
        if (!known.includes(key)) {
          return yield* new UnknownSetting({ experiment: experiment.id, key, known })
        }
        config = { ...config, [key]: parsed(value) }
        yield* Effect.mapError(
          decode(config),
          (error) =>
            new InvalidSetting({
              experiment: experiment.id,
              key,
              value,
              reason: firstLine(error),
            }),
        )
      }
      return config
    }),
  )
})
