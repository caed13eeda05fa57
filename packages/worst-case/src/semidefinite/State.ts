/** The iterate of the interior-point method on the homogeneous self-dual embedding. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Centrality from "./Centrality.ts"
import { divide, jordan, square } from "./Jordan.ts"
import { doubles, newton, type Room, room } from "./Newton.ts"
import type { Point, Ray } from "./Outcome.ts"
import { conic, type Problem } from "./Problem.ts"
import * as Scaling from "./Scaling.ts"

/** A direction in scaled coordinates. */
interface Direction {
  readonly dx: Float64Array
  readonly ds: Float64Array
  readonly dy: Float64Array
  readonly dfree: Float64Array
  readonly dtau: number
  readonly dkappa: number
}

const sum = (a: Direction, b: Direction): Direction => {
  const of = (key: "dx" | "ds" | "dy" | "dfree") => a[key].map((value, i) => value + b[key][i]!)
  return {
    dx: of("dx"),
    ds: of("ds"),
    dy: of("dy"),
    dfree: of("dfree"),
    dtau: a.dtau + b.dtau,
    dkappa: a.dkappa + b.dkappa,
  }
}

/** Fraction of the distance to the boundary that a step takes. */
const damping = 0.98

/**
 * Maximum number of corrections of a direction, the step lengthening that each aims at, and the share of it that it must
 * achieve.
 */
const corrections = 3
const longer = 0.2
const leastShare = 0.1

/** Step length that needs no corrections. */
const longEnough = 0.95

/** Mean product below which corrections add more rounding error than they save steps. */
const leastMean = 1e-5

export class State {
  readonly #kernels: Kernels
  readonly #problem: Problem
  readonly #width: number
  readonly #room: Room
  #scaling: Scaling.Scaling
  readonly #y: Float64Array
  readonly #free: Float64Array
  #tau = 1
  #kappa = 1
  /** Primal and dual vectors of the cone, with the slacks of the inequalities last. */
  #primal: Float64Array
  #dual: Float64Array

  /** Number of doubles of kernel memory that a state takes. */
  static doubles(problem: Problem): number {
    return doubles(problem) + problem.rows.length
  }

