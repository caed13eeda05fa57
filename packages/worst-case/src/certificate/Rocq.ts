/**
 * A checked bound as a theorem of Rocq over every real inner product space. Its proof adds the conditions and the squares, each
 * times its multiplier: nothing is searched for.
 */
import type { Squares } from "../exact/Definite.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { type Expression, unpair } from "../estimation/Expression.ts"
import { shortSquares } from "../exact/ShortSquares.ts"
import type { Theorem } from "./Check.ts"
import * as Proof from "./Proof.ts"

/** Least common multiple of denominators. */
const common = (values: Iterable<Rational.Rational>): bigint => {
  let multiple = 1n
  for (const { denominator } of values) {
    multiple *= denominator / Rational.gcd(multiple, denominator)
  }
  return multiple
}

const times = ({ denominator, numerator }: Rational.Rational, factor: bigint): bigint =>
  (numerator * factor) / denominator

const coefficients = ({ constant, products, values }: Expression<Rational.Rational>) => [
  constant,
  ...products.values(),
  ...values.values(),
]

const fraction = ({ denominator, numerator }: Rational.Rational): string =>
  denominator === 1n ? `${numerator}` : `${numerator} / ${denominator}`

/** An expression times a number that makes its coefficients integers. */
const linear = (
  { constant, products, values }: Expression<Rational.Rational>,
  factor: bigint,
): string => {
  const terms = [
    ...[...products].map(([key, value]) => {
      const [i, j] = unpair(key)
      return [value, `inner v${j} v${i}`] as const
    }),
    ...[...values].map(([i, value]) => [value, `f${i}`] as const),
    ...(Rational.isZero(constant) ? [] : [[constant, ""] as const]),
  ]
  const written = terms.map(([value, term], i) => {
    const coefficient = times(value, factor)
    const size = Rational.magnitude(coefficient)
    const sign = coefficient < 0n ? (i === 0 ? "-" : " - ") : i === 0 ? "" : " + "
    return `${sign}${term === "" ? size : size === 1n ? term : `${size} * ${term}`}`
  })
  return terms.length === 0 ? "0" : written.join("")
}

/** Text within a comment, which stars and quotation marks could end. */
const plain = (text: string): string => text.replaceAll("*", "⋆").replaceAll('"', "'")

const declared = (letter: string, count: number, type: string): ReadonlyArray<string> =>
  count === 0
    ? []
    : [`  (${Array.from({ length: count }, (_, i) => `${letter}${i}`).join(" ")} : ${type})`]

/** Common denominator of the weights above which squares with fewer digits are used. */
const longest = 10n ** 60n

/** A square with a row of integers. */
interface Row {
  readonly row: ReadonlyArray<bigint>
  readonly weight: Rational.Rational
}

const integers = ({ rows, weights }: Squares): ReadonlyArray<Row> =>
  rows.map((row, r) => {
    const divisor = row.reduce((a, { numerator }) => Rational.gcd(a, numerator), 0n)
    const factor = Rational.make(common(row), divisor)
    return {
      row: row.map((value) => Rational.multiply(value, factor).numerator),
      weight: Rational.divide(weights[r]!, Rational.multiply(factor, factor)),
    }
  })

/** The sum of proofs as a balanced tree, whose nodes repeat their terms. */
const sum = (parts: ReadonlyArray<string>, indent: string): ReadonlyArray<string> => {
  if (parts.length === 1) return [`${indent}(${parts[0]})`]
  const half = Math.ceil(parts.length / 2)
  const [first, second] = [parts.slice(0, half), parts.slice(half)]
  return [
    `${indent}(plus`,
    ...sum(first, `${indent}  `),
    ...sum(second, `${indent}  `),
    `${indent})`,
  ]
}

