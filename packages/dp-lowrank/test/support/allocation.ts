/**
 * Run as a program: takes steps of the Dyson flow and prints, as JSON, what was allocated meanwhile by V8's sampling heap profiler,
 * which also sees what was collected.
 */
import { Session } from "node:inspector/promises"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { DysonFlow } from "../../src/index.ts"

export interface Allocated {
  /** Bytes sampled below the loop that steps. */
  readonly sampled: number
  readonly steps: number
  readonly residual: number
  readonly position: ReadonlyArray<number>
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

const measure = async (dimension: number, steps: number): Promise<Allocated> => {
  const flow = DysonFlow.make(new Float64Array(dimension), { beta: 2, timeStep: 1e-3 })
  const normals = new Float64Array(dimension)
  RandomStream.make(Seed.root(1)).fillNormal(normals)
  const takeSteps = (count: number) => {
    for (let t = 0; t < count; t++) {
      // noise that goes to and fro
      for (let i = 0; i < dimension; i++) normals[i] = -normals[i]!
      DysonFlow.step(flow, normals)
    }
  }
  // the compiler has to have seen it all
  for (let k = 0; k < 40; k++) takeSteps(250)
  const session = new Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  takeSteps(steps)
  const { profile } = await session.post("HeapProfiler.stopSampling")
  session.disconnect()
  return {
    sampled: sizeBelow(profile.head, "takeSteps"),
    steps: flow.steps,
    residual: flow.residual,
    position: [...flow.position],
  }
}

const [dimension = "4", steps = "1"] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await measure(Number(dimension), Number(steps))))
