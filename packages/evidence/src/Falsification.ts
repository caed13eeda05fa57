/** Property-based search for an instance that violates a trial, and the path back to one that was found. */
import type { Schema } from "effect"
import fc from "fast-check"
import type { Attempt, Recalled, Search } from "./Attempt.ts"
import * as ChoiceSequence from "./ChoiceSequence.ts"
import type { Asked, Trial } from "./Trial.ts"
import { confirm } from "./exact/Confirmation.ts"
import * as Extent from "./Extent.ts"
import * as Sizes from "./Sizes.ts"
import type { Given } from "./Given.ts"
import * as Margin from "./Margin.ts"
import * as Reason from "./Reason.ts"
import * as Recorder from "./Recorder.ts"
import { Steering } from "./Steering.ts"

/** Calls `onRun` after each run that held, with the runs so far and the worst margin. */
export type Progress = (runs: number, worst: number) => void

/** Result of a run. */
type Observed = Omit<Recalled, "instance">

// instances are plain data by contract (see Trial), which an interface cannot promise to the compiler
const asData = (instance: object): Schema.Json => instance as unknown as Schema.Json

const failure = (reason: string): Observed => ({ margin: Number.NaN, reason })

const measured = <Instance extends object>(
  trial: Trial<Instance>,
  asked: Asked<Instance>,
): Margin.Comparison & Pick<Observed, "reason"> => {
  try {
    const comparison = trial.margin(asked)
    return Number.isNaN(comparison.margin)
      ? { ...comparison, reason: "its margin is NaN" }
      : comparison
  } catch (cause) {
    return failure(
      fc.PreconditionFailure.isFailure(cause)
        ? "fc.pre is not allowed in margins: draw instances that meet the assumptions"
        : Reason.of(cause),
    )
  }
}

/** A violation in which the subject returned a number that is not finite, so nothing was measured. */
const answerOf = ({ nonFinite }: Recorder.Trace): Observed | undefined =>
  nonFinite && { margin: Number.NEGATIVE_INFINITY, answered: Recorder.describe(nonFinite) }

const observe = <Instance extends object>(
  trial: Trial<Instance>,
  asked: Asked<Instance>,
  { compared, margin, reason } = measured(trial, asked),
): Observed => {
  if (reason === undefined) return compared === undefined ? { margin } : { margin, compared }
  // a search does not record: the trial is run again for it
  const recorder = asked.recorder ?? Recorder.make()
  if (asked.recorder === undefined) measured(trial, { ...asked, recorder })
  return answerOf(recorder.trace()) ?? failure(reason)
}

/** The observation, with exact values if it is a violation. */
const confirmed = <Instance extends object>(
  trial: Trial<Instance>,
  asked: Asked<Instance>,
  observed: Observed,
): Observed => {
  const isViolation = observed.reason === undefined && Margin.isViolated(observed.margin)
  if (trial.exactly === undefined || !isViolation || observed.answered !== undefined) {
    return observed
  }
  try {
    return { ...observed, exact: confirm(trial.exactly(asked)) }
  } catch (cause) {
    return failure(`its exact values failed: ${Reason.of(cause)}`)
  }
}

/** Violations shrink only to violations of the same kind. */
const kindOf = ({ answered, reason }: Observed) =>
  reason !== undefined ? "failure" : answered !== undefined ? "answer" : "violation"

/** Pins the settings that decide the instances of a seed, so that no global setting of fast-check changes a verdict. */
export const pinned = () =>
  ({
    randomType: "xorshift128plus",
    unbiased: false,
    examples: [],
    skipEqualValues: false,
    ignoreEqualValues: false,
    endOnFailure: false,
  }) satisfies fc.Parameters

/** The place of an instance among the draws and shrinks of a seed. */
interface Place {
  readonly seed: number
  readonly path: string
}

/** Growth in the first step of a path, such as `size8`. */
const growthOf = (step: string) => {
  const match = /^(horizon|size)(\d+)$/.exec(step)
  return match === null ? undefined : { axis: match[1] as Sizes.Axis, factor: Number(match[2]) }
}

const instanceAt = <Instance extends object>(
  { instances }: Pick<Trial<Instance>, "instances">,
  { path, seed }: Place,
): Instance => {
  const [step = "", ...shrinks] = path.split(":")
  const growth = growthOf(step)
  if (growth !== undefined) {
    const base = instanceAt({ instances }, { seed, path: shrinks.join(":") })
    return Sizes.grown(base, growth.axis, growth.factor)
  }
  const found = { ...pinned(), seed, numRuns: 1 }
  // to run a property from here would go on to the instances beside this one
  const [instance] = ChoiceSequence.isChoices(step)
    ? fc.sample(
        ChoiceSequence.drawing(instances, () => ChoiceSequence.recall(instances, seed, step)),
        { ...found, path: ["0", ...shrinks].join(":") },
      )
    : fc.sample(instances, { ...found, path })
  if (instance === undefined) throw new Error(`no instance at ${path}`)
  return instance
}

/** Instance at a path with its margin, as an unshrunk violation. */
export const attemptOf = <Instance extends object>(
  trial: Trial<Instance>,
  asked: Asked<Instance>,
  place: Place,
): NonNullable<Attempt["violation"]> => ({
  instance: asData(asked.instance),
  ...place,
  shrinks: 0,
  ...confirmed(trial, asked, observe(trial, asked)),
})

