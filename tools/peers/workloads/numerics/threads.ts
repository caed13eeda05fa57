/**
 * Two products of matrices, and two Lanczos runs by products with a matrix: one after the other on one thread, one after the other while two threads share the work inside of
 * each, and at once on a thread of its own each, which is what the machine gives two threads in this run.
 */
import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"
import * as Companion from "./Companion.ts"
import { capacity, lanczos, lanczosOfTriangle, once, product } from "./Products.ts"

const twice =
  (kernels: SharedKernels.SharedKernels) =>
  (parameters: Parameters): Work => {
    const { result, run } = once(kernels, parameters)
    return {
      run: () => {
        void run()
        void run()
      },
      result,
    }
  }

const one = SharedKernels.make(1, { capacity })
const two = SharedKernels.make(2, { capacity })
const alone = SharedKernels.make(1, { capacity })
while (two.started() < 2) {
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  await new Promise((resolve) => setTimeout(resolve, 5))
}
const ask = await Companion.start()

const atOnce = (parameters: Parameters): Work => {
  const { result, run } = once(alone, parameters)
  let prepared = false
  return {
    run: async () => {
      const other = ask(prepared ? undefined : parameters)
      prepared = true
      void run()
      await other
    },
    result,
  }
}

export const workload: Workload = {
  cases: [
    {
      name: "two products gemm f64 N=512 on threads",
      parameters: { n: 512, kind: product },
      operations: 4 * 512 ** 3,
      // the same bits
      tolerance: 0,
    },
    {
      name: "two Lanczos runs, top 10 with a matrix d=2000, on threads",
      parameters: { n: 2000, kind: lanczos },
      tolerance: 0,
    },
    {
      name: "two Lanczos runs, top 10 with a lower triangle d=2000, on threads",
      parameters: { n: 2000, kind: lanczosOfTriangle },
      tolerance: 0,
    },
  ],
  implementations: [
    { name: "numerics, one thread", own: true, prepare: twice(one) },
    { name: "numerics, two threads", own: true, threads: "all", prepare: twice(two) },
    { name: "numerics, a thread each", own: true, threads: "all", prepare: atOnce },
  ],
}
