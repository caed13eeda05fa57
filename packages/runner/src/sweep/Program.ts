/** A program of the user as data: each trial of a sweep starts it once. */
import { Schema } from "effect"

/** Seconds that a trial may take; more than a year is a slip, and more than timers count. */
const Seconds = Schema.Finite.check(
  Schema.isGreaterThan(0),
  Schema.isLessThanOrEqualTo(366 * 86_400),
)

export const Program = Schema.Struct({
  /** Its command line, with settings in braces: `python train.py --lr {lr} --seed {seed}`. No shell reads it. */
  command: Schema.NonEmptyString,
  /** File or folder to which it writes its metrics, with settings in braces; absent if it prints them. */
  results: Schema.optionalKey(Schema.NonEmptyString),
  /** Files and folders on which its results depend, beside those that the command line starts. */
  code: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  /** Each setting is an environment variable of its name, and the seed is `SEED`. */
  env: Schema.optionalKey(Schema.Literal(true)),
  /** Seconds after which a trial is ended, and fails. */
  timeout: Schema.optionalKey(Seconds),
})
export type Program = typeof Program.Type
