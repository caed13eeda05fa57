/** Recording of a trial: the runs of its subject's methods, and the first non-finite result. */

/** A point of a run. */
interface Recorded {
  /** Place among all points of the trial. */
  readonly at: number
  /** Number of steps that led to it. */
  readonly step: number
  readonly point: Float64Array
  /** Loss before the step, if the method returns it. */
  readonly loss?: number
}

/** A method on its way. */
export interface Run {
  readonly method: string
  /** Objective, if there is one. */
  readonly valueAt?: (point: Float64Array) => number
  /** Recorded points, evenly spaced if there are many. */
  readonly points: ReadonlyArray<Recorded>
  /** Steps that it took. */
  readonly steps: number
}

/** The subject returned a number that is not finite. */
interface NonFinite {
  readonly value: number
  /** Step of a method, or call of a function, from 1. */
  readonly of: "step" | "call"
  readonly number: number
}

export interface Trace {
  readonly runs: ReadonlyArray<Run>
  /** Number of runs that were not recorded. */
  readonly more: number
  /** Absent where all answers were finite. */
  readonly nonFinite?: NonFinite
}

/** Maximum number of recorded points per run, and of recorded runs. */
const most = { points: 400, runs: 12 }

/** A method of any kind: it prepares a state with a point at a start, and advances it. */
interface Method {
  readonly name?: string
  init(problem: unknown, start: Float64Array): { readonly point: Float64Array }
  step(state: { readonly point: Float64Array }): unknown
}

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null

const isMethod = (value: unknown): value is Method =>
  isObject(value) && typeof value["init"] === "function" && typeof value["step"] === "function"

/** First non-finite number in `value`: itself, an entry of an array, or a property. */
const nonFiniteIn = (value: unknown, depth = 1): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : value
  if (value instanceof Float64Array) return value.find((x) => !Number.isFinite(x))
  if (!isObject(value) || depth === 0) return undefined
  for (const part of Object.values(value)) {
    const found = nonFiniteIn(part, depth - 1)
    if (found !== undefined) return found
  }
  return undefined
}

const valueOf = (problem: unknown): Run["valueAt"] => {
  if (!isObject(problem) || typeof problem["valueAndGradient"] !== "function") return undefined
  const valueAndGradient = problem["valueAndGradient"]
  return (point) =>
    Reflect.apply(valueAndGradient, problem, [point, new Float64Array(point.length)]) as number
}

/** Records a subject in one trial: `subject` returns it with recorded methods and functions. */
export interface Recorder {
  readonly subject: <Subject>(subject: Subject) => Subject
  /** Trace recorded so far. */
  readonly trace: () => Trace
}

/**
 * A recorder for one trial.
 *
 * A subject is a function or an object with functions. If a function returns an object with `init` and `step`, its runs are
 * recorded as those of a method. Other results are only checked for non-finite numbers. Points are copied.
 */
export const make = (): Recorder => {
  const runs: Array<Run & { points: Array<Recorded>; steps: number; every: number }> = []
  let [at, more, calls] = [0, 0, 0]
  let nonFinite: NonFinite | undefined

  const note = (answer: unknown, of: NonFinite["of"], number: number) => {
    if (nonFinite !== undefined) return
    const value = nonFiniteIn(answer)
    if (value !== undefined) nonFinite = { value, of, number }
  }

  const keep = (run: (typeof runs)[number], point: Float64Array, loss?: number) => {
    run.points.push({ at, step: run.steps, point, ...(loss !== undefined && { loss }) })
    if (run.points.length <= most.points) return
    run.every *= 2
    run.points = run.points.filter((_, k) => k % 2 === 0)
  }

  const recorded = (method: Method): Method => {
    const known = new WeakMap<
      object,
      { steps: number; readonly hasLoss: boolean; readonly run?: (typeof runs)[number] }
    >()
    const init: Method["init"] = (problem, start) => {
      const state = method.init(problem, start)
      at++
      const valueAt = valueOf(problem)
      const hasLoss = valueAt !== undefined
      if (runs.length === most.runs) {
        more++
        known.set(state, { steps: 0, hasLoss })
        return state
      }
      const named = method.name ?? "method"
      const run = { method: named, ...(valueAt && { valueAt }), points: [], steps: 0, every: 1 }
      runs.push(run)
      known.set(state, { steps: 0, hasLoss, run })
      keep(run, state.point.slice())
      return state
    }
    const step: Method["step"] = (state) => {
      const loss = method.step(state)
      const about = known.get(state)
      if (about === undefined) return loss
      at++
      about.steps++
      // a loss that overflowed is the objective's, at a point that may be far away; a game has none, and its steps return NaN
      note(about.hasLoss && Number.isNaN(loss) ? loss : state.point, "step", about.steps)
      const { run } = about
      if (run !== undefined && ++run.steps % run.every === 0) {
        keep(run, state.point.slice(), typeof loss === "number" ? loss : undefined)
      }
      return loss
    }
    // many steps in one call would go unrecorded
    const own = { init: { value: init }, step: { value: step }, twin: { value: undefined } }
    return Object.create(method, own) as Method
  }

  const answering =
    (self: unknown, work: (...of: Array<unknown>) => unknown) =>
    (...of: Array<unknown>): unknown => {
      // of an argument that is not finite itself nothing follows
      const isFault = of.every((each) => nonFiniteIn(each) === undefined)
      const answer = Reflect.apply(work, self, of)
      if (isMethod(answer)) return recorded(answer)
      calls++
      // without an answer the arguments were written to
      if (isFault) note(answer === undefined ? of : answer, "call", calls)
      return answer
    }

  const subject = <Subject>(given: Subject): Subject => {
    if (typeof given === "function") return answering(undefined, given as never) as Subject
    if (!isObject(given)) return given
    return new Proxy(given, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key)
        const fixed = Reflect.getOwnPropertyDescriptor(target, key)
        if (typeof value !== "function" || fixed?.configurable === false) return value
        return answering(target, value as never)
      },
    })
  }

  return {
    subject,
    trace: () => ({ runs, more, ...(nonFinite === undefined ? {} : { nonFinite }) }),
  }
}

/** An answer in words. */
export const describe = ({ number, of, value }: NonFinite): string =>
  `your method returned ${value} ${of === "step" ? "at step" : "in call"} ${number} of this instance`
