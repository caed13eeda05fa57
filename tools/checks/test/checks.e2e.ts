import { assert, describe, it } from "vitest"
import { all } from "../src/All.ts"
import * as Command from "../src/Command.ts"
import type { Outcome } from "../src/Check.ts"
import * as Runner from "../src/Runner.ts"
import { packageJson, workspace } from "./fixture.ts"

const decide = async (name: string, root: string): Promise<Outcome> =>
  all.find((check) => check.name === name)!.run(root)

/** Sources that the compiler of effect's rules or the linter must refuse, and what must be told of them: one run decides on all, each in a file of its own. */
const sources: ReadonlyArray<{
  readonly check: string
  readonly title: string
  readonly text: string
  readonly names: RegExp
}> = [
  {
    check: "effect",
    title: "an effect that nobody runs",
    text: 'import { Effect } from "effect"\nEffect.log("lost")\nexport const one = 1\n',
    names: /floatingEffect/,
  },
  {
    check: "effect",
    title: "chance outside of the seed tree",
    text: "export const one = Math.random()\n",
    names: /globalRandom/,
  },
  {
    check: "effect",
    title: "the clock, the console and the environment",
    text: 'export const one = Date.now()\nconsole.log(one, process.env["HOME"])\n',
    names: /globalDate[^]*globalConsole[^]*processEnv/,
  },
  {
    check: "lint",
    title: "chance outside of the seed tree, also without effect's compiler",
    text: "export const one = Math.random()\n",
    names: /no-restricted-properties/,
  },
  ...[
    ["a power", "export const one = (x: number): number => x ** 3\n"],
    ["a power of 2 that is not written out", "export const one = (k: number): number => 2 ** k\n"],
    ["a power that is a root", "export const one = 2 ** 0.5\n"],
    ["a power that is assigned", "export let one = 3\none **= 2\n"],
  ].map(([title, text]) => ({
    check: "lint",
    title: title!,
    text: text!,
    names: /engine\(no-power\)/,
  })),
  ...[
    ["a function of Math that is the engine's", "export const one = Math.exp(0)\n"],
    ["a function of Math by another name", "const { cosh: one } = Math\nexport { one }\n"],
    ["what the oldest engine lacks", "export const one = Object.groupBy([1], String)\n"],
    ["numbers in the words of a country", "export const one = (1).toLocaleString()\n"],
  ].map(([title, text]) => ({
    check: "lint",
    title: title!,
    text: text!,
    names: /no-restricted-properties/,
  })),
  {
    check: "lint",
    title: "an order of words that is a country's",
    text: "export const one = new Intl.Collator().compare\n",
    names: /no-restricted-globals/,
  },
  {
    check: "lint",
    title: "a docblock that circles its subject",
    text: "/** What it is. */\nexport const one = 1\n",
    names: /docblock\(first-word\)/,
  },
  {
    check: "lint",
    title: "a promise that nobody awaits",
    text: "Promise.resolve(1)\nexport const one = 1\n",
    names: /no-floating-promises/,
  },
]

