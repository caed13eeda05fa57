/**
 * Run as a program: takes steps of one method on the scalar factorisation and prints, as JSON, what was allocated meanwhile:
 * by V8's sampling heap profiler, which also sees what was collected, and as the growth of the heap.
 */
import { Session } from "node:inspector/promises"
import {
  adamW,
  momentum,
  nesterov,
  scalarFactorisation,
  sgd,
  type Update,
} from "@nonconvex/problems"
import { sam, usam } from "../../src/index.ts"

export interface Allocated {
  /** Bytes sampled below the loop that steps. */
  readonly sampled: number
  /** Growth of the heap in bytes; garbage counts, where none was collected. */
  readonly grown: number
  readonly nanosecondsPerStep: number
  readonly point: ReadonlyArray<number>
}

interface Node {
  readonly callFrame: { readonly functionName: string }
  readonly selfSize: number
  readonly children: ReadonlyArray<Node>
}

const sizeOf = (node: Node): number =>
  node.children.reduce((sum, child) => sum + sizeOf(child), node.selfSize)

/** Bytes below the function of that name. */
const sizeBelow = (node: Node, name: string): number =>
  node.callFrame.functionName === name
    ? sizeOf(node)
    : node.children.reduce((sum, child) => sum + sizeBelow(child, name), 0)

const bases: Readonly<Record<string, Update>> = {
  sgd: sgd({ learningRate: 1e-3 }),
  momentum: momentum({ learningRate: 1e-4 }),
  nesterov: nesterov({ learningRate: 1e-4 }),
  adamw: adamW({ learningRate: 1e-9 }),
}

const measure = async (name: string, baseName: string, steps: number): Promise<Allocated> => {
  const make = name === "usam" ? usam : sam
  const method = make({ radius: 1e-3, base: bases[baseName]! })
  const state = method.init(scalarFactorisation(), Float64Array.of(1e-3, 8))
  const takeSteps = (count: number) => {
    for (let t = 0; t < count; t++) method.step(state)
  }
  // the compiler has to have seen it all
  for (let k = 0; k < 100; k++) takeSteps(50_000)
  const session = new Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  const heap = process.memoryUsage().heapUsed
  const begin = performance.now()
  takeSteps(steps)
  const elapsed = performance.now() - begin
  const grown = process.memoryUsage().heapUsed - heap
  const { profile } = await session.post("HeapProfiler.stopSampling")
  session.disconnect()
  return {
    sampled: sizeBelow(profile.head, "takeSteps"),
    grown,
    nanosecondsPerStep: (1e6 * elapsed) / steps,
    point: [...state.point],
  }
}

const [name = "sam", base = "sgd", steps = "1"] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await measure(name, base, Number(steps))))
