import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { lab } from "../src/cli/Lab.ts"
import { outputs } from "./support/Outputs.ts"
import { documents } from "./support/Schemas.ts"

const docs = new URL("../../../docs/", import.meta.url)

describe("docs/schemas", () => {
  it.each(Object.entries(documents))("%s is what the program reads and writes", (name, text) => {
    const parse = (each: string): unknown => JSON.parse(each)
    assert.deepStrictEqual(
      parse(readFileSync(new URL(`schemas/${name}`, docs), "utf8")),
      parse(text),
    )
  })

  it("has no file of what is no more, and docs/formats.md names every one", () => {
    const files = readdirSync(new URL("schemas/", docs))
    assert.deepStrictEqual(files.toSorted(), Object.keys(documents).toSorted())
    const formats = readFileSync(new URL("formats.md", docs), "utf8")
    assert.deepStrictEqual(
      files.filter((name) => !formats.includes(`(schemas/${name})`)),
      [],
    )
  })
})

interface Param {
  readonly name?: string
  readonly param?: Param
}

/** Effect has no public way from a flag to its name. */
const nameOf = (flag: Param): string | undefined =>
  flag.param === undefined ? flag.name : nameOf(flag.param)

describe("commands with --json", () => {
  it("are those whose output has a schema", () => {
    const commands = lab.subcommands.flatMap((group) => [...group.commands])
    const flagsOf = (command: unknown) =>
      (command as { readonly config: { readonly flags: ReadonlyArray<Param> } }).config.flags
    const withJson = commands.flatMap((command) =>
      flagsOf(command).some((flag) => nameOf(flag) === "json") ? [command.name] : [],
    )
    assert.isAbove(withJson.length, 20)
    assert.deepStrictEqual(withJson.toSorted(), Object.keys(outputs).toSorted())
  })
})
