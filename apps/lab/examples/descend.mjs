// A training of your own, for `sweep --command`: it takes its settings as arguments, and prints a line of JSON for each step.
import process from "node:process"
import { parseArgs } from "node:util"

const text = { type: "string" }
const { values } = parseArgs({ options: { rate: text, momentum: text, seed: text } })
const [rate, momentum, seed] = [values.rate, values.momentum ?? "0", values.seed ?? "1"].map(Number)

// a long valley: f(x, y) = x^2 / 2 + 20 y^2, begun at a point that the seed moves
let [x, y] = [4 + Math.sin(seed), 1 + Math.cos(seed) / 4]
let [u, v] = [0, 0]
for (let step = 1; step <= 40; step++) {
  ;[u, v] = [momentum * u - rate * x, momentum * v - rate * 40 * y]
  ;[x, y] = [x + u, y + v]
  const loss = x ** 2 / 2 + 20 * y ** 2
  if (!Number.isFinite(loss)) throw new RangeError(`the loss is ${loss} at step ${step}`)
  process.stdout.write(`${JSON.stringify({ step, loss })}\n`)
}
