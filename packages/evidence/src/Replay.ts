import { Option, Schema } from "effect"

/** Replay token of one instance: the claim or erratum, the control if any, and fast-check's seed and path. */
export interface Replay {
  readonly id: string
  /** The name of the control, where the counterexample is one of a control; in its short form once parsed. */
  readonly control?: string
  /** A 32-bit integer. */
  readonly seed: number
  /**
   * Number of the draw, or the choices that generate it (`.3.500`), followed by the steps of shrinking. The growth of the
   * instance (`size8`), if any, comes first.
   */
  readonly path: string
}

/** The text is not a replay token. */
export class BadReplayToken extends Schema.TaggedError<BadReplayToken>()("BadReplayToken", {
  token: Schema.String,
}) {
  override get message(): string {
    return `"${this.token}" is not a replay token; copy one from a verdict, for example optim-sam/normalised-step-length@42:3:0`
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

/** The path of a token leads to no instance. */
export class StaleReplayToken extends Schema.TaggedError<StaleReplayToken>()("StaleReplayToken", {
  token: Schema.String,
}) {
  override get message(): string {
    return `"${this.token}" does not name an instance, because the claim has changed; verify it again`
  }
}

/** Limits of a search: 10,000,000 runs, or instances of a thousand choices, and a few hundred shrinking steps for each. */
const pattern =
  /^([^@+\s]{1,200})(?:\+([^@+\s]{1,200}))?@(-?\d{1,10}):((?:(?:horizon|size)\d{1,8}:)?(?:\d{1,8}|\.|(?:\.\d{1,16}){1,1000})(?::\d{1,8}){0,999})$/

/**
 * Name of a control in tokens: its letters, digits and dots, with hyphens for everything between.
 *
 * No shell treats these characters specially, so a token can be pasted without quotes.
 *
 * @internal
 */
export const short = (control: string): string =>
  control.replaceAll(/[^\p{L}\p{N}.]+/gu, "-").replaceAll(/^-|-$/g, "")

/**
 * The token as verdicts print it: `<claim>[+<control>]@<seed>:<path>`.
 *
 * @internal
 */
export const format = (replay: Replay): string =>
  `${replay.id}${replay.control === undefined ? "" : `+${short(replay.control)}`}@${replay.seed}:${replay.path}`

/** The parts of a token; none where the text is not one. */
export const parse = (token: string): Option.Option<Replay> => {
  const match = pattern.exec(token)
  if (match === null) return Option.none()
  const [, id, control, digits, path] = match
  const seed = Number(digits)
  if (seed !== (seed | 0)) return Option.none()
  const replay = { id: id!, seed, path: path! }
  return Option.some(control === undefined ? replay : { ...replay, control })
}

/** Tests whether the token refers to the control of this name. */
export const isControl = (replay: Replay, name: string): boolean =>
  replay.control !== undefined && short(replay.control) === short(name)
