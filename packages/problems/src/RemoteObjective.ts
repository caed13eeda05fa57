/**
 * Objective evaluated by another thread: this thread writes its request into shared memory and sleeps until the answer
 * arrives. Synchronous functions of an objective can therefore use values that are only available through promises.
 */
import type { Objective } from "./Objective.ts"
import * as Vector from "@nonconvex/numerics/Vector"

/** Turns of the exchange. */
const [idle, asked, answered] = [0, 1, 2] as const

type Kind = "gradient" | "product"
const kinds: ReadonlyArray<Kind> = ["gradient", "product"]

const head = 16

/** Parts of the memory: turn and kind, the loss, the requested point, and the answer. */
const partsOf = (memory: SharedArrayBuffer) => {
  const n = (memory.byteLength - head) / 16
  return {
    turn: new Int32Array(memory, 0, 2),
    loss: new Float64Array(memory, 8, 1),
    question: new Float64Array(memory, head, n),
    answer: new Float64Array(memory, head + 8 * n, n),
  }
}

/** Memory for an objective of `dimension` variables: two vectors, and 16 bytes. */
export const memoryOf = (dimension: number): SharedArrayBuffer =>
  new SharedArrayBuffer(head + 16 * dimension)

/** Request: loss and gradient at a point, or the Hessian-vector product at the last such point. */
interface Question {
  readonly kind: Kind
  readonly numbers: Float64Array
  /** Must be filled with the gradient or the product before `answer`. */
  readonly out: Float64Array
}

/**
 * Waits for the next request of the other thread.
 *
 * @example
 * ```ts no-run: the other half is a worker
 * const memory = RemoteObjective.memoryOf(dimension)
 * const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: memory })
 * const { kind, numbers } = await RemoteObjective.nextQuestion(memory)
 * if (kind === "gradient") console.log("asked for the gradient at", numbers)
 * ```
 */
export const nextQuestion = async (memory: SharedArrayBuffer): Promise<Question> => {
  const { answer: out, question: numbers, turn } = partsOf(memory)
  for (;;) {
    const now = Atomics.load(turn, 0)
    if (now === asked) return { kind: kinds[turn[1]!]!, numbers, out }
    await Atomics.waitAsync(turn, 0, now).value
  }
}

/**
 * Writes the answer, with the loss of a gradient request, and wakes the waiting thread.
 *
 * @example
 * ```ts no-run: the other half is a worker
 * for (;;) {
 *   const { kind, numbers, out } = await RemoteObjective.nextQuestion(memory)
 *   const { loss, values } = await (kind === "gradient" ? gradientAt(numbers) : productWith(numbers))
 *   out.set(values)
 *   RemoteObjective.answer(memory, loss)
 * }
 * ```
 */
export const answer = (memory: SharedArrayBuffer, loss: number): void => {
  const parts = partsOf(memory)
  parts.loss[0] = loss
  Atomics.store(parts.turn, 0, answered)
  Atomics.notify(parts.turn, 0)
}

/**
 * Objective for the computing thread. It sleeps in every call until another thread has answered, so that must not be the
 * same thread. A product at a point other than that of the last gradient requests that gradient first.
 *
 * @example
 * ```ts no-run: it sleeps until another thread answers
 * // in a worker, whose `workerData` is the memory
 * const objective = RemoteObjective.objective(workerData, { name: "my program", constants: {} })
 * const state = method.init(objective, new Float64Array(objective.dimension))
 * for (let k = 0; k < 100; k++) method.step(state)
 * ```
 */
export const objective = (
  memory: SharedArrayBuffer,
  description: Pick<Objective, "name" | "constants" | "precision">,
): Objective & Required<Pick<Objective, "hessianVector">> => {
  const parts = partsOf(memory)
  const { turn } = parts
  const dimension = parts.question.length
  const ask = (kind: Kind, numbers: Float64Array, out: Float64Array): number => {
    parts.question.set(numbers)
    turn[1] = kinds.indexOf(kind)
    Atomics.store(turn, 0, asked)
    Atomics.notify(turn, 0)
    while (Atomics.load(turn, 0) !== answered) Atomics.wait(turn, 0, asked)
    Atomics.store(turn, 0, idle)
    out.set(parts.answer)
    return parts.loss[0]!
  }
  const at = new Float64Array(dimension).fill(Number.NaN)
  const ignored = new Float64Array(dimension)
  const valueAndGradient = (x: Float64Array, gradient: Float64Array): number => {
    at.set(x)
    return ask("gradient", x, gradient)
  }
  return {
    ...description,
    dimension,
    valueAndGradient,
    hessianVector: (x, v, out) => {
      // a distance of NaN is none
      if (!(Vector.distance(x, at) === 0)) valueAndGradient(x, ignored)
      ask("product", v, out)
    },
  }
}
