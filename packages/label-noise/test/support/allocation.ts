/**
 * Run as a program: takes steps of label-noise SGD and prints, as JSON, what was allocated meanwhile by V8's sampling heap
 * profiler, which also sees what was collected.
 */
import { Session } from "node:inspector/promises"
import { Seed } from "@nonconvex/numerics"
import { teacherProblem } from "../../src/experiments/TeacherProblem.ts"
import { type Form, labelNoise, type LabelNoiseState, stepLabelNoise } from "../../src/index.ts"

export interface Allocated {
  /** Bytes sampled below the loop that steps. */
  readonly sampled: number
  readonly steps: number
  readonly status: string
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

const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 10)

const takeSteps = (state: LabelNoiseState, count: number) => {
  for (let k = 0; k < count; k++) stepLabelNoise(state)
}

const measure = async (form: Form, batch: number, steps: number): Promise<Allocated> => {
  const state = labelNoise(network, theta, {
    learningRate: 0.01,
    noise: 0.05,
    sampling: batch === 3 ? "full" : "epoch",
    batch,
    form,
    seed: Seed.root(1),
  })
  // the compiler has to have seen it all
  for (let k = 0; k < 40; k++) takeSteps(state, 5000)
  const session = new Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  takeSteps(state, steps)
  const { profile } = await session.post("HeapProfiler.stopSampling")
  session.disconnect()
  return { sampled: sizeBelow(profile.head, "takeSteps"), steps: state.steps, status: state.status }
}

const [form = "parameters", batch = "1", steps = "1"] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await measure(form as Form, Number(batch), Number(steps))))
