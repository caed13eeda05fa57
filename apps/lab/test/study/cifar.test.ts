/** The experiments of the studies on images, on images of CIFAR-10 that somebody has. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Settings from "@nonconvex/evidence/Settings"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Layer } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { experiments } from "../support/Experiments.ts"
import { temporary } from "../support/Folders.ts"

const files = [...[1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`), "test_batch.bin"]

/** Images of noise, thirty of each class in a file. */
const written = (): string => {
  const stream = RandomStream.make(Seed.root("images"))
  const to = temporary()
  for (const file of files) {
    const bytes = new Uint8Array(300 * 3073)
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] = at % 3073 === 0 ? (at / 3073) % 10 : stream.integer(256)
    }
    writeFileSync(join(to, file), bytes)
  }
  return to
}

const onImages = experiments.filter((experiment) =>
  [...Object.keys(experiment.preset("smoke")), ...(experiment.optional ?? [])].includes("images"),
)

describe("experiments on images", () => {
  it("are those of the studies on images", () => {
    assert.deepStrictEqual(
      onImages.map(({ id }) => id),
      [
        "optim-sam/robustness",
        "optim-sam/robustness-with-batch-normalisation",
        "optim-sam/normalisation-and-robustness",
        "flat-minima/from-a-bad-minimum",
        "flat-minima/escape-from-a-bad-minimum",
        "dp-lowrank/complex-on-real-data",
        "catapults/spikes-in-eigenspace",
        "catapults/eigenspaces-of-spikes",
        "catapults/is-it-the-catapult",
        "catapults/batch-size-on-images",
      ],
    )
  })

  it.live.each(onImages)("$id takes CIFAR-10", (experiment) =>
    Effect.gen(function* () {
      const kernels = yield* Kernels.Current
      const configured = yield* Settings.resolve(experiment, "smoke", { images: "cifar-10" })
      const data = Datasets.layerFolder(written()).pipe(Layer.provide(NodeServices.layer))
      // noise need not have a spike
      const rows = yield* configured.rowsOf(0, 1, { kernels }, data)
      assert.strictEqual(rows.length === 0, /spikes/u.test(experiment.id))
      const read = yield* configured.dataOf(1, { kernels }, data)
      const names = read.map(({ name }) => name)
      assert.include(names, "cifar-10")
      assert.notInclude(names, "fashion-mnist")
    }).pipe(Effect.provide(Kernels.layerStrict)),
  )
})
