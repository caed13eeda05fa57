import { InvalidInput } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as ClopperPearson from "../../src/audit/ClopperPearson.ts"

describe("ClopperPearson", () => {
  it("has the known bounds", () => {
    assert.closeTo(ClopperPearson.upper(0, 10, 0.05), 1 - 0.05 ** 0.1, 1e-12)
    assert.closeTo(ClopperPearson.lower(10, 10, 0.05), 0.05 ** 0.1, 1e-12)
    assert.strictEqual(ClopperPearson.lower(0, 10, 0.05), 0)
    // scipy.stats.beta.ppf(0.025, 3, 8) and (0.975, 4, 7)
    assert.closeTo(ClopperPearson.lower(3, 10, 0.025), 0.06673951117773447, 1e-10)
    assert.closeTo(ClopperPearson.upper(3, 10, 0.025), 0.6524528500599972, 1e-10)
    // scipy.stats.beta.ppf(1e-6, 50000, 50001)
    assert.closeTo(ClopperPearson.lower(50_000, 100_000, 1e-6), 0.4924796203372254, 1e-9)
    assert.throws(() => ClopperPearson.lower(3, 2, 0.1), InvalidInput, /failures/)
  })
})
