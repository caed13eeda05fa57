/** The whole table of forced catapults: five seeds, 20 runs. A round takes a minute. */
import type { Workload } from "../../src/Workload.ts"
import { sizes, table } from "./table.ts"

export const workload: Workload = {
  cases: [
    {
      name: "forced catapults, d=30, width 512, n=512, five seeds: 20 runs",
      parameters: { ...sizes, seeds: 5 },
      // three raises amplify rounding: a start moved by a few ulps moves a test loss by two per cent (0.1528 or 0.1556)
      tolerance: 1e-2,
      isLong: true,
    },
  ],
  implementations: [{ name: "catapults", own: true, prepare: table }],
}
