import { Draw } from "@nonconvex/evidence"
import { randomNetwork } from "./RandomNetwork.ts"

export const instances = Draw.record({
  problem: Draw.integer(2, 4).chain((size) => randomNetwork({ size })),
  factor: Draw.logarithmic(2, 0.3),
})
