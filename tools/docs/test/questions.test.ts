/** A stranger's ten questions are each answered within two clicks of the README. */
import { existsSync, readFileSync, statSync } from "node:fs"
import { join, posix } from "node:path"
import { assert, describe, it } from "vitest"
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
})
