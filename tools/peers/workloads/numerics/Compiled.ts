/** The kernels that are compiled for this machine, where they were built. */
import { NativeKernels } from "@nonconvex/native"
import type { Kernels } from "@nonconvex/numerics"
import { Effect, Exit } from "effect"
import type { Implementation, Workload } from "../../src/Workload.ts"

const found = await Effect.runPromiseExit(NativeKernels.make)

/** What `prepare` makes of them; else why there is nothing. */
export const compiled = (
  prepare: (kernels: Kernels.Kernels) => Implementation["prepare"],
): Required<Pick<Workload, "implementations" | "missing" | "versions">> => {
  if (Exit.isFailure(found)) {
    const { reason } = Effect.runSync(Effect.flip(found))
    return { implementations: [], missing: { compiled: reason }, versions: {} }
  }
  const { vectors, version } = found.value
  return {
    implementations: [{ name: "compiled", own: true, prepare: prepare(found.value) }],
    missing: {},
    versions: { "@nonconvex/native": `${version} ${vectors}` },
  }
}
