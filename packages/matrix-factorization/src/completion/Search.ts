/** Model selection by cross-validation on held-out entries, with early stopping. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Array from "effect/Array"
import * as AlternatingLeastSquares from "./AlternatingLeastSquares.ts"
import * as Directions from "./Directions.ts"
import * as CrossValidation from "./CrossValidation.ts"
import * as Models from "./Models.ts"
import { effectsOf, ridgeOf } from "./Ridge.ts"
import type { Table } from "./Table.ts"

/** Held-out error of the chosen model. */
export interface Validation {
  /** The simplest model with squared errors within one standard error of the best model's, on the same entries. */
  readonly model: Models.Model
  /** Root of the mean square error on held-out entries, and its standard error. */
  readonly error: number
  readonly standardError: number
  /** Overall mean, column means, effects, and the chosen or otherwise best low-rank model, on the same entries. */
  readonly compared: ReadonlyArray<{
    readonly model: Models.Model
    readonly error: number
    readonly standardError: number
  }>
  /** Parts of the observations that were held out in turn until the choice was clear. */
  readonly folds: number
  /** Number of models compared; the error of the best of many is slightly optimistic. */
  readonly candidates: number
}

interface Options {
  readonly folds: number
  /** The rank; default chosen by cross-validation. */
  readonly rank?: number
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
  /** Called after every fit with the current choice. */
  readonly onFit: (soFar: Validation) => void
}

/** A model, and how it did on the folds that it was tried on. */
interface Candidate {
  readonly model: Models.Model
  readonly score: CrossValidation.Score
}

/** Position of a search: a rank, the index of a penalty on the path, and the fit there. */
interface Place {
  readonly rank: number
  readonly k: number
  readonly factors: AlternatingLeastSquares.Factors
  readonly error: number
}

/** Ranks that are tried, up to one that no longer improves the error. */
const ladder = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128]

/** Ratio of successive penalties, and the number of penalties below the largest. */
const [ratio, penalties] = [1.5, 45]

/** Share of the largest penalty below which noise is low, so that the ridges of the effects shrink with the penalty. */
const noisy = 0.1

/** Fits of cross-validation need not be exact. */
export const rough: AlternatingLeastSquares.Effort = { tolerance: 2e-5, sweeps: 60 }

/** Number of penalties or ranks without a gain after which a search ends. */
const patience = 2

/** Mean square error, relative to the error of the mean, below which it counts as zero. */
const negligible = 1e-12

/** Relative decrease of the error below which a gain does not count. */
const worthwhile = 1e-4

/** Standard errors above the best beyond which a candidate is out of the running. */
const outOfTheRunning = 3

/** Candidates of each rank and weighting that are tried on further folds. */
const most = 3

/** Penalties along which a fit is warm-started, in units of the largest useful one. */
export const approach = [8, 4, 2]

const mse = ({ score }: Candidate): number =>
  Elementary.square(CrossValidation.errorOf(score).error)

const leastOf = (list: ReadonlyArray<Candidate>): Candidate => {
  const errors = list.map(mse)
  return list[errors.reduce((best, error, i) => (error < errors[best]! ? i : best), 0)]!
}

/**
 * Simplest candidate within one standard error of the best, all on the same folds. Between kinds of models this is the
 * standard error of the error, since the best of many looks too good by chance. Between ranks it is the standard error of the
 * difference of their errors.
 */
const simplestOf = (list: ReadonlyArray<Candidate>): Candidate => {
  const best = leastOf(list)
  const { error, standardError } = CrossValidation.errorOf(best.score)
  const kind = Models.kinds.find((each) =>
    list.some(
      ({ model, score }) =>
        model.kind === each && CrossValidation.errorOf(score).error <= error + standardError,
    ),
  )
  return list
    .filter(
      ({ model, score }) => model.kind === kind && CrossValidation.excess(score, best.score) <= 1,
    )
    .concat(leastOf(list.filter(({ model }) => model.kind === kind)))
    .toSorted((a, b) => a.model.rank - b.model.rank || mse(a) - mse(b))[0]!
}

const isLow = ({ model }: Candidate): boolean => Models.isLowRank(model)

/** The candidates that share a path of penalties. */
const byPath = (list: ReadonlyArray<Candidate>): ReadonlyArray<ReadonlyArray<Candidate>> =>
  Object.values(
    Array.groupBy(list.filter(isLow), ({ model }) => `${model.rank} ${model.weighting}`),
  )

