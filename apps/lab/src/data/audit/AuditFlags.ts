/** The flags of `audit`. */
import * as Schema from "effect/Schema"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as ReleaseFlags from "../release/ReleaseFlags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const between = (
  name: string,
  description: string,
  range: { readonly minimum: number; readonly maximum: number },
) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.withSchema(Schema.Int.check(Schema.isBetween(range))),
  )

const Runs = Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 100_000_000 }))
const runsOf = Schema.decodeUnknownSync(Runs)

/** A number of runs, or a file. */
const samplesOf = (text: string): number | string =>
  /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? runsOf(Number(text)) : text

export const flags = {
  other: Argument.String("other").pipe(
    Argument.withDescription("With --samples FILE: the file of outputs on the neighbouring input"),
    Argument.optional,
    Argument.map(Option.getOrUndefined),
  ),
  mechanism: ReleaseFlags.mechanism("The noise to audit"),
  neighbours: Flags.optional(ReleaseFlags.neighbours, "required, except with files"),
  epsilon: Flags.optional(
    ReleaseFlags.epsilon,
    "required; with files optional (then only the bound is printed)",
  ),
  delta: Flag.Finite("delta").pipe(
    Flag.withDescription(
      "Delta: the probability that the guarantee fails. An audit detects nothing at the small delta of a release",
    ),
    Flag.withDefault(0.01),
  ),
  exact: Flag.Boolean("exact").pipe(
    Flag.withDescription(
      "Audit the release itself: clipping, exact sums, grid and discrete noise, on rows twice as long as the bound",
    ),
    Flag.withDefault(false),
  ),
  bound: Flag.Finite("bound").pipe(
    Flag.withDescription("Norm to which rows are clipped; the grid of a release depends on it"),
    Flag.withDefault(1),
  ),
  noise: Flag.Finite("noise").pipe(
    Flag.withDescription("Multiply the noise by this: 0.5 is a known-bad mechanism"),
    Flag.withSchema(Positive),
    Flag.withDefault(1),
  ),
  dimension: between("dimension", "Number of columns; at least 2", {
    minimum: 2,
    maximum: 1000,
  }).pipe(Flag.withDefault(3)),
  samples: Flag.String("samples").pipe(
    Flag.withDescription(
      "Number of runs on each of the two inputs; or, for another program, two files of outputs: one per input, each a NumPy array or a table with one row per run",
    ),
    Flag.withMetavar("count|file"),
    Flag.mapTryCatch(samplesOf, (error) => (error as Error).message),
    Flag.withDefault(200_000),
  ),
  confidence: Flag.Finite("confidence").pipe(
    Flag.withDescription("Probability that a private mechanism passes"),
    Flag.withDefault(0.999),
  ),
  kernels: Flags.kernels,
  seed: Flags.seed,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
