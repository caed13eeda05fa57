/** An objective whose answers come from another thread: here this one, while a worker goes down. */
import { assert, describe, it } from "@effect/vitest"
import * as RemoteObjective from "@nonconvex/problems/RemoteObjective"
import { once } from "node:events"
import { Worker } from "node:worker_threads"

/** Asks for a gradient, a product at its point, and a product at another one. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads")
  import("@nonconvex/problems/RemoteObjective").then((RemoteObjective) => {
    const objective = RemoteObjective.objective(workerData, { name: "remote", constants: {} })
    const x = Float64Array.of(1, 2, 3)
    const [gradient, here, there] = [0, 0, 0].map(() => new Float64Array(3))
    const loss = objective.valueAndGradient(x, gradient)
    objective.hessianVector(x, Float64Array.of(1, 0, 0), here)
    objective.hessianVector(Float64Array.of(0, 0, 0), Float64Array.of(0, 1, 0), there)
    parentPort.postMessage({ dimension: objective.dimension, loss, gradient, here, there })
  })
`

const worker = (memory: SharedArrayBuffer) =>
  new Worker(program, { eval: true, workerData: memory, execArgv: ["--conditions=source"] })

/** Answers the sum of squares, and a product that tells the point. */
const answered = async (memory: SharedArrayBuffer, count: number) => {
  const asked: Array<string> = []
  let point: ReadonlyArray<number> = []
  for (let k = 0; k < count; k++) {
    const { kind, numbers, out } = await RemoteObjective.nextQuestion(memory)
    asked.push(`${kind} ${[...numbers].join(" ")}`)
    if (kind === "gradient") point = [...numbers]
    numbers.forEach((value, i) => (out[i] = kind === "gradient" ? 2 * value : point[i]! + value))
    RemoteObjective.answer(
      memory,
      point.reduce((sum, value) => sum + value * value, 0),
    )
  }
  return asked
}

describe("a remote objective", () => {
  it("asks another thread, and for the gradient before a product at another point", async () => {
    const memory = RemoteObjective.memoryOf(3)
    const thread = worker(memory)
    const told = once(thread, "message")
    assert.deepStrictEqual(await answered(memory, 4), [
      "gradient 1 2 3",
      "product 1 0 0",
      "gradient 0 0 0",
      "product 0 1 0",
    ])
    const [found] = await told
    await thread.terminate()
    assert.deepStrictEqual(found, {
      dimension: 3,
      loss: 14,
      gradient: Float64Array.of(2, 4, 6),
      here: Float64Array.of(2, 2, 3),
      there: Float64Array.of(0, 1, 0),
    })
  })

  it("lets its thread be ended while it waits for an answer", async () => {
    const memory = RemoteObjective.memoryOf(3)
    const thread = worker(memory)
    await RemoteObjective.nextQuestion(memory)
    assert.strictEqual(await thread.terminate(), 1)
  })
})