/** The search of one table. Mutable. */
class Search {
  readonly #heldOut: CrossValidation.HeldOut
  readonly #options: Options
  readonly #ridge: Models.Model["ridge"]
  readonly #simple: ReadonlyArray<Candidate>
  readonly #effects: Array<AlternatingLeastSquares.Factors> = []
  #running: ReadonlyArray<Candidate> = []
  #candidates = 0
  #folds = 0
  #told: Validation | undefined

  constructor(table: Table, observed: Models.Centred, options: Options) {
    const { folds, seed } = options
    this.#options = options
    this.#heldOut = CrossValidation.split(table, observed, folds, seed.child("folds"))
    this.#ridge = ridgeOf(this.#heldOut)
    this.#simple = Models.kinds
      .filter((kind) => kind !== "low rank")
      .map((kind) => this.#candidate({ kind, rank: 0, penalty: Infinity, weighting: 0 }))
    this.#openFold()
    this.#tell()
  }

  run(): Validation {
    this.#explore()
    this.#race()
    return this.#tell()
  }

  #candidate(model: Omit<Models.Model, "ridge">, ridge = this.#ridge): Candidate {
    this.#candidates++
    return { model: { ...model, ridge }, score: CrossValidation.empty(this.#heldOut) }
  }

  /** The simple models on one more fold, which all others are compared to. */
  #openFold(): CrossValidation.Fold {
    const fold = this.#heldOut.at(this.#folds)
    const nothing = AlternatingLeastSquares.nothing(fold.training)
    const means = { ...nothing, columns: Models.columnMeans(fold.training) }
    const effects = effectsOf(fold.training, this.#ridge, nothing, 1e-7)
    this.#effects.push(effects)
    for (const [k, factors] of [nothing, means, effects].entries()) {
      CrossValidation.add(this.#heldOut, this.#simple[k]!.score, fold, factors)
    }
    this.#folds++
    return fold
  }

  /** Candidate that would be chosen now; all must have been tried on the same folds. */
  #tell(): Validation {
    this.#told = this.#summary()
    this.#options.onFit(this.#told)
    return this.#told
  }

  /** Improves factors at one penalty of a fold. */
  #fit(
    fold: CrossValidation.Fold,
    factors: AlternatingLeastSquares.Factors,
    { penalty, rank, ridge, weighting }: Models.Model,
  ): void {
    const { kernels, seed } = this.#options
    const weights = Models.weightsOf(fold.training, weighting, this.#heldOut.table.values.length)
    const penalised = { ridge, penalty, weights }
    AlternatingLeastSquares.improve(
      fold.training,
      factors,
      penalised,
      rank,
      rough,
      seed.child("grow"),
      kernels,
    )
  }

  /** Ranks and penalties of low rank, on the first fold. */
  #explore(): void {
    const { rank: wanted } = this.#options
    const { columns, rows } = this.#heldOut.table
    const largest = Math.min(rows, columns)
    const ranks =
      wanted === undefined
        ? [...new Set(ladder.map((rank) => Math.min(rank, largest)))]
        : [Math.min(wanted, largest)]
    if (wanted === 0) return
    const [first, ...others] = Models.weightings
    const effects = mse(this.#simple[2]!)
    const found = this.#climb(first, ranks, effects)
    let least = found?.error ?? effects
    for (const weighting of others) {
      // other weights begin where the first were best, and go on only where they are better
      const from = ranks.filter((rank) => rank >= (found?.rank ?? 0))
      least = this.#climb(weighting, from, least)?.error ?? least
    }
  }

  /** Searches upward in rank until further ranks no longer help; returns the best place, if it is better than `least`. */
  #climb(
    weighting: Models.Weighting,
    ranks: ReadonlyArray<number>,
    least: number,
  ): Place | undefined {
    const { kernels, seed } = this.#options
    const { training } = this.#heldOut.at(0)
    const factors = this.#effects[0]!
    const residuals = AlternatingLeastSquares.residualsOf(training, factors, kernels)
    const weights = Models.weightsOf(training, weighting, this.#heldOut.table.values.length)
    const top = Directions.leading(training, residuals, weights, 1, seed.child("top"), kernels)[0]
    if (top === undefined) return undefined
    let at: Place = { rank: 0, k: 1, factors, error: least }
    let found: Place | undefined
    let idle = 0
    for (const rank of ranks) {
      at = this.#line(weighting, top.value, { ...at, rank, k: Math.max(1, at.k - 1) })
      if (at.error < (found?.error ?? least) * (1 - worthwhile)) {
        found = at
        idle = 0
      } else idle++
      // a penalty that lets fewer directions through than the rank would leaves no more to a larger one
      if (at.factors.rank < rank || idle >= patience || this.#isNothing(at.error)) break
    }
    return found
  }

  /** Best penalty for a rank: searches downward until the error only increases, and upward if the first was the best. */
  #line(weighting: Models.Weighting, largest: number, from: Place): Place {
    const { rank } = from
    const fold = this.#heldOut.at(0)
    let found: Place = { ...from, error: Infinity }
    const walk = (first: number, step: number, start: AlternatingLeastSquares.Factors) => {
      const factors = AlternatingLeastSquares.copy(start)
      let worse = 0
      const isOver = () => worse >= patience || this.#isNothing(found.error)
      for (let k = first; k > 0 && k <= penalties && !isOver(); k += step) {
        const part = Elementary.pow(ratio, -k)
        const shrunk = Math.min(1, part / noisy)
        const made = this.#candidate(
          { kind: "low rank", rank, penalty: largest * part, weighting },
          [shrunk * this.#ridge[0], shrunk * this.#ridge[1]],
        )
        this.#fit(fold, factors, made.model)
        CrossValidation.add(this.#heldOut, made.score, fold, factors)
        this.#running = [...this.#running, made]
        this.#tell()
        const error = mse(made)
        worse++
        if (error < found.error * (1 - worthwhile)) {
          found = { rank, k, factors: AlternatingLeastSquares.copy(factors), error }
          worse = 0
        }
      }
    }
    walk(from.k, 1, from.factors)
    if (found.k === from.k) walk(from.k - 1, -1, found.factors)
    return found
  }

  /** Further folds for the remaining candidates, until at most one low-rank candidate is left. */
  #race(): void {
    this.#narrow()
    this.#running = byPath(this.#running).flatMap((own) =>
      own.toSorted((a, b) => mse(a) - mse(b)).slice(0, most),
    )
    this.#tell()
    const isOpen = () => this.#running.length > 1 && !this.#isNothing(mse(leastOf(this.#running)))
    while (this.#folds < this.#options.folds && (this.#folds < 2 || isOpen())) {
      const fold = this.#openFold()
      for (const own of byPath(this.#running)) {
        const descending = own.toSorted((a, b) => b.model.penalty - a.model.penalty)
        const factors = AlternatingLeastSquares.copy(this.#effects.at(-1)!)
        const { model } = descending[0]!
        for (const times of approach) {
          this.#fit(fold, factors, { ...model, penalty: times * model.penalty })
        }
        for (const each of descending) {
          this.#fit(fold, factors, each.model)
          CrossValidation.add(this.#heldOut, each.score, fold, factors)
          this.#options.onFit(this.#told!)
        }
      }
      this.#narrow()
      this.#tell()
    }
  }

  #isNothing(error: number): boolean {
    return error <= negligible * mse(this.#simple[0]!)
  }

  #narrow(): void {
    const best = leastOf([...this.#simple, ...this.#running])
    this.#running = this.#running.filter(
      ({ score }) => CrossValidation.excess(score, best.score) <= outOfTheRunning,
    )
  }

  #summary(): Validation {
    const { rank: wanted } = this.#options
    const low = this.#running
    const effects = this.#simple.slice(2)
    const asked = low.length === 0 ? effects : low
    const pool = wanted === undefined ? [...this.#simple, ...low] : asked
    const chosen = simplestOf(pool)
    const shown = isLow(chosen) || low.length === 0 ? [chosen].filter(isLow) : [leastOf(low)]
    const told = ({ model, score }: Candidate) => ({ model, ...CrossValidation.errorOf(score) })
    return {
      ...told(chosen),
      compared: [...this.#simple, ...shown].map(told),
      folds: this.#folds,
      candidates: this.#candidates,
    }
  }
}

/** Searches a table, given both unchanged and with its mean subtracted. */
export const search = (table: Table, observed: Models.Centred, options: Options): Validation =>
  new Search(table, observed, options).run()