  /** Starts at the identities. The state is valid as long as the workspace. */
  constructor(kernels: Kernels, problem: Problem, space: Workspace) {
    this.#kernels = kernels
    const rows = space.f64(problem.rows.length)
    rows.set(problem.rows)
    this.#problem = { ...problem, rows }
    this.#width = conic(problem)
    this.#room = room(space, problem)
    this.#y = new Float64Array(problem.bounds.length)
    this.#free = new Float64Array(problem.free)
    this.#scaling = Scaling.identity(problem.orders, problem.nonnegative + problem.inequalities)
    const { dual, primal } = Scaling.unscale(kernels, this.#scaling)
    this.#primal = primal
    this.#dual = dual
  }

  /** Rows times the primal, including slacks. */
  #rowValues(): Float64Array {
    const { cost, inequalities, rows } = this.#problem
    const all = new Float64Array(cost.length)
    all.set(this.#primal.subarray(0, this.#width))
    all.set(this.#free, this.#width)
    const out = new Float64Array(this.#y.length)
    this.#kernels.gemv(false, out.length, cost.length, 1, rows, all, 0, out)
    for (let i = 0; i < inequalities; i++) out[i] = out[i]! + this.#primal[this.#width + i]!
    return out
  }

  /** Transposed rows times the multipliers plus the dual: the cone with slacks, then the free part. */
  #columnValues(): { readonly cone: Float64Array; readonly free: Float64Array } {
    const { cost, inequalities, rows } = this.#problem
    const all = new Float64Array(cost.length)
    this.#kernels.gemv(true, this.#y.length, cost.length, 1, rows, this.#y, 0, all)
    const cone = this.#dual.slice()
    for (let i = 0; i < this.#width; i++) cone[i] = cone[i]! + all[i]!
    for (let i = 0; i < inequalities; i++) {
      cone[this.#width + i] = cone[this.#width + i]! + this.#y[i]!
    }
    return { cone, free: all.slice(this.#width) }
  }

  /** Costs of the cone; 0 for slacks. */
  #coneCost(): Float64Array {
    const out = new Float64Array(this.#primal.length)
    out.set(this.#problem.cost.subarray(0, this.#width))
    return out
  }

  #objectives(): { readonly primal: number; readonly dual: number } {
    const { bounds, cost } = this.#problem
    const width = this.#width
    return {
      primal:
        Vector.dot(cost.slice(0, width), this.#primal.slice(0, width)) +
        Vector.dot(cost.slice(width), this.#free),
      dual: Vector.dot(bounds, this.#y),
    }
  }

  /** Residuals of the rows, of the cone, of the free equations, and between the objectives. */
  #residuals() {
    const { bounds, cost } = this.#problem
    const rows = this.#rowValues()
    for (let i = 0; i < rows.length; i++) rows[i] = bounds[i]! * this.#tau - rows[i]!
    const { cone, free } = this.#columnValues()
    for (let i = 0; i < cone.length; i++) {
      cone[i] = (i < this.#width ? cost[i]! * this.#tau : 0) - cone[i]!
    }
    for (let i = 0; i < free.length; i++) {
      free[i] = cost[this.#width + i]! * this.#tau - free[i]!
    }
    const { dual, primal } = this.#objectives()
    return { rows, cone, free, between: this.#kappa + primal - dual }
  }

  /** The point that the iterate represents. */
  solved(): Point {
    const { cone, free, rows } = this.#residuals()
    const { dual, primal } = this.#objectives()
    const tau = this.#tau
    const primalObjective = primal / tau
    const dualObjective = dual / tau
    const primalResidual = Vector.maxAbs(rows) / tau
    const dualResidual = Math.max(Vector.maxAbs(cone), Vector.maxAbs(free)) / tau
    const gap =
      Math.abs(primalObjective - dualObjective) /
      (1 + Math.min(Math.abs(primalObjective), Math.abs(dualObjective)))
    const width = this.#width
    return {
      primal: Float64Array.from(
        [...this.#primal.subarray(0, width), ...this.#free],
        (x) => x / tau,
      ),
      multipliers: this.#y.map((y) => y / tau),
      slack: this.#dual.slice(0, width).map((s) => s / tau),
      primalObjective,
      dualObjective,
      primalResidual,
      dualResidual,
      gap,
      error: Math.max(primalResidual, dualResidual, gap),
    }
  }

  /** A direction that proves that there is no optimum, if the iterate is one within the tolerance. */
  ray(tolerance: number): Ray | undefined {
    const { dual, primal } = this.#objectives()
    if (dual > 0) {
      const { cone, free } = this.#columnValues()
      const residual = Math.max(Vector.maxAbs(cone), Vector.maxAbs(free)) / dual
      if (residual < tolerance) {
        return { kind: "infeasible", values: this.#y.map((y) => y / dual), residual }
      }
    }
    if (primal < 0) {
      const residual = Vector.maxAbs(this.#rowValues()) / -primal
      if (residual < tolerance) {
        const cone = this.#primal.subarray(0, this.#width)
        const values = Float64Array.from([...cone, ...this.#free], (x) => x / -primal)
        return { kind: "unbounded", values, residual }
      }
    }
    return undefined
  }

  /** Takes one predictor and one corrector step; false if rounding allows no more progress. */
  step(isHasty: boolean): boolean {
    const kernels = this.#kernels
    const scaling = this.#scaling
    const { bounds, cost, free, nonnegative, inequalities, orders } = this.#problem
    const freeCost = cost.slice(this.#width)
    const coneCost = Scaling.scaleDual(kernels, scaling, this.#coneCost())
    const residuals = this.#residuals()
    const missing = Scaling.scaleDual(kernels, scaling, residuals.cone)
    const system = newton(kernels, this.#problem, this.#room, scaling)

    const towards = system.apply(coneCost)
    for (let i = 0; i < towards.length; i++) towards[i] = towards[i]! + bounds[i]!
    const unit = system.solve(towards, freeCost)
    const unitDx = system.adjoint(unit.y)
    for (let i = 0; i < unitDx.length; i++) unitDx[i] = unitDx[i]! - coneCost[i]!
    const denominator =
      Vector.dot(bounds, unit.y) -
      Vector.dot(coneCost, unitDx) -
      (free > 0 ? Vector.dot(freeCost, unit.free) : 0) +
      this.#kappa / this.#tau

    const direction = (
      share: number,
      complementarity: Float64Array,
      product: number,
    ): Direction => {
      const r = divide(scaling, complementarity)
      const g = missing.map((d, i) => share * d - r[i]!)
      const first = system.apply(g)
      for (let i = 0; i < first.length; i++) first[i] = first[i]! + share * residuals.rows[i]!
      const { free: partFree, y } = system.solve(
        first,
        residuals.free.map((d) => share * d),
      )
      const part = system.adjoint(y)
      for (let i = 0; i < part.length; i++) part[i] = part[i]! - g[i]!
      const dtau =
        (share * residuals.between +
          product / this.#tau -
          Vector.dot(bounds, y) +
          Vector.dot(coneCost, part) +
          (free > 0 ? Vector.dot(freeCost, partFree) : 0)) /
        denominator
      const dx = part.map((x, i) => x + dtau * unitDx[i]!)
      return {
        dx,
        ds: r.map((x, i) => x - dx[i]!),
        dy: y.map((x, i) => x + dtau * unit.y[i]!),
        dfree: partFree.map((x, i) => x + dtau * unit.free[i]!),
        dtau,
        dkappa: (product - this.#kappa * dtau) / this.#tau,
      }
    }

    const mu = this.#mu()
    const squares = square(scaling)
    const predictor = direction(
      1,
      squares.map((x) => -x),
      -this.#kappa * this.#tau,
    )
    const reach = this.#reach(predictor, 1)
    const sigma = Elementary.pow(1 - reach, 3)
    const correction = jordan(orders, predictor.dx, predictor.ds)
    const target = new Float64Array(squares.length)
    const ones = new Float64Array(Scaling.degree(orders, nonnegative + inequalities)).fill(1)
    Scaling.placeDiagonal(orders, ones, target)
    for (let i = 0; i < target.length; i++) {
      target[i] = sigma * mu * target[i]! - squares[i]! - correction[i]!
    }
    const corrector = direction(
      1 - sigma,
      target,
      sigma * mu - this.#kappa * this.#tau - predictor.dkappa * predictor.dtau,
    )
    const most = isHasty && mu > leastMean ? corrections : 0
    const centred = this.#centred(corrector, most, sigma * mu, (complementarity, product) =>
      direction(0, complementarity, product),
    )
    const step = Math.min(1, damping * centred.reach)
    if (!(step > 1e-8)) return false
    return this.#move(centred.direction, step)
  }

  /** A direction with up to the given number of corrections, as long as they lengthen its step. */
  #centred(
    direction: Direction,
    most: number,
    wanted: number,
    correction: (complementarity: Float64Array, product: number) => Direction,
  ): { readonly direction: Direction; readonly reach: number } {
    let best = { direction, reach: this.#reach(direction, 1 / damping) }
    for (let round = 0; round < most && best.reach < longEnough; round++) {
      const { direction: from, reach } = best
      const aim = Math.min(1, reach + longer)
      const product = (this.#tau + aim * from.dtau) * (this.#kappa + aim * from.dkappa)
      const next = sum(
        from,
        correction(
          Centrality.missingOf(this.#kernels, this.#scaling, from, aim, wanted),
          Centrality.missing(product, wanted),
        ),
      )
      const nextReach = this.#reach(next, 1 / damping)
      if (!(nextReach > reach + leastShare * (aim - reach))) break
      best = { direction: next, reach: nextReach }
    }
    return best
  }

  #mu(): number {
    const { point } = this.#scaling
    return (Vector.dot(point, point) + this.#tau * this.#kappa) / (point.length + 1)
  }

  #reach(d: Direction, most: number): number {
    let reach = Scaling.longestStep(this.#kernels, this.#scaling, d.dx, most)
    reach = Scaling.longestStep(this.#kernels, this.#scaling, d.ds, reach)
    if (d.dtau < 0) reach = Math.min(reach, -this.#tau / d.dtau)
    if (d.dkappa < 0) reach = Math.min(reach, -this.#kappa / d.dkappa)
    return reach
  }

  #move(d: Direction, step: number): boolean {
    const next = Scaling.advance(this.#kernels, this.#scaling, step, d.dx, d.ds)
    if (next === undefined) return false
    this.#scaling = next
    Vector.axpy(step, d.dy, this.#y)
    Vector.axpy(step, d.dfree, this.#free)
    this.#tau += step * d.dtau
    this.#kappa += step * d.dkappa
    const { dual, primal } = Scaling.unscale(this.#kernels, next)
    this.#primal = primal
    this.#dual = dual
    return Number.isFinite(this.#tau) && this.#tau > 0
  }
}
