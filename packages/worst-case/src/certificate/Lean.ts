/** A checked bound as a theorem of Lean 4 with Mathlib: text, which has not been run here. */
import { type Expression, unpair } from "../estimation/Expression.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import type { Theorem } from "./Check.ts"

const number = ({ denominator, numerator }: Rational.Rational): string =>
  denominator === 1n ? `(${numerator} : ℝ)` : `(${numerator} / ${denominator} : ℝ)`

const sum = (terms: ReadonlyArray<string>): string => (terms.length === 0 ? "0" : terms.join(" + "))

const linear = ({ constant, products, values }: Expression<Rational.Rational>): string =>
  sum([
    ...[...products].map(([key, value]) => {
      const [i, j] = unpair(key)
      return `${number(value)} * @inner ℝ E _ v${j} v${i}`
    }),
    ...[...values].map(([i, value]) => `${number(value)} * f${i}`),
    ...(Rational.isZero(constant) ? [] : [number(constant)]),
  ])

/**
 * The theorem: vectors and values that satisfy the used conditions do not exceed the bound. Its proof states the squares and
 * leaves the rest to linear arithmetic.
 *
 * @example
 * ```ts import.meta.vitest
 * import { certify, check, lean, Methods } from "@nonconvex/worst-case"
 *
 * const f = { class: "smooth-convex", L: 1 }
 * const certificate = certify(Methods.gradientDescent({ steps: 1, rate: 1, class: f }))
 * lean(check(certificate)).includes("-- f(x) - f(x*) is at most 1/6") // => true
 * ```
 */
export const lean = ({ bound, measure, model, multipliers, squares }: Theorem): string => {
  const vectors = model.vectors.map((_, i) => `v${i}`)
  const values = model.values.map((_, i) => `f${i}`)
  const used = [...multipliers.keys()].toSorted((a, b) => a - b)
  const rows = squares.rows.map((row) =>
    sum(row.flatMap((value, i) => (Rational.isZero(value) ? [] : [`${number(value)} • v${i}`]))),
  )
  const commute = vectors.flatMap((_, i) =>
    vectors.slice(0, i).map((__, j) => `real_inner_comm v${i} v${j}`),
  )
  return [
    "import Mathlib.Analysis.InnerProductSpace.Basic",
    "",
    `-- ${measure} is at most ${Rational.toText(bound)}`,
    ...model.vectors.map((name, i) => `-- v${i} is ${name}`),
    ...model.values.map((name, i) => `-- f${i} is ${name}, from the optimum on`),
    "theorem worst_case {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E]",
    ...(vectors.length === 0 ? [] : [`    (${vectors.join(" ")} : E)`]),
    ...(values.length === 0 ? [] : [`    (${values.join(" ")} : ℝ)`]),
    ...used.flatMap((k) => [
      `    -- ${model.conditions[k]!.inequality}`,
      `    (h${k} : ${linear(model.conditions[k]!.expression)} ≤ 0)`,
    ]),
    `    : ${linear(model.objective)} ≤ ${number(bound)} := by`,
    ...rows.flatMap((row, r) => [
      `  have s${r} := real_inner_self_nonneg (x := ${row})`,
      `  simp only [inner_add_left, inner_add_right, real_inner_smul_left, real_inner_smul_right] at s${r}`,
    ]),
    `  linarith [${[...rows.map((_, r) => `s${r}`), ...used.map((k) => `h${k}`), ...commute].join(", ")}]`,
    "",
  ].join("\n")
}
