/** Program that prints, as JSON, the heap that two monitors keep after 6,000 and after 10,000 readings. */
import { kept } from "@nonconvex/evidence/memory"
import { Seed } from "@nonconvex/numerics"
import { monitor } from "../../src/monitor/Monitor.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { interpolating } from "./Models.ts"

/** Bytes kept after 6,000 readings and after 10,000. */
export interface Used {
  readonly few: number
  readonly many: number
}

const seed = Seed.root(1)
const { objective, point } = interpolating("relu")
const exact = monitor(objective, { seed })
const probed = monitor(scalarModel(), { seed, maxProducts: 20 })

let read = 0
const readings = (count: number): void => {
  for (; read < count; read++) {
    exact.read(point.map((value) => value * (1 + 1e-6 * read)))
    probed.read(Float64Array.of(2 + 1e-4 * read, 0.5))
  }
}
// the first rounds are for the compiler, which keeps what it made of the code and drops it again
const [, , few, many] = [200, 1000, 6000, 10_000].map((count) => {
  readings(count)
  return kept()
})
process.stdout.write(JSON.stringify({ few: few!, many: many! } satisfies Used))
