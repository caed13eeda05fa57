import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { FashionMnist } from "@nonconvex/datasets"
import { ConfigProvider, Effect } from "effect"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fashionPair } from "../../../src/evidence/support/FashionPair.ts"

const pair = (installed: boolean) =>
  fashionPair({ train: 10, test: 6, installed }).pipe(Effect.provide(NodeServices.layer))

describe("fashionPair", () => {
  it.effect("alternates the classes, and gives each image mean 0 and norm sqrt(d)", () =>
    Effect.gen(function* () {
      const { inputs, source, test, train } = yield* pair(false)
      assert.strictEqual(source, "shipped")
      assert.strictEqual(inputs, 784)
      assert.deepStrictEqual([...train.labels], [-1, 1, -1, 1, -1, 1, -1, 1, -1, 1])
      assert.strictEqual(test.labels.length, 6)
      const image = train.features.subarray(784, 1568)
      assert.closeTo(
        image.reduce((sum, x) => sum + x, 0),
        0,
        1e-9,
      )
      assert.closeTo(
        image.reduce((sum, x) => sum + x * x, 0),
        784,
        1e-9,
      )
    }),
  )

  it.effect("takes the shipped part where the full files are not installed", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
      const { source } = yield* pair(true).pipe(
        Effect.provide(
          ConfigProvider.layer(
            ConfigProvider.fromUnknown({ [FashionMnist.folderVariable]: folder }),
          ),
        ),
      )
      assert.strictEqual(source, "shipped")
    }),
  )
})