/** Draws the instance at `path` again and observes it; throws where the path leads to none. */
export const recall = <Instance extends object>(
  trial: Trial<Instance>,
  at: Place,
  given: Given,
): Recalled => {
  const asked = { ...given, instance: instanceAt(trial, at) }
  return {
    instance: asData(asked.instance),
    ...confirmed(trial, asked, observe(trial, asked)),
  }
}

/** A trial that was run again: its outcome, and the comparison behind its margin, with the runs of the subject. */
export interface Retraced {
  readonly recalled: Recalled
  readonly comparison: Margin.Comparison
}

/** `recall` with a record of the runs of the subject, in the `trace` of the comparison. */
export const retrace = <Instance extends object>(
  trial: Trial<Instance>,
  at: Place,
  given: Given,
): Retraced => {
  const recorder = Recorder.make()
  const asked = { ...given, instance: instanceAt(trial, at), recorder }
  const found = measured(trial, asked)
  const trace = recorder.trace()
  const { reason: _, ...comparison } = found
  return {
    recalled: {
      instance: asData(asked.instance),
      ...confirmed(trial, asked, observe(trial, asked, found)),
    },
    comparison: { ...comparison, trace },
  }
}

/** Instances of a search, and the first step of the path to the last one, given the number of earlier ones. */
interface Source<Instance> {
  readonly instances: fc.Arbitrary<Instance>
  readonly step: (others: number) => string
  /** The margin of the instance that was drawn last. */
  readonly learn: (margin: number) => void
}

const sourceOf = <Instance>(
  instances: fc.Arbitrary<Instance>,
  { seed, way }: Search,
): Source<Instance> => {
  if (way !== "steered") return { instances, step: String, learn: () => undefined }
  const steering = new Steering(instances, seed)
  let last: ReadonlyArray<ChoiceSequence.Choice> = []
  const next = () => {
    const { choices, value } = steering.next()
    last = choices
    return value
  }
  return {
    instances: ChoiceSequence.drawing(instances, next),
    step: () => ChoiceSequence.format(last),
    learn: (margin) => steering.learn(margin),
  }
}

/**
 * Draws instances of `trial` until one violates it, then shrinks that one. Deterministic in `search.seed`, except for
 * `budget`.
 *
 * A trial that throws or returns NaN counts as broken, never as a detected control. A non-finite answer of the subject of a
 * law violates the law. Violations shrink to violations, failures to failures, and non-finite answers to non-finite answers.
 */
export const attempt = <Instance extends object>(
  trial: Trial<Instance>,
  search: Search,
  given: Given,
  onRun?: Progress,
): Attempt => {
  const deadline =
    search.budget === undefined ? Number.POSITIVE_INFINITY : performance.now() + search.budget
  const { seed } = search
  const margins: Array<number> = []
  let worst = Number.POSITIVE_INFINITY
  let extent: Extent.Extent = {}
  let nearest: Attempt["nearest"]
  let found: Observed | undefined
  const source = sourceOf(trial.instances, search)
  const property = fc.property(
    fc.limitShrink(source.instances, search.shrinks ?? 1000),
    (instance) => {
      if (performance.now() >= deadline) throw new fc.PreconditionFailure(true)
      const observed = observe(trial, { ...given, instance })
      if (found === undefined) extent = Extent.join(extent, Sizes.of(instance))
      // `isViolated` of a failure, whose margin is NaN, is true
      if (Margin.isViolated(observed.margin)) {
        const isSameKind = found === undefined || kindOf(found) === kindOf(observed)
        if (isSameKind) found = observed
        return !isSameKind
      }
      if (found === undefined) {
        const { compared, margin } = observed
        if (nearest === undefined || margin < worst) {
          const path = source.step(margins.length)
          nearest = { ...(compared === undefined ? {} : { compared }), seed, path }
        }
        margins.push(margin)
        worst = Math.min(worst, margin)
        source.learn(margin)
        onRun?.(margins.length, worst)
      }
      return true
    },
  )
  try {
    const { counterexample, counterexamplePath, interrupted, numShrinks } = fc.check(property, {
      ...pinned(),
      seed,
      numRuns: search.runs,
    })
    if (found === undefined || counterexample === null) {
      return {
        margins: Float64Array.from(margins),
        interrupted,
        extent,
        ...(nearest === undefined ? {} : { nearest }),
      }
    }
    const [, ...shrinks] = counterexamplePath.split(":")
    return {
      margins: Float64Array.from(margins),
      interrupted,
      extent,
      violation: {
        instance: asData(counterexample[0]),
        seed,
        path: [source.step(margins.length), ...shrinks].join(":"),
        shrinks: numShrinks,
        ...confirmed(trial, { ...given, instance: counterexample[0] }, found),
      },
    }
  } catch (cause) {
    // the trial never throws here, so drawing or shrinking did, at the run after those that held
    return {
      margins: Float64Array.from(margins),
      interrupted: false,
      violation: {
        instance: null,
        seed,
        path: source.step(margins.length),
        shrinks: 0,
        ...failure(`drawing an instance failed: ${Reason.of(cause)}`),
      },
    }
  }
}