/** Beginning of every file: the axioms of an inner product, and that a square is at least 0. */
const preamble = `Require Import Reals Lra List.
Import ListNotations.
Open Scope R_scope.

Section InnerProductSpace.
Variable E : Type.
Variable add : E -> E -> E.
Variable scale : R -> E -> E.
Variable inner : E -> E -> R.
Hypothesis inner_add : forall x y z, inner (add x y) z = inner x z + inner y z.
Hypothesis inner_scale : forall a x z, inner (scale a x) z = a * inner x z.
Hypothesis inner_comm : forall x y, inner x y = inner y x.
Hypothesis inner_pos : forall x, 0 <= inner x x.

(* The inner product of a x with a combination, and that of a combination with itself. *)
Fixpoint product (a : R) (x : E) (l : list (R * E)) : R :=
  match l with
  | [] => 0
  | (b, y) :: rest => a * b * inner x y + product a x rest
  end.
Fixpoint square (l : list (R * E)) : R :=
  match l with
  | [] => 0
  | (a, x) :: rest => a * a * inner x x + 2 * product a x rest + square rest
  end.

Lemma combination (l : list (R * E)) : l <> [] ->
  exists v, (forall a x, product a x l = a * inner x v) /\\ square l = inner v v.
Proof.
  induction l as [| [b y] [| next rest] IH]; intro nonempty.
  - contradiction.
  - exists (scale b y). split; [intros a x |]; cbn [product square];
      rewrite ?inner_scale, ?(inner_comm _ (scale b y)), ?inner_scale, 1?(inner_comm y x); ring.
  - destruct IH as [v [products squares]]; [discriminate |].
    exists (add (scale b y) v). split; [intros a x |].
    + change (a * b * inner x y + product a x (next :: rest) = a * inner x (add (scale b y) v)).
      rewrite products, (inner_comm x (add _ _)), inner_add, inner_scale, (inner_comm y x),
        (inner_comm v x). ring.
    + change (b * b * inner y y + 2 * product b y (next :: rest) + square (next :: rest)
        = inner (add (scale b y) v) (add (scale b y) v)).
      rewrite products, squares, inner_add, inner_scale, !(inner_comm _ (add _ _)), !inner_add,
        !inner_scale, (inner_comm v y). ring.
Qed.

Lemma minus (p : positive) (l : list (R * E)) : - (IZR (Zpos p) * square l) <= 0.
Proof.
  assert (weight : 0 <= IZR (Zpos p)) by (apply IZR_le; discriminate).
  assert (nonneg : 0 <= square l).
  { destruct l as [| first rest]; [cbn [square]; lra |].
    destruct (combination (first :: rest)) as [v [_ ->]]; [discriminate | apply inner_pos]. }
  pose proof (Rmult_le_pos _ _ weight nonneg). lra.
Qed.

Lemma times (p : positive) {a : R} : a <= 0 -> IZR (Zpos p) * a <= 0.
Proof.
  intro negative. assert (weight : 0 <= IZR (Zpos p)) by (apply IZR_le; discriminate).
  pose proof (Rmult_le_pos _ _ weight (Ropp_0_ge_le_contravar _ (Rle_ge _ _ negative))). lra.
Qed.

Lemma plus {a b : R} : a <= 0 -> b <= 0 -> a + b <= 0.
Proof. lra. Qed.
`

/**
 * The theorem: vectors and values that satisfy the used conditions, each times a number that makes it one of integers, do not
 * exceed the bound. Rocq (or Coq from version 8.16 on) checks the text with its standard library alone.
 *
 * @example
 * ```ts import.meta.vitest
 * import { certify, check, Methods, rocq } from "@nonconvex/worst-case"
 *
 * const f = { class: "smooth-convex", L: 1 }
 * const certificate = certify(Methods.gradientDescent({ steps: 1, rate: 1, class: f }))
 * rocq(check(certificate)).includes(": f1 <= 1 / 6.") // => true
 * ```
 */
export const rocq = (theorem: Theorem): string => {
  const { bound, measure, model, multipliers } = theorem
  const used = [...multipliers]
    .filter(([, multiplier]) => !Rational.isZero(multiplier))
    .toSorted(([a], [b]) => a - b)
    .map(([k, multiplier]) => {
      const { expression, inequality } = model.conditions[k]!
      const factor = common(coefficients(expression))
      return {
        k,
        inequality,
        statement: linear(expression, factor),
        weight: Rational.divide(multiplier, Rational.make(factor, 1n)),
      }
    })
  const denominator = (rows: ReadonlyArray<Row>) =>
    common([...used, ...rows].map(({ weight }) => weight))
  const exact = integers(theorem.squares)
  const rows =
    denominator(exact) < longest
      ? exact
      : integers(shortSquares(Proof.combine(model, multipliers).matrix, theorem.squares))
  const factor = denominator(rows)
  const parts = [
    ...used.map(({ k, weight }) => `times ${times(weight, factor)} h${k}`),
    ...rows.map(({ row, weight }) => {
      const terms = row.flatMap((value, i) => (value === 0n ? [] : [`(${value}, v${i})`]))
      return `minus ${times(weight, factor)} [${terms.join("; ")}]`
    }),
  ]
  const objective = common(coefficients(model.objective))
  const limit = fraction(Rational.multiply(bound, Rational.make(objective, 1n)))
  return [
    `(* ${plain(measure)} is at most ${Rational.toText(bound)}, over every real inner product space *)`,
    preamble,
    ...model.vectors.map((name, i) => `(* v${i} is ${plain(name)} *)`),
    ...model.values.map((name, i) => `(* f${i} is ${plain(name)}, from the optimum on *)`),
    "Theorem worst_case",
    ...declared("v", model.vectors.length, "E"),
    ...declared("f", model.values.length, "R"),
    ...used.flatMap(({ inequality, k, statement }) => [
      `  (* ${plain(inequality)} *)`,
      `  (h${k} : ${statement} <= 0)`,
    ]),
    `  : ${linear(model.objective, objective)} <= ${limit}.`,
    "Proof.",
    ...(parts.length === 0
      ? []
      : [
          "  pose proof",
          ...sum(parts, "    "),
          "    as total.",
          "  cbn [square product] in total. clear - total.",
        ]),
    "  lra.",
    "Qed.",
    "End InnerProductSpace.",
    "",
    "Print Assumptions worst_case.",
    "",
  ].join("\n")
}
