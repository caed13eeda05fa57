/** The builds that a program loads: its own, and no other. */
import { registerHooks } from "node:module"
import { assert, describe, it } from "vitest"

/** Modules of the kernels that are loaded anew where a module is imported. */
const generated = async (load: () => Promise<unknown>, which: string) => {
  const found = new Set<string>()
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const { url, ...rest } = next(specifier, context)
      const [, name] = /\/(\w+)\.generated\.ts$/.exec(url) ?? []
      if (name !== undefined) found.add(name)
      return { ...rest, url: url.includes("/numerics/src/") ? `${url}?by=${which}` : url }
    },
  })
  try {
    await load()
  } finally {
    hooks.deregister()
  }
  return [...found].toSorted()
}

describe("the builds of the kernels", () => {
  it("are the strict one alone for who imports the package", async () => {
    const loaded = await generated(() => import("../src/index.ts"), "index")
    assert.deepStrictEqual(loaded, ["strict"])
  })

  it("are the strict one alone for who shares kernels among threads", async () => {
    const loaded = await generated(() => import("../src/SharedKernels.ts"), "shared")
    assert.deepStrictEqual(loaded, ["shared", "strict"])
  })

  it("are both for who imports the relaxed one, which falls back to the strict one", async () => {
    const loaded = await generated(() => import("../src/RelaxedKernels.ts"), "relaxed")
    assert.deepStrictEqual(loaded, ["relaxed", "strict"])
  })
})
