/** The script that computes in the page has a stand-in for effect, and claims without their words: it gives the bits of the program all the same. */
import * as Replay from "@nonconvex/evidence/Replay"
import * as Verify from "@nonconvex/evidence/Verify"
import { replay as packed } from "@nonconvex/gallery/bundles"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Option } from "effect"
import { runInThisContext } from "node:vm"
import { inflateRawSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const services = Systems.layer

interface Computing {
  readonly nonconvexReplay: (token: string) => { readonly recalled: object }
}

/** Claims of which one is replayed: all of them take minutes, and those about fixed seeds many seconds each. */
const every = 25

describe("the script that computes in the page", () => {
  it("replays instances of errata, of claims and of their controls as the program does", async () => {
    runInThisContext(inflateRawSync(Buffer.from(packed, "base64")).toString("utf8"))
    const { nonconvexReplay: replay } = globalThis as unknown as Computing
    const systems = await Effect.runPromise(allSystems.pipe(Effect.provide(services)))
    const claims = systems
      .flatMap((system) => system.claims)
      .filter(({ hasOneInstance }) => hasOneInstance !== true)
      .filter((_, k) => k % every === 0)
    const errata = systems.flatMap((system) => system.errata)
    const tokens = [
      ...errata.map((erratum) => ({ of: erratum, token: `${erratum.id}@1:0` })),
      ...claims.map((claim) => ({ of: claim, token: `${claim.id}@1:0` })),
      ...claims.map((claim) => ({
        of: claim,
        token: `${claim.id}+${claim.controls[0]!.replaceAll(/[^\p{L}\p{N}.]+/gu, "-")}@1:0`,
      })),
    ]
    assert.isAbove(tokens.length, 35)
    for (const { of, token } of tokens) {
      const parsed = Option.getOrThrow(Replay.parse(token))
      const expected = Verify.replay(of, parsed, { kernels: Kernels.strict() })
      assert.deepStrictEqual(replay(token).recalled, expected, token)
    }
  })
})
