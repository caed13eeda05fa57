import { assert, describe, it } from "vitest"
import { outside } from "../src/checks/paths.ts"

const at = (...parts: ReadonlyArray<string>) => ["", ...parts].join("/")
const up = (count: number) => "../".repeat(count)

describe("paths outside of the repository", () => {
  it.for([
    [`see ${at("home", "ada", "x")}`, at("home", "ada")],
    [`"${at("tmp", "run.log")}"`, at("tmp", "run.log")],
    [`(${at("Users", "ada")})`, at("Users", "ada")],
    [`import "${up(4)}x.ts"`, `${up(4)}x.ts`],
    [`[design](${up(3)}DESIGN.md)`, `${up(3)}DESIGN.md`],
  ] as const)("finds %s", ([line, path]) => {
    assert.deepStrictEqual(outside("packages/a/README.md", line), [path])
  })

  // folders inside the project that are named like those outside: put together here, for this file is checked as well
  const [inner, below] = ["tmp", "work"].map((name) => `/${name}/`)

  it.for([
    'import "../../tools/testing/src/Project.ts"',
    "#!/usr/bin/env node",
    "https://example.org/home/ada",
    `packages/a${inner}x and node_modules/root/y`,
    `the ratio a${below}b and \`\${root}${inner}x\``,
    'join(tmpdir(), "nonconvex-")',
  ])("lets pass %s", (line) => {
    assert.deepStrictEqual(outside("packages/a/README.md", line), [])
  })
})
