/** Claims about integers, whose verdict can be told by counting. */
import {
  claim,
  type Claim,
  Draw,
  erratum,
  type Erratum,
  Exact,
  type Margin,
} from "../../src/index.ts"
import type { Asked } from "../../src/Trial.ts"

export const source = { paper: "none", statement: "counting", basis: "derived here" } as const

export interface Drawn {
  readonly n: number
}

/** Integers from 0 to `largest`, uniform. */
export const upTo = (largest: number) => Draw.record<Drawn>({ n: Draw.integer(0, largest) })

export const mishaps = ["throws", "gives NaN"] as const

/** What a margin can do instead of being a number. */
export type Mishap = (typeof mishaps)[number]

const happen = (mishap: Mishap): Margin.Comparison => {
  switch (mishap) {
    case "throws":
      throw new RangeError("thrown on purpose")
    case "gives NaN":
      return { margin: Number.NaN }
  }
}

/** The statement "an integer is at most `limit`", with a mishap from some integer on. */
interface Statement {
  readonly limit: number
  readonly mishap?: { readonly from: number; readonly kind: Mishap }
}

/** The statement, tried on the integers from 0 to `largest`. */
export const trial = ({ limit, mishap }: Statement, largest: number) => ({
  instances: upTo(largest),
  margin: ({ instance: { n } }: Asked<Drawn>): Margin.Comparison =>
    mishap !== undefined && n >= mishap.from ? happen(mishap.kind) : { margin: limit - n },
})

export interface Bound extends Statement {
  readonly id?: string
  readonly largest: number
  /** The largest integer of each control; at least one. */
  readonly controls: ReadonlyArray<number>
}

export const nameOf = (largest: number, index: number): string => `${index}: up to ${largest}`

/** "An integer from 0 to `largest` is at most `limit`." */
export const bound = (definition: Bound): Claim => {
  const { controls, largest, limit } = definition
  const control = (to: number, index: number) => ({
    name: nameOf(to, index),
    ...trial(definition, to),
  })
  const [first, ...rest] = controls.map(control)
  return claim({
    id: definition.id ?? "numbers/bound",
    statement: `An integer from 0 to ${largest} is at most ${limit}.`,
    inFloatingPoint: "bits",
    extent: "numbers",
    source,
    ...trial(definition, largest),
    controls: [first!, ...rest],
  })
}

/** The largest number against its bound, in fractions. */
export const pastBound = (largest: number, limit: number) =>
  Exact.counterexample<"n", number>({
    instance: { n: String(largest) },
    printed: limit,
    work: ({ n }, most) => ({ steps: [], compared: Exact.atMost(n, Exact.of(most)) }),
    controls: [["a bound that holds", { statement: largest }]],
  })

/** The same, said to be false. */
export const falseBound = (
  definition: Omit<Bound, "controls">,
  known: Partial<Pick<Erratum, "read" | "statement" | "exact">> = {},
): Erratum =>
  erratum({
    id: "numbers/false-bound",
    statement: `An integer from 0 to ${definition.largest} is at most ${definition.limit}.`,
    source,
    ...trial(definition, definition.largest),
    corrected: "numbers/bound",
    explanation: "Integers go on.",
    class: "theorem false",
    read: { as: "printed", place: "page 1" },
    exact: pastBound(definition.largest, definition.limit),
    ...known,
  })
