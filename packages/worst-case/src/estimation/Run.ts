/** A method that runs on unknown functions, in either arithmetic. */
import * as Rational from "@nonconvex/numerics/Rational"
import { InvalidMethod } from "../method/Failures.ts"
import type { Coefficient, Instruction, Method, Simple } from "../method/Method.ts"
import { Algebra, type Combination, type Expression } from "./Expression.ts"
import type { Field } from "./Field.ts"
import { epsilonSubgradient, inexactProx, isInexact } from "./Inexact.ts"
import { readNumber } from "./Numbers.ts"
import { type Condition, Samples } from "./Samples.ts"
import { Trace } from "./Trace.ts"
import { Unknowns } from "./Unknowns.ts"

/** The name that an instruction defines. */
const target = (step: Simple): string => {
  if ("step" in step) return step.step
  if ("prox" in step) return step.prox
  if ("project" in step) return step.project
  if ("extrapolate" in step) return step.extrapolate
  if ("mirror" in step) return step.mirror
  if ("search" in step) return step.search
  return "combine" in step ? step.combine : step.gradient
}

/** All names that an instruction defines. */
const defined = (step: Simple): ReadonlyArray<string> =>
  "prox" in step && step.dual !== undefined ? [step.prox, step.dual] : [target(step)]

/** Tests whether two sums of decimals are equal up to rounding in their last digits. */
const isNearly = (a: Rational.Rational, b: Rational.Rational): boolean => {
  const { denominator, numerator } = Rational.subtract(a, b)
  return (numerator < 0n ? -numerator : numerator) * 10n ** 12n < denominator
}

const simple = (steps: ReadonlyArray<Instruction>): ReadonlyArray<Simple> =>
  steps.flatMap((step) => ("repeat" in step ? step.steps : [step]))

/** Maximum number of steps of both runs together, far more than in any solvable program. */
const mostSteps = 2000

/** State after the steps of a method. */
export class Run<T> {
  readonly algebra: Algebra<T>
  readonly unknowns: Unknowns<T>
  readonly trace: Trace<T>
  readonly functions: ReadonlyMap<string, Samples<T>>
  readonly conditions: Array<Condition<T>> = []
  readonly method: Method
  readonly hasOptimum: boolean
  /** Steps so far, of both runs. */
  taken = 0
  /** Primal-dual gaps of inexact proximal steps and epsilons of subgradients, by the label of the point or subgradient. */
  readonly inexactness = new Map<string, Expression<T>>()
  #origin: Combination<T> | undefined
  /** True if only part of a line search was used. */
  hasSearched = false

