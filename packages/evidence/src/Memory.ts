/**
 * Memory allocated and retained by the steps of an algorithm; Node only.
 *
 * Measure in a separate process, because the compiler's history decides whether it boxes a number. Write a program that
 * measures and prints its findings as JSON, and `run` it.
 */
import { execFileSync } from "node:child_process"
import { type HeapProfiler, Session } from "node:inspector/promises"

interface Allocated {
  /** Bytes; V8 allocates 16 for a number returned by a call that is not inlined, and 100 or more for an array. */
  readonly bytesPerStep: number
  /** Number of all steps, including the first ones. */
  readonly steps: number
}

const sizeOf = ({ children, selfSize }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + sizeOf(child), selfSize)

const sizeBelow = (node: HeapProfiler.SamplingHeapProfileNode, name: string): number =>
  node.callFrame.functionName === name
    ? sizeOf(node)
    : node.children.reduce((sum, child) => sum + sizeBelow(child, name), 0)

const mostRounds = 5

/** Name of the steps in the profile, whatever their function is called. */
function stepsThatAreMeasured(takeSteps: (count: number) => void, count: number): void {
  takeSteps(count)
}

/**
 * Measures the bytes that a step allocates, collected or not, by V8's sampling heap profiler: the mean of `steps` steps,
 * after `first` steps of warm-up. The profiler also counts occasional work of the engine, so the result is the smallest of
 * five such means, or the first that is 0.
 *
 * `takeSteps` takes that many steps in a loop; single calls would not be compiled as in a program.
 */
export const allocated = async (
  takeSteps: (count: number) => void,
  { first, steps }: { readonly first: number; readonly steps: number },
): Promise<Allocated> => {
  // calls enough for the loop itself to be compiled
  const some = Math.ceil(first / 40)
  for (let k = 0; k < 40; k++) takeSteps(some)
  let taken = 40 * some
  let least = Infinity
  const session = new Session()
  session.connect()
  for (let round = 0; round < mostRounds && least > 0; round++) {
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: 1024,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    })
    stepsThatAreMeasured(takeSteps, steps)
    taken += steps
    const { profile } = await session.post("HeapProfiler.stopSampling")
    least = Math.min(least, sizeBelow(profile.head, stepsThatAreMeasured.name))
  }
  session.disconnect()
  return { bytesPerStep: least / steps, steps: taken }
}

/** Bytes of objects and arrays in use: the smallest of several measurements, each after a collection. Needs Node's `--expose-gc`. */
export const kept = (): number => {
  let least = Infinity
  for (let k = 0; k < 8; k++) {
    globalThis.gc!()
    const { arrayBuffers, heapUsed } = process.memoryUsage()
    least = Math.min(least, heapUsed + arrayBuffers)
  }
  return least
}

/** Conditions of resolution: where this file is a source, packages resolve to their sources. */
const conditions = import.meta.url.endsWith(".ts") ? ["--conditions=source"] : []

/**
 * Flags that make a measurement repeatable and more sensitive. A concurrent compiler finishes at arbitrary times and inlines
 * by its profile so far, so a step would box different numbers in each run. With these flags it works on the same thread,
 * inlines every callee, so that no number is boxed, and keeps all checks.
 */
const settings = [
  "--expose-gc",
  "--no-concurrent-recompilation",
  "--max-inlined-bytecode-size-cumulative=4000",
  "--no-turbo-escape",
  ...conditions,
]

/**
 * Runs a program in a fresh process, with `--expose-gc` and deterministic compilation, and parses the JSON that it prints.
 * Throws the error message on failure.
 */
export const run = (program: string, ...args: ReadonlyArray<string | number>): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [...settings, program, ...args.map(String)], {
      encoding: "utf8",
      stdio: "pipe",
    }),
  )
