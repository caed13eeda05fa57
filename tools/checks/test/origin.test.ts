// Where a package comes from, and what it installs: licence, source, attested publishing, and the bill of materials.
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { originProblems } from "../src/checks/packaging.ts"
import { bill, differences, findings } from "../src/Bill.ts"

const url = "git+https://example.org/house.git"
const folder = "packages/a"
const origin = { license: "MIT, all of it", url }
const whole = {
  repository: { type: "git", url, directory: folder },
  publishConfig: { access: "public", provenance: true },
}
const reading = (text: string | undefined) => (path: string) =>
  path === `${folder}/LICENSE` ? text : undefined

describe("the origin of a package", () => {
  it("is known by its licence, its repository and its provenance", () => {
    const found = originProblems({ folder, manifest: whole }, origin, reading(origin.license))
    assert.deepStrictEqual(found, [])
  })

  it("is not where one of them is missing, or another's", () => {
    const cases = [
      [whole, undefined, /LICENSE/],
      [whole, "GPL", /LICENSE/],
      [{ ...whole, repository: { url, directory: "packages/b" } }, origin.license, /repository/],
      [{ publishConfig: whole.publishConfig }, origin.license, /repository/],
      [{ ...whole, publishConfig: { access: "public" } }, origin.license, /provenance/],
    ] as const
    for (const [manifest, license, said] of cases) {
      const found = originProblems({ folder, manifest }, origin, reading(license))
      assert.lengthOf(found, 1)
      assert.match(found[0]!, said)
    }
    const nowhere = { ...origin, url: undefined }
    assert.lengthOf(originProblems({ folder, manifest: {} }, nowhere, reading(origin.license)), 2)
  })
})

describe("the bill of materials", () => {
  it("of this workspace lists what its lock file installs", { timeout: 60_000 }, () => {
    const root = join(import.meta.dirname, "../../..")
    const { fault, text } = bill(root)
    assert.isUndefined(fault)
    assert.deepStrictEqual(findings(root, text), [])
    assert.strictEqual(JSON.parse(text).bomFormat, "CycloneDX")
  })

  const locked = {
    "": { name: "house", version: "1.0.0" },
    "node_modules/@a/b": { version: "2.0.0" },
    "node_modules/c": { version: "1.0.0" },
    "node_modules/c/node_modules/d": { version: "3.0.0" },
    "node_modules/alias": { name: "real", version: "4.0.0" },
    "node_modules/house-part": { link: true },
  }
  const purls = [
    "pkg:npm/%40a/b@2.0.0",
    "pkg:npm/c@1.0.0?vcs_url=x",
    "pkg:npm/d@3.0.0",
    "pkg:npm/real@4.0.0",
  ]

  it("lists what is locked, by its own name", () => {
    assert.deepStrictEqual(differences({ components: purls.map((purl) => ({ purl })) }, locked), [])
  })

  it("differs by what is missing and by what nobody locked", () => {
    const components = [...purls.slice(1), "pkg:npm/e@1.0.0"].map((purl) => ({ purl }))
    assert.deepStrictEqual(differences({ components }, locked), [
      "pkg:npm/%40a/b@2.0.0 is missing",
      "pkg:npm/e@1.0.0 is not in package-lock.json",
    ])
  })
})
