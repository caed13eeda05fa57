/** Lines of a ledger, each with the hash of the previous line, and their total. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import { logDeltaUpper } from "../privacy/GaussianTail.ts"
import * as PurePrivacy from "../privacy/PurePrivacy.ts"
import type { GridPlan } from "../release/GridPlan.ts"
import { idealDelta, idealTarget } from "../release/GridPrice.ts"
import { Neighbours, type Target } from "../privacy/Target.ts"

/** The first line: for which data the ledger counts, and its budget. */
const Opening = Schema.Struct({
  ledger: Schema.Literal("nonconvex/1"),
  /** The public name of the data. */
  dataset: Schema.String,
  neighbours: Neighbours,
  /** Rows of one person that are protected together; default 1. */
  rowsPerPerson: Schema.optionalKey(Schema.Int),
  epsilon: Schema.Finite,
  delta: Schema.Finite,
  hash: Schema.String,
})
export type Opening = typeof Opening.Type

/** The line of a Gaussian spend; the first ledgers had no other. */
const GaussianEntry = Schema.Struct({
  entry: Schema.Int,
  purpose: Schema.String,
  mechanism: Schema.String,
  epsilon: Schema.Finite,
  delta: Schema.Finite,
  mu: Schema.Finite,
  excess: Schema.Finite,
  previous: Schema.String,
  hash: Schema.String,
})

/** The line of a spend whose delta is 0. */
const PureEntry = Schema.Struct({
  entry: Schema.Int,
  kind: Schema.Literal("pure"),
  purpose: Schema.String,
  mechanism: Schema.String,
  epsilon: Schema.Finite,
  previous: Schema.String,
  hash: Schema.String,
})

const Entry = Schema.Union([GaussianEntry, PureEntry])
export type Entry = typeof Entry.Type

/** Release that a ledger can pay for: the name of its mechanism, and its guarantee. */
export interface Priced {
  readonly mechanism: { readonly name: string }
  readonly privacy: GridPlan["privacy"] | PurePrivacy.PureGuarantee
}

/** Content of the lines of a ledger. */
export interface Book {
  readonly opening: Opening
  readonly entries: ReadonlyArray<Entry>
}

/** Rejects unknown fields, which could change the meaning of others and are covered by no hash. */
const strictly = { onExcessProperty: "error" } as const
const decodeOpening = Schema.decodeUnknownOption(Schema.fromJsonString(Opening), strictly)
const decodeEntry = Schema.decodeUnknownOption(Schema.fromJsonString(Entry), strictly)
const decodeSealed = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.StructWithRest(Schema.Struct({ hash: Schema.String }), [
      Schema.Record(Schema.String, Schema.Unknown),
    ]),
  ),
)

/** SHA-256 of the fields as JSON, in their order, by the Web Cryptography of browsers and node. */
const digest = (record: object): Effect.Effect<string> =>
  Effect.promise(async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(record))
    return Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))
  })

/** The record with the hash of its fields. */
const sealed = <Fields extends object>(fields: Fields) =>
  Effect.map(digest(fields), (hash) => ({ ...fields, hash }))

const isSealed = ({ hash, ...fields }: { readonly hash: string }): Effect.Effect<boolean> =>
  Effect.map(digest(fields), (right) => right === hash)

/** The first record. */
export const opening = (fields: Omit<Opening, "ledger" | "hash">): Effect.Effect<Opening> => {
  const { dataset, delta, epsilon, neighbours, rowsPerPerson = 1 } = fields
  const unit = rowsPerPerson === 1 ? {} : { rowsPerPerson }
  return sealed({ ledger: "nonconvex/1", dataset, neighbours, ...unit, epsilon, delta })
}

/** The rows of one person that a ledger protects together. */
export const rowsPerPersonOf = ({ rowsPerPerson = 1 }: Opening): number => rowsPerPerson

/** Record of a spend after those of `book`. */
export const next = (book: Book, plan: Priced, purpose: string): Effect.Effect<Entry> => {
  const entry = book.entries.length + 1
  const previous = (book.entries.at(-1) ?? book.opening).hash
  const { mechanism, privacy } = plan
  if (isPure(privacy)) {
    const { epsilon, kind } = privacy
    return sealed({ entry, kind, purpose, mechanism: mechanism.name, epsilon, previous })
  }
  const { delta, epsilon, excess, mu } = privacy
  return sealed({
    entry,
    purpose,
    mechanism: mechanism.name,
    epsilon,
    delta,
    mu,
    excess,
    previous,
  })
}

/** Record as a line, without its line break. */
export const line = (record: Opening | Entry): string => JSON.stringify(record)

