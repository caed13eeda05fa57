import { Option, Schema } from "effect"

/** What reproduces one counterexample: the claim or erratum, the control if any, and fast-check's seed and path. */
export interface Replay {
  readonly id: string
  /** The name of the control, where the counterexample is one of a control. */
  readonly control?: string
  readonly seed: number
  readonly path: string
}

/** A text that is not a replay token. */
export class BadReplayToken extends Schema.TaggedError<BadReplayToken>()("BadReplayToken", {
  token: Schema.String,
}) {
  override get message(): string {
    return `"${this.token}" is not a replay token; copy one from a verdict, such as optim-sam/step-length@42:3:0`
  }
}

/** A control that the claim does not have. */
export class UnknownControl extends Schema.TaggedError<UnknownControl>()("UnknownControl", {
  id: Schema.String,
  control: Schema.String,
  known: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const known = this.known.length === 0 ? "it has none" : `it has ${this.known.join(", ")}`
    return `${this.id} has no control "${this.control}"; ${known}`
  }
}

/** A token whose path leads to no instance. */
export class StaleReplayToken extends Schema.TaggedError<StaleReplayToken>()("StaleReplayToken", {
  token: Schema.String,
}) {
  override get message(): string {
    return `"${this.token}" leads to no instance: those of the claim have changed since; verify it again`
  }
}

const pattern = /^([^@!]+)(?:!([^@]+))?@(-?\d+):([\d:]+)$/

/** The token as verdicts print it: `<claim>[!<control>]@<seed>:<path>`. */
export const format = (replay: Replay): string =>
  `${replay.id}${replay.control === undefined ? "" : `!${replay.control.replaceAll(" ", "-")}`}@${replay.seed}:${replay.path}`

export const parse = (token: string): Option.Option<Replay> => {
  const match = pattern.exec(token)
  if (match === null) return Option.none()
  const [, id, control, seed, path] = match
  const replay = { id: id!, seed: Number(seed), path: path! }
  return Option.some(control === undefined ? replay : { ...replay, control })
}

/** Control names are written with spaces and quoted in tokens with hyphens. */
export const isControl = (replay: Replay, name: string): boolean =>
  replay.control === name.replaceAll(" ", "-")
