/** The kernels of this machine, or the reason why there are none. */
import { Effect, Exit } from "effect"
import { assert } from "vitest"
import { CompiledKernels } from "../../src/index.ts"

export const found = await Effect.runPromiseExit(CompiledKernels.make())

/** Runs a test if the module was built; otherwise reports the skip, and checks that the error names the next step. */
export const compiled = (run: (kernels: CompiledKernels.CompiledKernels) => void): void => {
  if (Exit.isSuccess(found)) return run(found.value)
  const error = Effect.runSync(Effect.flip(found))
  assert.strictEqual(error._tag, "BackendUnavailable")
  assert.include(error.message, "npm run build-native")
  console.info(`skipped: ${error.message}`)
}