/** Each check with workspaces that it must refuse, and what its output must name. */
const cases: ReadonlyArray<{
  readonly check: string
  readonly title: string
  readonly changes: Readonly<Record<string, string | undefined>>
  readonly names: RegExp
}> = [
  {
    check: "types",
    title: "a number as a string",
    changes: { "packages/numerics/src/index.ts": 'export const one: string = "1" + 1 * "1"\n' },
    names: /packages\/numerics\/src\/index\.ts\(1,/,
  },
  {
    check: "format",
    title: "a semicolon",
    changes: { "packages/numerics/src/index.ts": "export const one = 1;\n" },
    names: /packages\/numerics\/src\/index\.ts/,
  },
  {
    check: "boundaries",
    title: "core that imports a system",
    changes: { "packages/numerics/src/index.ts": 'export * from "@nonconvex/optim-sam"\n' },
    names: /numerics\/src\/index\.ts:1 @nonconvex\/optim-sam: core may not import system/,
  },
  {
    check: "boundaries",
    title: "a path that leaves its package",
    changes: {
      "packages/optim-sam/src/index.ts": 'export { one } from "../../numerics/src/index.ts"\n',
    },
    names: /optim-sam\/src\/index\.ts:1 .* leaves packages\/optim-sam/,
  },
  {
    check: "imports",
    title: "an import that package.json does not promise",
    changes: { "packages/numerics/src/index.ts": 'export * as Effect from "effect"\n' },
    names: /numerics\/src\/index\.ts:1 effect is not in the dependencies/,
  },
  {
    check: "examples",
    title: "an example that runs, and is wrongly typed",
    changes: {
      "packages/numerics/README.md": '# n\n\n```ts import.meta.vitest\n"1" * 1 // => 1\n```\n',
    },
    names: /^packages\/numerics\/README\.md\(4,1\): error/,
  },
  {
    check: "sync",
    title: "a reference that package.json does not know",
    changes: { "packages/optim-sam/package.json": packageJson("optim-sam", "system") },
    names: /packages\/optim-sam\/tsconfig\.json/,
  },
  {
    check: "dead-code",
    title: "a file that nobody imports",
    changes: { "packages/numerics/src/lost.ts": "export const lost = 1\n" },
    names: /packages\/numerics\/src\/lost\.ts/,
  },
  {
    check: "packaging",
    title: "a package without its licence",
    changes: { "packages/numerics/LICENSE": undefined },
    names: /packages\/numerics\/package\.json: LICENSE is not that of the workspace/,
  },
  {
    check: "packaging",
    title: "an export that is not published",
    changes: {
      "packages/numerics/package.json": packageJson("numerics", "core", { files: ["src"] }),
    },
    names: /numerics\/package\.json: .*dist\/src\/index/,
  },
  {
    check: "packaging",
    title: "effect as a dependency, no licence, no README",
    changes: {
      "packages/numerics/package.json": packageJson("numerics", "core", {
        license: "UNLICENSED",
        dependencies: { effect: "4.1.0" },
      }),
      "packages/numerics/README.md": undefined,
    },
    names: /license is not MIT[^]*make it a peer[^]*README\.md is missing/,
  },
  {
    check: "packaging",
    title: "exports that name no modules",
    changes: {
      "packages/numerics/package.json": packageJson("numerics", "core", {
        exports: {
          "./*": {
            source: "./src/*.ts",
            types: "./dist/src/*.d.ts",
            default: "./dist/src/*.js",
          },
        },
      }),
    },
    names: /numerics\/package\.json: exports has a pattern/,
  },
  {
    check: "circles",
    title: "more circles than a reader can follow",
    changes: Object.fromEntries(
      [1, 2, 3, 4, 5, 6].flatMap((k) => [
        [
          `packages/numerics/src/left${k}.ts`,
          `import type { Right } from "./right${k}.ts"\nexport type Left = Right | 1\n`,
        ],
        [
          `packages/numerics/src/right${k}.ts`,
          `import type { Left } from "./left${k}.ts"\nexport type Right = Left | 2\n`,
        ],
      ]),
    ),
    names: /left6\.ts -> .*right6\.ts -> .*left6\.ts/,
  },
  {
    check: "changesets",
    title: "a note about a package that does not exist",
    changes: { ".changeset/lost.md": '---\n"@nonconvex/lost": minor\n---\n\nLose it.\n' },
    names: /\.changeset\/lost\.md: @nonconvex\/lost is no package/,
  },
  {
    check: "changesets",
    title: "packages without a common version",
    changes: { ".changeset/config.json": '{ "access": "public", "baseBranch": "main" }\n' },
    names: /config\.json: @nonconvex\/numerics is in no fixed group/,
  },
  {
    check: "ids",
    title: "two claims in one file, and a room with something else",
    changes: {
      "packages/optim-sam/src/evidence/claims/Ascent.ts":
        'const one = claim({\n  id: "optim-sam/ascent",\n})\nconst two = claim({\n  id: "optim-sam/descent",\n})\n',
      "packages/optim-sam/src/evidence/laws/Shared.ts": "export const horizon = 3\n",
    },
    names:
      /claims\/Ascent\.ts: it defines optim-sam\/descent[^]*laws\/Shared\.ts: it defines nothing/,
  },
  {
    check: "theory",
    title: "a bound that no claim reads",
    changes: {
      "packages/optim-sam/src/theory/Theory.ts":
        "export const threshold = 1\nexport const horizon = 2\nexport type Bound = number\n",
      "packages/optim-sam/src/evidence/claims/Ascent.ts":
        'import * as Theory from "../../theory/Theory.ts"\nexport const one = Theory.threshold\n',
    },
    names: /^packages\/optim-sam\/src\/theory\/Theory\.ts: no claim reads horizon; [^\n]*$/,
  },
  {
    check: "prose",
    title: "a word that the style sheet does not write, on a page and in a sentence of the program",
    changes: {
      "packages/numerics/README.md": "# numerics\n\nIt is known to nobody.\n",
      "packages/numerics/src/index.ts":
        'export const one = 1\nexport const told = "nobody has read it"\n',
    },
    names: /README\.md:3 [^]*index\.ts:2 /,
  },
  {
    check: "paths",
    title: "a home folder and a folder beside the repository",
    changes: {
      "packages/numerics/README.md": `See ${["", "home", "ada"].join("/")}, and ${"../".repeat(3)}notes.\n`,
    },
    names: /README\.md:1 \/home\/ada[^]*README\.md:1 \.\.\/\.\.\/\.\.\/notes/,
  },
  {
    check: "entries",
    title: "a system that loads a builtin of Node, through another package",
    changes: {
      "packages/numerics/src/index.ts": 'export { one } from "./disk.ts"\n',
      "packages/numerics/src/disk.ts":
        'import { readFileSync } from "node:fs"\nexport const one = readFileSync.length\n',
      "packages/optim-sam/src/index.ts": 'export { one } from "@nonconvex/numerics"\n',
    },
    names:
      /numerics \. loads node:fs, by packages\/numerics\/src\/disk\.ts[^]*optim-sam \. loads node:fs, by packages\/numerics\/src\/disk\.ts/,
  },
  {
    check: "entries",
    title: "an entry that is not there, and an import that leads nowhere",
    changes: {
      "packages/numerics/src/index.ts":
        'export { one } from "./lost.ts"\nexport * from "@nonconvex/optim-sam/lost"\n',
      "packages/optim-sam/src/index.ts": undefined,
    },
    names:
      /src\/index\.ts: \.\/lost\.ts leads nowhere[^]*optim-sam\/lost leads nowhere[^]*@nonconvex\/optim-sam \. has no/,
  },
  {
    check: "bundle",
    title: "a package for browsers that needs Node",
    changes: {
      "packages/numerics/src/index.ts":
        'import { readFileSync } from "node:fs"\nexport const one = readFileSync.length\n',
    },
    names: /every entry: packages\/numerics\/src\/index\.ts: Could not resolve "node:fs"/,
  },
  {
    check: "install",
    title: "a client of a database among what a system brings along",
    changes: {
      "packages/optim-sam/package.json": packageJson("optim-sam", "system", {
        dependencies: { undici: "8" },
      }),
      "package-lock.json": JSON.stringify({
        lockfileVersion: 3,
        packages: { "node_modules/undici": {} },
      }),
    },
    names: /^@nonconvex\/optim-sam brings undici along/m,
  },
  {
    check: "versions",
    title: "a system that states another version, and no package",
    changes: {
      "packages/optim-sam/src/evidence/system.ts":
        'export const system = {\n  version: "0.0.9",\n}\n',
    },
    names:
      /system\.ts: package is not stated, and @nonconvex\/optim-sam in package\.json\n.*version is 0\.0\.9, and 0\.1\.0 in/,
  },
]

describe("every check", () => {
  it("passes a workspace that keeps every rule", { timeout: 60_000 }, async () => {
    const root = workspace()
    await Command.run(root, "oxfmt", [])
    const results = await Runner.run(all, root, 2, () => undefined)
    const broken = results.filter(({ outcome }) => outcome.status === "failed")
    assert.deepStrictEqual(
      broken.map(({ check, outcome }) => [check.name, outcome]),
      [],
    )
    assert.strictEqual(results.length, all.length)
  })

  it("lets stand the powers that are exact on every engine", { timeout: 30_000 }, async () => {
    const root = workspace({
      "packages/numerics/src/index.ts":
        "export const one = 2 ** -20\n" +
        "export const two = (k: number): bigint => 10n ** BigInt(k) * 3n ** 2n\n" +
        "export const three = (x: bigint, k: number): bigint => x ** BigInt(k)\n",
    })
    assert.deepStrictEqual(await decide("lint", root), { status: "passed" })
  })

  it("names a file of 401 lines, and fails nothing", async () => {
    const root = workspace({ "packages/numerics/src/long.ts": "export {}\n".repeat(401) })
    const outcome = await decide("length", root)
    assert.strictEqual(outcome.status, "passed")
    assert.match("warning" in outcome ? outcome.warning : "", /src\/long\.ts: 401 lines/)
  })

  it("has a case that it refuses", () => {
    assert.deepStrictEqual(
      all
        .map(({ name }) => name)
        // it only warns
        .filter((name) => name !== "length")
        .filter((name) => ![...cases, ...sources].some(({ check }) => check === name)),
      [],
    )
  })
})

describe.for(cases)("$check", ({ changes, check, names, title }) => {
  it(`refuses ${title}`, { timeout: 30_000 }, async () => {
    const root = workspace(changes)
    if (check === "packaging") await decide("types", root)
    const outcome = await decide(check, root)
    if (outcome.status === "absent") return
    assert.strictEqual(outcome.status, "failed")
    assert.match("output" in outcome ? outcome.output : "", names)
  })
})

describe.for(["effect", "lint"])("%s", (name) => {
  const judged = sources
    .filter(({ check }) => check === name)
    .map((each, i) => ({ ...each, file: `packages/numerics/src/case${i}.ts` }))
  let decided: Promise<Outcome> | undefined

  it.for(judged)("refuses $title", { timeout: 30_000 }, async ({ file, names }) => {
    const texts = judged.map(({ file: each, text }) => [each, text] as const)
    decided ??= decide(name, workspace(Object.fromEntries(texts)))
    const outcome = await decided
    if (outcome.status === "absent") return
    assert.strictEqual(outcome.status, "failed")
    const lines = "output" in outcome ? outcome.output.split("\n") : []
    assert.match(lines.filter((line) => line.startsWith(file)).join("\n"), names)
  })
})
