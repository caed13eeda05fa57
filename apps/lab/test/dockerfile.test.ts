/** The Dockerfile does what README.md says, and has the program where `sweep --emit` starts it. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { inContainer } from "../src/evidence/emit/Emission.ts"

const read = (name: string) => readFileSync(join(import.meta.dirname, "../../..", name), "utf8")

/** The instructions, as name and argument. */
const instructions = read("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const)

const argumentOf = (name: string): string => instructions.find(([each]) => each === name)![1]

const manifest = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe("the Dockerfile", () => {
  it("runs the two commands of README.md", () => {
    const [, block] = /^```sh.*\n([^`]*)```/m.exec(read("README.md"))!
    const installed = instructions.flatMap(([name, line]) =>
      name === "RUN" && line.startsWith("npm") ? [line] : [],
    )
    const run = JSON.parse(argumentOf("CMD")) as ReadonlyArray<string>
    assert.deepStrictEqual([...installed, run.join(" ")], block!.trim().split("\n"))
  })

  it("begins with one image of the Node that the project is written for", () => {
    const [, node] = /^node:(\d+)\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/.exec(
      argumentOf("FROM"),
    )!
    assert.strictEqual(node, manifest.devDependencies["@types/node"]!.split(".")[0])
    assert.strictEqual(instructions.filter(([name]) => name === "FROM").length, 1)
  })

  it("copies nothing that git ignores", () => {
    const ignored = read(".gitignore").trim().split("\n")
    assert.deepStrictEqual(read(".dockerignore").trim().split("\n"), [
      ".git",
      ...ignored.map((each) => (each.startsWith("/") ? each.slice(1) : `**/${each}`)),
    ])
  })

  it("has the program where the files of `sweep --emit` start it, for a user who is not root", () => {
    const script = manifest.scripts["lab"]!
    const at = `${argumentOf("WORKDIR")}/apps`
    assert.strictEqual(inContainer.join(" "), script.replace("apps", at))
    assert.strictEqual(argumentOf("USER"), "node")
  })
})