/** Tests whether a text is the complete line of its number, independent of earlier lines; line 0 is the opening. */
export const isWhole = Effect.fnUntraced(function* (text: string, number: number) {
  const entry = Option.getOrUndefined(decodeEntry(text))
  const record = number === 0 ? Option.getOrUndefined(decodeOpening(text)) : entry
  if (record === undefined || (number > 0 && entry?.entry !== number)) return false
  return yield* isSealed(record)
})

/**
 * Tests whether a text is intact by its hash, but of a format that this version does not read. To count only the lines that it
 * reads would lose spends.
 */
export const isUnfamiliar = Effect.fnUntraced(function* (text: string) {
  const record = Option.getOrUndefined(decodeSealed(text))
  if (record === undefined || !(yield* isSealed(record))) return false
  return Option.isNone(decodeOpening(text)) && Option.isNone(decodeEntry(text))
})

/** Book of the given lines; undefined if a line is invalid or does not follow the previous one. */
export const parse = Effect.fnUntraced(function* (lines: ReadonlyArray<string>) {
  const [first, ...rest] = lines
  const start = decodeOpening(first)
  if (Option.isNone(start) || !(yield* isSealed(start.value))) return Option.none<Book>()
  const entries: Array<Entry> = []
  let previous = start.value.hash
  for (const text of rest) {
    const entry = decodeEntry(text)
    if (Option.isNone(entry) || !(yield* isSealed(entry.value))) return Option.none<Book>()
    if (entry.value.previous !== previous || entry.value.entry !== entries.length + 1) {
      return Option.none<Book>()
    }
    entries.push(entry.value)
    previous = entry.value.hash
  }
  return Option.some<Book>({ opening: start.value, entries })
})

/** Cost of a Gaussian release: see `GridPlan.privacy`. */
interface GaussianSpend {
  readonly mu: number
  readonly excess: number
}

/** Cost of a release whose delta is 0. */
type PureSpend = Pick<PurePrivacy.PureGuarantee, "kind" | "epsilon">

export type Spend = GaussianSpend | PureSpend

const isPure = <Pure extends PureSpend>(spend: GaussianSpend | Pure): spend is Pure =>
  "kind" in spend

/**
 * Spends together: mu and excess of the Gaussian ones (undefined if there are none), and the exact sum of the pure epsilons.
 *
 * The epsilon of the whole is that of the Gaussian ones plus the sum, at the delta of the Gaussian ones, also where each release is
 * chosen by the results of earlier ones (derived here). Let P and Q be the distributions of all results on two neighbours, and R
 * that where the Gaussian releases read the second and the pure ones the first. From P to R only Gaussian releases change, so
 * P(S) <= e^e R(S) + delta; and R(S) <= e^E Q(S), since the ratio of their densities is a product of ratios at most e^E.
 */
const total = (spends: ReadonlyArray<Spend>) => {
  const gaussian = spends.filter((spend): spend is GaussianSpend => !isPure(spend))
  return {
    gaussian:
      gaussian.length === 0
        ? undefined
        : {
            mu: GaussianPrivacy.compose(gaussian.map(({ mu }) => mu)),
            excess: gaussian.reduce((sum, { excess }) => sum + excess, 0),
          },
    pure: PurePrivacy.total(spends.filter((spend) => isPure(spend)).map(({ epsilon }) => epsilon)),
  }
}

/** epsilon of the spends together at the budget's delta; 0 for none, and infinite for Gaussian ones without a delta. */
export const spentEpsilon = (spends: ReadonlyArray<Spend>, { delta }: Target): number => {
  const { gaussian, pure } = total(spends)
  const sum = PurePrivacy.toNumber(pure)
  if (gaussian === undefined) return sum
  if (delta === 0) return Number.POSITIVE_INFINITY
  const { excess, mu } = gaussian
  return sum + GaussianPrivacy.epsilon(mu, idealDelta(delta, excess)) + 2 * excess
}

/** Tests whether the spends together stay within the budget. */
export const fits = (spends: ReadonlyArray<Spend>, { delta, epsilon }: Target): boolean => {
  const { gaussian, pure } = total(spends)
  const left = Rational.subtract(PurePrivacy.exact(epsilon), pure)
  if (Rational.compare(left, Rational.zero) < 0) return false
  if (gaussian === undefined) return true
  const { excess, mu } = gaussian
  const forGaussian = Rational.isZero(pure) ? epsilon : PurePrivacy.toNumber(left) * (1 - 2 ** -52)
  if (delta === 0 || 2 * excess >= forGaussian) return false
  const ideal = idealTarget({ epsilon: forGaussian, delta }, excess)
  return logDeltaUpper(mu, ideal.epsilon) <= Elementary.log(ideal.delta)
}
