/** Certificate of a loss that another thread evaluates, for example by calling a program. */
import { operation } from "@nonconvex/problems/Operation"
import { Count, Float64s, Positive } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { bound } from "@nonconvex/problems/Constants"
import * as RemoteObjective from "@nonconvex/problems/RemoteObjective"
import { Schema } from "effect"
import { checkProducts, ProductCheck, WrongProducts } from "../certificate/ProductCheck.ts"
import { CertifiedNetwork, certified, Counted } from "./CertifiedNetwork.ts"
import { LossOverflows } from "./NetworkOnData.ts"

const Memory = Schema.declare(
  (value: unknown): value is SharedArrayBuffer => value instanceof SharedArrayBuffer,
)

/** A loss that another thread evaluates. */
export const RemoteLoss = Schema.Struct({
  name: Schema.String,
  /** Memory of `RemoteObjective.memoryOf`, which another thread serves. */
  memory: Memory,
  point: Float64s,
  precision: Schema.optionalKey(Schema.Literal("float32")),
  /** A lower bound on the loss. */
  least: Schema.optionalKey(Schema.Finite),
  seed: Schema.Int,
})

/** A loss and its budget. */
const OracleInput = Schema.Struct({
  ...RemoteLoss.fields,
  lossTolerance: Positive,
  residualTolerance: Schema.optionalKey(Positive),
  /** Approximate budget of Hessian products, a gradient counting as half of one; default by the dimension. */
  products: Schema.optionalKey(Count),
})

/** The loss as an objective, with its checked products. Throws LossOverflows and WrongProducts. */
export const attachRemote = ({
  least,
  memory,
  name,
  point,
  precision,
  seed,
}: typeof RemoteLoss.Type) => {
  const objective = RemoteObjective.objective(memory, {
    name,
    constants: least === undefined ? {} : { minimum: bound(least, "as reported by the program") },
    ...(precision !== undefined && { precision }),
  })
  const loss = objective.valueAndGradient(point, new Float64Array(point.length))
  if (!Number.isFinite(loss)) throw new LossOverflows({ loss })
  const of = Seed.root(seed).child("certify")
  return {
    objective,
    seed: of,
    products: checkProducts(objective, point, { seed: of.child("check") }),
  }
}

/** Shares of the products by purpose; about twelve more check them. */
const shares = { search: 0.15, trace: 0.06, pairs: 0.01, density: 0.03, descent: 0.26 } as const

/** Bytes for a basis of Krylov vectors, if at least four fit. */
const room = 2 ** 30

/** Largest dimension, as a share of the products, in which the certificate computes the whole spectrum, once or twice. */
const dense = 0.25

/** Largest number of parameters for which the default budget suffices for the whole spectrum. */
const few = 1000

/** Default budget of products. */
export const usualProducts = (dimension: number): number =>
  dimension <= few ? Math.max(1000, Math.ceil(dimension / dense)) : 1000

/** Fewest vectors in memory with which a descent is tried. */
const forDescent = 24

/** Divides a budget of products by purpose, for a dimension. */
export const budget = (dimension: number, products: number) => {
  const part = (share: number, least: number): number =>
    Math.max(least, Math.round(share * products))
  // a basis is held three times, with one vector more
  const vectors = Math.max(4, Math.min(40, Math.floor(room / (24 * dimension)) - 1))
  return {
    search: { products: part(shares.search, 30), vectors },
    products: part(shares.trace, 6),
    pairs: Math.min(part(shares.pairs, 2), Math.max(2, vectors)),
    dense: part(dense, 20),
    descent: vectors < forDescent ? 0 : part(shares.descent, 1),
    steps: Math.min(part(shares.density, 5), vectors),
  }
}

export const certifyOracle = operation({
  id: "flat-minima/certify-oracle",
  input: OracleInput,
  output: Schema.Struct({
    ...CertifiedNetwork.fields,
    products: ProductCheck,
    /** Number of gradients; a Hessian product counts as two. */
    gradients: Schema.Int,
    /** Number of vectors of the largest basis. */
    vectors: Schema.Int,
  }),
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, WrongProducts]),
  progress: Counted,
  run: (input, { kernels, report }) => {
    const { lossTolerance, point, residualTolerance } = input
    report({ phase: "Hessian", gradients: 1 })
    const { objective, products, seed } = attachRemote(input)
    const bounds = budget(point.length, input.products ?? usualProducts(point.length))
    const { found, gradients } = certified(objective, point, {
      lossTolerance,
      ...(residualTolerance === undefined ? {} : { residualTolerance }),
      ...bounds,
      isChecked: true,
      seed,
      kernels,
      report,
    })
    return { ...found, products, gradients, vectors: bounds.search.vectors }
  },
})
