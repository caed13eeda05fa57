/** A stranger's ten questions are each answered within two clicks of the README. */
import { existsSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import { assert, describe, it } from "vitest"
import * as Files from "@nonconvex/nx-plugin/Files"
import { root } from "./support/Told.ts"

/** Files that the links of a Markdown file lead to. */
const linksOf = (file: string): ReadonlyArray<string> =>
  file.endsWith(".md")
    ? [...readFileSync(join(root, file), "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, href = ""]) => posix.join(posix.dirname(file), href))
        .filter((to) => existsSync(join(root, to)) && statSync(join(root, to)).isFile())
    : []

/** The README, the files that it links to, and the files that those link to. */
const near = (): ReadonlySet<string> => {
  const first = linksOf("README.md")
  return new Set(["README.md", ...first, ...first.flatMap(linksOf)])
}

describe("the README", () => {
  const reached = near()

  it.for([
    ["what is it", "README.md", /Seven papers on how neural networks are trained/],
    ["does SAM's theorem hold", "packages/optim-sam/README.md", /theorems \([^)]*recalled\)/],
    ["install one package", "README.md", /npm run pack -- optim-sam/],
    ["certify my ONNX", "docs/commands/certify.md", /certify net\.onnx/],
    ["why did my loss spike", "docs/how-to/explain-a-spike.md", /diagnose/],
    ["complete my ratings", "docs/how-to/complete-a-table.md", /complete \S*ratings/],
    ["publish a private covariance", "docs/how-to/release-a-table.md", /release .*--bound/],
    ["add a paper", "docs/how-to/add-a-system.md", /nx-plugin:system/],
    ["cite it", "CITATION.cff", /cff-version/],
    ["is it fast", "docs/performance.md", /at least as fast/],
  ] as const)("answers %s within two clicks", ([, file, answer]) => {
    assert.isTrue(reached.has(file), `${file} is more than two clicks away`)
    assert.match(readFileSync(join(root, file), "utf8"), answer)
  })

  it("has fewer than 900 words", () => {
    assert.isBelow(readFileSync(join(root, "README.md"), "utf8").split(/\s+/).length, 900)
  })
})

/** Advice to take a package from a registry. */
const registry = /(?:install|npx) @nonconvex\//i

describe("advice to install a package", () => {
  const files = Files.list(root).filter((file) => !/CHANGELOG|^\.changeset\//.test(file))
  const advising = (isOne: (file: string) => boolean) =>
    files
      .filter(isOne)
      .map((file) => [file, readFileSync(join(root, file), "utf8")] as const)
      .filter(([, text]) => registry.test(text))

  it("comes with the line on installing from a checkout on every page", () => {
    const pages = advising((file) => file.endsWith(".md"))
    assert.isAbove(pages.length, 5)
    for (const [file, text] of pages) assert.match(text, /#use-one-package/, file)
  })

  it("names a checkout in every sentence of the program", () => {
    for (const [file, text] of advising((each) => /\/src\/.*\.tsx?$/.test(each))) {
      for (const line of text.split("\n").filter((each) => registry.test(each)))
        assert.include(line, "checkout", file)
    }
  })
})