  constructor(field: Field<T>, method: Method) {
    this.method = method
    this.algebra = new Algebra(field)
    this.unknowns = new Unknowns(this.algebra)
    this.hasOptimum = method.optimum !== "none"
    const twice = method.start.find((name, i) => method.start.indexOf(name) < i)
    if (twice !== undefined) {
      throw new InvalidMethod({ place: "start", problem: `names "${twice}" twice` })
    }
    const known = new Set([...method.start, ...simple(method.steps).flatMap(defined)])
    for (const name of known) {
      if (/['@*]/.test(name)) {
        throw new InvalidMethod({
          place: name,
          problem: "a name must not contain an apostrophe, @ or *",
        })
      }
    }
    for (const name of [...known, ...Object.keys(method.functions)]) {
      if (/\p{C}/u.test(name)) {
        throw new InvalidMethod({
          place: "names",
          problem: "a name must be one line of plain text",
        })
      }
    }
    this.trace = new Trace(this.algebra, this.hasOptimum, known)
    this.functions = new Map(
      Object.entries(method.functions).map(([name, given]) => [
        name,
        new Samples(this.algebra, this.unknowns, name, given, this.hasOptimum, () => this.origin()),
      ]),
    )
  }

  /** The origin of the space, on which support functions depend. */
  origin(): Combination<T> {
    return (this.#origin ??= this.unknown("0"))
  }

  function(place: string, name: string): Samples<T> {
    const found = this.functions.get(name)
    if (found !== undefined) return found
    throw new InvalidMethod({
      place,
      problem: `"${name}" is not a function of this method; it has ${[...this.functions.keys()].join(", ")}`,
    })
  }

  /** At x* the gradients of all functions sum to 0, which determines the last one; for a map, x* is a fixed point. */
  optimum(): void {
    const all = [...this.functions.values()]
    if (
      all.length > 1 &&
      all.some(({ of }) => of.kind === "map" || of.above !== undefined || of.hasBlocks === true)
    ) {
      throw new InvalidMethod({
        place: "functions",
        problem:
          "a nonexpansive map, a nonconvex function or one with blocks has an optimum only as the single function: use it alone, or set optimum to none",
      })
    }
    const { negate, one } = this.algebra.field
    let sum: Combination<T> = new Map()
    all.forEach((samples, index) => {
      if (index === all.length - 1) {
        samples.atOptimum(this.algebra.combine([negate(one), sum]))
      } else {
        const gradient = this.unknowns.vector(`${samples.name}'(x*)`)
        sum = this.algebra.combine([one, sum], [one, gradient])
        samples.atOptimum(gradient)
      }
    })
  }

  start(): void {
    const { runs = 1, start, starts = "shared" } = this.method
    start.forEach((name, index) => {
      const isOrigin = !this.hasOptimum && index === 0
      const first: Combination<T> = isOrigin ? new Map() : this.unknown(`${name}@0`)
      this.trace.set(name, first, "point")
      if (runs === 2) {
        this.trace.set(`${name}'`, starts === "own" ? this.unknown(`${name}'@0`) : first, "point")
      }
    })
  }

  steps(): void {
    const { runs = 1, steps } = this.method
    for (const suffix of runs === 2 ? ["", "'"] : [""]) {
      steps.forEach((step, index) => {
        const place = `steps[${index}]`
        if (!("repeat" in step)) {
          this.step(place, step, suffix, 0, 1)
          return
        }
        for (let round = 0; round < step.repeat; round++) {
          step.steps.forEach((each, inner) =>
            this.step(`${place}.steps[${inner}]`, each, suffix, round, step.repeat),
          )
        }
      })
    }
  }

  coefficient(place: string, value: Coefficient, round: number, rounds: number): Rational.Rational {
    if (typeof value === "number" || typeof value === "string") return readNumber(place, value)
    if (value.length !== rounds) {
      throw new InvalidMethod({
        place,
        problem: `${value.length} numbers for ${rounds} rounds: give one per round`,
      })
    }
    return readNumber(place, value[round]!)
  }

  step(place: string, step: Simple, suffix: string, round: number, rounds: number): void {
    if (++this.taken > mostSteps) {
      throw new InvalidMethod({ place, problem: `the method takes more than ${mostSteps} steps` })
    }
    const { algebra, trace } = this
    const { add, negate, one } = algebra.field
    const name = `${target(step)}${suffix}`
    const number = (field: string, value: Coefficient) =>
      algebra.field.from(this.coefficient(`${place}.${field}`, value, round, rounds))
    if ("step" in step) {
      const from = trace.point(`${place}.from`, step.from ?? step.step, suffix)
      const gradient = this.gradient(place, { ...step, at: step.at ?? step.step }, suffix)
      const rate = negate(number("rate", step.rate))
      trace.set(name, algebra.combine([one, from.vector], [rate, gradient]), "point")
    } else if ("prox" in step) {
      const from = trace.point(`${place}.from`, step.from ?? step.prox, suffix)
      const rate = number("rate", step.rate)
      if (isInexact(step)) inexactProx(this, place, step, { from, rate, suffix })
      else this.implicit(`${place}.of`, name, step.of, from.vector, rate)
    } else if ("project" in step) {
      const from = trace.point(`${place}.from`, step.from ?? step.project, suffix)
      const samples = this.function(`${place}.onto`, step.onto)
      if (samples.of.kind !== "set") {
        throw new InvalidMethod({ place: `${place}.onto`, problem: `"${step.onto}" is not a set` })
      }
      this.implicit(`${place}.onto`, name, step.onto, from.vector, one)
    } else if ("extrapolate" in step) {
      const from = trace.point(`${place}.from`, step.from, suffix)
      const beyond = trace.point(`${place}.beyond`, step.beyond, suffix)
      const by = number("by", step.by)
      const vector = algebra.combine([add(one, by), from.vector], [negate(by), beyond.vector])
      trace.set(name, vector, "point")
    } else if ("combine" in step) {
      let sum = Rational.zero
      let first: Combination<T> | undefined
      const terms = Object.entries(step.terms).map(([of, value]) => {
        const at = `${place}.terms.${of}`
        const named = trace.get(at, of, suffix)
        const factor = this.coefficient(at, value, round, rounds)
        if (named.kind === "point") {
          first ??= named.vector
          sum = Rational.add(sum, factor)
        }
        return [algebra.field.from(factor), named.vector] as const
      })
      const isPoint = isNearly(sum, Rational.one)
      if (!isPoint && !isNearly(sum, Rational.zero)) {
        throw new InvalidMethod({
          place: `${place}.terms`,
          problem: `the coefficients of points must sum to 1 (or to 0 for a difference), but sum to ${Rational.toNumber(sum)}`,
        })
      }
      // what rounding has left of the sum of decimals goes to the first point
      const missing = Rational.subtract(isPoint ? Rational.one : Rational.zero, sum)
      const rest = first === undefined ? [] : [[algebra.field.from(missing), first] as const]
      const off =
        step.error === undefined
          ? []
          : [[one, this.error(place, `error of ${trace.next(name)}`, step.error)] as const]
      trace.set(name, algebra.combine(...terms, ...rest, ...off), isPoint ? "point" : "difference")
    } else if ("mirror" in step) {
      const where = `${place}.gradient`
      const { kind, vector } = trace.get(where, step.gradient, suffix)
      if (kind === "point") {
        throw new InvalidMethod({ place: where, problem: `"${step.gradient}" is a point` })
      }
      const label = trace.next(name)
      const point = this.unknown(label)
      this.differentiable(`${place}.of`, step.of).with(point, vector, label)
      trace.set(name, point, "point")
    } else if ("search" in step) {
      this.search(place, name, step, suffix)
    } else if (step.epsilon !== undefined) {
      epsilonSubgradient(this, place, step, step.epsilon, suffix)
    } else {
      const { gradient, of } = step
      const kind = this.function(`${place}.of`, of).of.kind === "map" ? "point" : "difference"
      trace.set(`${gradient}${suffix}`, this.gradient(place, step, suffix), kind)
    }
  }

  /** The gradient of a step, or a block of it: exact, or with its own error vector. */
  gradient(
    place: string,
    {
      at,
      block,
      error,
      of,
    }: Pick<Extract<Simple, { step: string }>, "block" | "error" | "of"> & { readonly at: string },
    suffix: string,
  ): Combination<T> {
    const { algebra } = this
    const { one } = algebra.field
    const point = this.trace.point(`${place}.at`, at, suffix)
    const sample = this.function(`${place}.of`, of).at(point.vector, point.label)
    const { blocks = [], names } = sample
    if (block !== undefined && block > blocks.length) {
      throw new InvalidMethod({
        place: `${place}.block`,
        problem: `"${of}" has ${blocks.length === 0 ? "no blocks" : `blocks 1 to ${blocks.length}`}`,
      })
    }
    const gradient = block === undefined ? sample.gradient : blocks[block - 1]!.part
    if (error === undefined) return gradient
    const name = block === undefined ? names.gradient : names.blocks![block - 1]!.name
    const label = `error of ${of} at ${point.label}`
    return algebra.combine([one, gradient], [one, this.error(place, label, error, gradient, name)])
  }

  /** A vector of bounded length, absolute or relative to another vector. */
  error(
    place: string,
    label: string,
    bound: { readonly relative: number | string } | { readonly absolute: number | string },
    gradient: Combination<T> = new Map(),
    gradientName = "0",
  ): Combination<T> {
    const { algebra } = this
    const { multiply, negate, one } = algebra.field
    const name = this.unknowns.free(label)
    const off = this.unknowns.vector(name)
    const [kind, value] =
      "relative" in bound
        ? (["relative", bound.relative] as const)
        : (["absolute", bound.absolute] as const)
    const exact = readNumber(`${place}.error.${kind}`, value)
    if (exact.numerator < 0n) {
      throw new InvalidMethod({ place: `${place}.error.${kind}`, problem: `${value} is below 0` })
    }
    const size = algebra.field.from(exact)
    const square = negate(multiply(size, size))
    const limit = Rational.toText(Rational.multiply(exact, exact))
    this.conditions.push({
      inequality: `|${name}|^2 <= ${kind === "relative" ? `${limit} |${gradientName}|^2` : limit}`,
      name: `${kind} ${label}`,
      expression: algebra.sum(
        [one, algebra.square(off)],
        [square, kind === "relative" ? algebra.square(gradient) : algebra.constant(one)],
      ),
    })
    return off
  }

  /** An arbitrary point, about which nothing is known. */
  unknown(label: string): Combination<T> {
    return this.unknowns.vector(
      `${label} - ${this.hasOptimum ? "x*" : `${this.method.start[0]!}@0`}`,
    )
  }

  /** Finds a function with gradients, subgradients or normals, but not a map. */
  differentiable(place: string, name: string): Samples<T> {
    const samples = this.function(place, name)
    if (samples.of.kind !== "map") return samples
    throw new InvalidMethod({
      place,
      problem: `"${name}" maps points to points and has no gradient`,
    })
  }

  /** A point whose gradient is orthogonal to differences and to the displacement from a point. */
  search(
    place: string,
    name: string,
    { along, from, of, search }: Extract<Simple, { search: string }>,
    suffix: string,
  ): void {
    const { algebra, trace } = this
    const { negate, one } = algebra.field
    const begin = trace.point(`${place}.from`, from ?? search, suffix)
    const ways = along.map((each, i) => {
      const { kind, label, vector } = trace.get(`${place}.along[${i}]`, each, suffix)
      if (kind === "difference") return { label, given: each, vector }
      throw new InvalidMethod({ place: `${place}.along[${i}]`, problem: `"${each}" is a point` })
    })
    const label = trace.next(name)
    const point = this.unknown(label)
    trace.set(name, point, "point")
    const { gradient, names } = this.differentiable(`${place}.of`, of).at(point, label)
    const moved = `${label} - ${begin.label}`
    const way = { label: moved, given: moved, vector: algebra.minus(point, begin.vector) }
    for (const { given, label: other, vector } of [...ways, way]) {
      const product = algebra.inner(gradient, vector)
      const condition = `search: ${of} at ${label} and ${given}`
      const text = `<${names.gradient}, ${other}>`
      this.conditions.push({
        inequality: `${text} <= 0`,
        name: `${condition}, at most 0`,
        expression: product,
      })
      this.conditions.push({
        inequality: `${text} >= 0`,
        name: `${condition}, at least 0`,
        expression: algebra.sum([negate(one), product]),
      })
    }
    this.hasSearched = true
  }

  /** A point defined implicitly by its own gradient: from - rate gradient. */
  implicit(place: string, name: string, of: string, from: Combination<T>, rate: T): void {
    const { algebra, trace } = this
    const { negate, one } = algebra.field
    const samples = this.differentiable(place, of)
    const label = trace.next(name)
    const gradientName = this.unknowns.free(samples.gradientAt(label))
    const gradient = this.unknowns.vector(gradientName)
    const point = algebra.combine([one, from], [negate(rate), gradient])
    samples.with(point, gradient, label, gradientName)
    trace.set(name, point, "point")
  }
}
