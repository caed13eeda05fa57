/** Names in a method, and their meanings during a run. */
import { InvalidMethod } from "../method/Failures.ts"
import type { Algebra, Combination } from "./Expression.ts"

/** Meaning of a name: a point, or a difference of points or gradient. */
export interface Named<T> {
  readonly vector: Combination<T>
  readonly kind: "point" | "difference"
  /** Label for messages. */
  readonly label: string
}

const reference = /^([^@']+)('?)(?:@(-?\d+))?$/

export class Trace<T> {
  readonly #algebra: Algebra<T>
  /** History by name; names of the second run have an apostrophe. */
  readonly #histories = new Map<string, Array<Named<T>>>()
  readonly #hasOptimum: boolean
  /** Names that a later step defines, for the error on a name used too early. */
  readonly #known: ReadonlySet<string>

  constructor(algebra: Algebra<T>, hasOptimum: boolean, known: ReadonlySet<string>) {
    this.#algebra = algebra
    this.#hasOptimum = hasOptimum
    this.#known = known
  }

  /** Gives a name its next meaning in a run. */
  set(name: string, vector: Combination<T>, kind: Named<T>["kind"]): Named<T> {
    const history = this.#histories.get(name) ?? []
    const named = { vector, kind, label: `${name}@${history.length}` }
    history.push(named)
    this.#histories.set(name, history)
    return named
  }

  /** Name of the next meaning of a name. */
  next(name: string): string {
    return `${name}@${this.#histories.get(name)?.length ?? 0}`
  }

  /** Meaning of a name in a run; the suffix of the name identifies the run. Throws InvalidMethod. */
  get(place: string, text: string, suffix = ""): Named<T> {
    const [, name = "", second, at] = reference.exec(text) ?? []
    if (name === "x*") {
      if (!this.#hasOptimum) {
        throw new InvalidMethod({ place, problem: `there is no x*, since "optimum" is "none"` })
      }
      return { vector: new Map(), kind: "point", label: "x*" }
    }
    const history = this.#histories.get(`${name}${second === "" ? suffix : second}`)
    if (history === undefined) {
      const problem = this.#known.has(name)
        ? `"${name}" is used before it exists`
        : `"${text}" is not defined in this method; defined are ${[...this.#known].join(", ")} and x*`
      throw new InvalidMethod({ place, problem })
    }
    const index = at === undefined ? history.length - 1 : Number(at)
    const found = history[index < 0 ? history.length - 1 + index : index]
    if (found === undefined) {
      throw new InvalidMethod({
        place,
        problem: `"${text}" does not exist: ${name} has the values ${name}@0 to ${name}@${history.length - 1}${history.length === 1 ? "" : " here"}`,
      })
    }
    return found
  }

  /** Like `get`, for a point. */
  point(place: string, text: string, suffix = ""): Named<T> {
    const named = this.get(place, text, suffix)
    if (named.kind !== "point") {
      throw new InvalidMethod({
        place,
        problem: `"${text}" is a difference where a point is needed`,
      })
    }
    return named
  }

  difference(place: string, from: string, to: string): Combination<T> {
    const [a, b] = [this.get(place, from), this.get(place, to)]
    if (a.kind !== b.kind) {
      throw new InvalidMethod({
        place,
        problem: `"${from}" and "${to}" are a point and a difference`,
      })
    }
    return this.#algebra.minus(a.vector, b.vector)
  }
}
