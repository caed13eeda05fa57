import { Kernels } from "@nonconvex/numerics"
import { Effect, Exit } from "effect"
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { Worker } from "node:worker_threads"
import { assert, describe, it } from "vitest"
import { CompiledKernels } from "../src/index.ts"
import * as Addon from "../src/internal/Addon.ts"
import { found } from "./support/Found.ts"

describe("Addon", () => {
  it("fails with BackendUnavailable on a platform that no release has, and says which there are", async () => {
    const error = await Effect.runPromise(Effect.flip(Addon.load("plan9-mips")))
    assert.strictEqual(error._tag, "BackendUnavailable")
    assert.strictEqual(error.reason, "@nonconvex/native-plan9-mips is not installed")
    for (const platform of Addon.platforms) assert.include(error.remedy, platform)
  })

  it("says how to build the module on a platform that has one", async () => {
    const other = Addon.platforms.find((platform) => !platform.startsWith(process.platform))!
    const error = await Effect.runPromise(Effect.flip(Addon.load(other)))
    assert.include(error.message, "Run npm run build-native in a checkout")
  })

  it("gives the layer its kernels, or the layer fails as it does", async () => {
    const name = Effect.map(Kernels.Current, (kernels) => kernels.name)
    const exit = await Effect.runPromiseExit(Effect.provide(name, CompiledKernels.layer()))
    if (Exit.isSuccess(found)) assert.deepStrictEqual(exit, Exit.succeed("compiled"))
    else assert.deepStrictEqual(exit, Exit.fail(Effect.runSync(Effect.flip(found))))
  })

  it.each([
    { threads: 1, n: 64 },
    { threads: 3, n: 128 },
  ])(
    "is loaded by several threads of Node at once, which end while others work: $threads of its own",
    async (workerData) => {
      if (Exit.isFailure(found)) return console.info("skipped: the module is not built")
      const ends = Array.from(
        { length: 4 },
        () =>
          new Promise<number>((resolve, reject) => {
            const worker = new Worker(new URL("fixtures/multiplying.ts", import.meta.url), {
              workerData,
              execArgv: ["--conditions=source"],
            })
            worker.once("error", reject)
            worker.once("exit", resolve)
          }),
      )
      assert.deepStrictEqual(await Promise.all(ends), [0, 0, 0, 0])
    },
  )

  it("is unloaded with the last thread of Node that has it, and its own threads end before", async () => {
    if (Exit.isFailure(found)) return console.info("skipped: the module is not built")
    const fixture = new URL("fixtures/unloading.ts", import.meta.url).pathname
    const { stderr, stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=source",
      fixture,
    ])
    assert.deepStrictEqual({ stderr, stdout }, { stderr: "", stdout: "5 ended\n" })
  })
})
