/** The kernels that are compiled for this machine, where they were built. */
import { CompiledKernels } from "@nonconvex/native"
import type { Kernels } from "@nonconvex/numerics"
import { Effect, Exit } from "effect"
import { availableParallelism } from "node:os"
import { allThreads } from "../../src/Measure.ts"
import type { Implementation, Parameters, Workload } from "../../src/Workload.ts"

const found = await Effect.runPromiseExit(CompiledKernels.make())
const onAll = await Effect.runPromiseExit(CompiledKernels.make(availableParallelism()))

/** What `prepare` makes of them, on all threads too where `isShared` says that these share products of it; else why there is nothing. */
export const compiled = (
  prepare: (kernels: Kernels.Kernels) => Implementation["prepare"],
  isShared?: (parameters: Parameters) => boolean,
): Required<Pick<Workload, "implementations" | "missing" | "versions">> => {
  if (Exit.isFailure(found)) {
    const { reason } = Effect.runSync(Effect.flip(found))
    return { implementations: [], missing: { compiled: reason }, versions: {} }
  }
  const { vectors, version } = found.value
  const shared: Array<Implementation> = []
  if (isShared !== undefined && Exit.isSuccess(onAll)) {
    // a memory of their own: the other one may be full of the same arrays
    const prepareShared = prepare(onAll.value.withCapacity(2 ** 28))
    shared.push({
      name: `compiled${allThreads}`,
      own: true,
      threads: "all",
      prepare: (parameters) => (isShared(parameters) ? prepareShared(parameters) : undefined),
    })
  }
  return {
    implementations: [{ name: "compiled", own: true, prepare: prepare(found.value) }, ...shared],
    missing: {},
    versions: { "@nonconvex/native": `${version} ${vectors}` },
  }
}
