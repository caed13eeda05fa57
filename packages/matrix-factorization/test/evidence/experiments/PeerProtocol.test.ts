import { assert, describe, it } from "vitest"
import { peerProtocol } from "../../../src/evidence/experiments/PeerProtocol.ts"

describe("the public protocol of deep matrix factorisation", () => {
  it("spreads its hundred thousand seconds over a job for each descent and each reference", () => {
    const { count } = peerProtocol.configure(peerProtocol.preset("paper"))
    assert.strictEqual(count, 3 * (1 + 3 * 2))
  })
})
