/** Claims about integers, whose verdict can be told by counting. */
import { claim, type Claim } from "@nonconvex/evidence/Claim"
import * as Draw from "@nonconvex/evidence/Draw"
import { erratum, type Erratum } from "@nonconvex/evidence/Erratum"
import type * as Margin from "@nonconvex/evidence/Margin"

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
  margin: ({ instance: { n } }: { readonly instance: Drawn }): Margin.Comparison =>
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
    source,
    ...trial(definition, largest),
    controls: [first!, ...rest],
  })
}

/** The same, said to be false. */
export const falseBound = (definition: Omit<Bound, "controls">): Erratum =>
  erratum({
    id: "numbers/false-bound",
    statement: `An integer from 0 to ${definition.largest} is at most ${definition.limit}.`,
    source,
    ...trial(definition, definition.largest),
    corrected: "numbers/bound",
    explanation: "Integers go on.",
    class: "theorem false",
    read: { as: "printed", place: "page 1" },
  })
