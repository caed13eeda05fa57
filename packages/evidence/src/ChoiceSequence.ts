/**
 * Choices that determine an instance, as numbers that a search can change and a token can record.
 *
 * An arbitrary requests integers in ranges from a source of randomness: a dimension, a grid point, a list length, a seed. If
 * the answers come from a list instead, it draws the corresponding instance, with its usual structure and shrinking.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import fc from "fast-check"

/**
 * The integer `value`, of those from 0 to `most`.
 *
 * @internal
 */
export interface Choice {
  readonly value: number
  readonly most: number
}

/**
 * Source of choices after the end of a list: an integer from 0 to `most`, at this position of the sequence.
 *
 * @internal
 */
export type Otherwise = (most: number, place: number) => number

interface Silent {
  readonly clone: () => Silent
  readonly next: () => number
  readonly jump: () => void
  readonly getState: () => ReadonlyArray<number>
}

/** Generator that fast-check requires; unused, because every draw is a choice. */
const silent: Silent = {
  clone: () => silent,
  next: () => 0,
  jump: () => undefined,
  getState: () => [],
}

/** Bits per digit with which a big integer is chosen. */
const digit = 30n

/** Scripted answers, and the source of answers after them; both are reset when the instance is drawn. */
interface Script {
  given: ReadonlyArray<number>
  otherwise: Otherwise
}

/** A source of randomness that answers from a script and calls `onChoice` with each answer. */
class Scripted extends fc.Random {
  readonly #script: Script
  readonly #onChoice: (choice: Choice) => void
  #place: number

  constructor(script: Script, onChoice: (choice: Choice) => void, place = 0) {
    super(silent)
    this.#script = script
    this.#onChoice = onChoice
    this.#place = place
  }

  /**
   * Arbitraries that depend on a drawn value draw from a clone when they shrink; the answers of the clone are not choices of
   * the instance.
   */
  override clone(): fc.Random {
    return new Scripted(this.#script, () => undefined, this.#place)
  }

  override nextInt(min = -0x80000000, max = 0x7fffffff): number {
    return min + this.#choose(max - min)
  }

  override nextBigInt(min: bigint, max: bigint): bigint {
    const count = max - min + 1n
    let value = 0n
    for (let left = max - min; left > 0n; left >>= digit) {
      value = (value << digit) + BigInt(this.#choose(Number((1n << digit) - 1n)))
    }
    return min + (value % count)
  }

  override next(bits: number): number {
    return this.#choose(Elementary.powerOfTwo(bits) - 1)
  }

  override nextBoolean(): boolean {
    return this.#choose(1) === 1
  }

  #choose(most: number): number {
    const { given, otherwise } = this.#script
    const place = this.#place++
    const value = Math.min(given[place] ?? otherwise(most, place), most)
    this.#onChoice({ value, most })
    return value
  }
}

/**
 * Instance with its choices, and the context with which fast-check shrinks it.
 *
 * @internal
 */
export interface Drawn<Instance> {
  readonly value: fc.Value<Instance>
  readonly choices: ReadonlyArray<Choice>
}

/**
 * Draws the instance of the choices `given`; values that are too large are clamped, and missing ones come from `otherwise`.
 *
 * @internal
 */
export const draw = <Instance>(
  instances: fc.Arbitrary<Instance>,
  seed: number,
  given: ReadonlyArray<number>,
  otherwise: Otherwise,
): Drawn<Instance> => {
  const choices: Array<Choice> = []
  const script: Script = { given, otherwise }
  const value = instances.generate(
    new Scripted(script, (choice) => choices.push(choice)),
    undefined,
  )
  // a clone that shrinks must not depend on how the choices were found: a token has them and the seed alone
  script.given = choices.map((choice) => choice.value)
  script.otherwise = (most, place) =>
    RandomStream.make(Seed.root(seed).child(place)).integer(most + 1)
  return { value, choices }
}

/** Instances drawn by `next`, which shrink like those of `instances`. */
class Chosen<Instance> extends fc.Arbitrary<Instance> {
  readonly #instances: fc.Arbitrary<Instance>
  readonly #next: () => fc.Value<Instance>

  constructor(instances: fc.Arbitrary<Instance>, next: () => fc.Value<Instance>) {
    super()
    this.#instances = instances
    this.#next = next
  }

  generate(): fc.Value<Instance> {
    return this.#next()
  }

  canShrinkWithoutContext(value: unknown): value is Instance {
    return this.#instances.canShrinkWithoutContext(value)
  }

  shrink(value: Instance, context: unknown): fc.Stream<fc.Value<Instance>> {
    return this.#instances.shrink(value, context)
  }
}

/**
 * Arbitrary of the instances that `next` draws from `instances`, one after another.
 *
 * @internal
 */
export const drawing = <Instance>(
  instances: fc.Arbitrary<Instance>,
  next: () => fc.Value<Instance>,
): fc.Arbitrary<Instance> => new Chosen(instances, next)

/**
 * First step of a path to the instance of these choices: `.3.500.17`. A path whose first step is a number counts draws
 * instead.
 *
 * @internal
 */
export const format = (choices: ReadonlyArray<Choice>): string =>
  choices.length === 0 ? "." : choices.map(({ value }) => `.${value}`).join("")

/**
 * A hash of choices: two lists collide with a probability of 2^-53.
 *
 * @internal
 */
export const keyOf = (choices: ReadonlyArray<Choice>): number => {
  let [a, b] = [choices.length, 0x9e3779b9]
  for (const { value } of choices) {
    a = Math.imul(a ^ value, 0x85ebca6b)
    a ^= a >>> 13
    b = Math.imul(b + value, 0xc2b2ae35)
    b ^= b >>> 16
  }
  return (a >>> 0) * 0x200000 + (b >>> 11)
}

/**
 * Tests whether a step of a path is one of choices.
 *
 * @internal
 */
export const isChoices = (step: string): boolean => step.startsWith(".")

/**
 * Instance of choices in the notation of `format`. Throws if they lead to no instance, because the instances have changed.
 *
 * @internal
 */
export const recall = <Instance>(
  instances: fc.Arbitrary<Instance>,
  seed: number,
  step: string,
): fc.Value<Instance> => {
  const given = step === "." ? [] : step.slice(1).split(".").map(Number)
  const { choices, value } = draw(instances, seed, given, () => 0)
  if (format(choices) !== step) throw new Error(`no instance at ${step}`)
  return value
}
