/** A small workspace on disk that keeps every rule, and variants of it that break one. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Scratch from "../../testing/src/Scratch.ts"

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const url = "git+https://example.org/fixture.git"

const manifest = (name: string, tag: string, more: object = {}) => ({
  name: `@nonconvex/${name}`,
  version: "0.1.0",
  description: `The fixture ${name}.`,
  license: "MIT",
  repository: { type: "git", url, directory: `packages/${name}` },
  publishConfig: { access: "public", provenance: true },
  files: ["dist/src", "src"],
  type: "module",
  sideEffects: false,
  exports: {
    "./package.json": "./package.json",
    ".": {
      source: "./src/index.ts",
      types: "./dist/src/index.d.ts",
      default: "./dist/src/index.js",
    },
  },
  ...more,
  nx: { tags: [`type:${tag}`] },
})

const tsconfig = (references: ReadonlyArray<string>) => ({
  extends: "../../tsconfig.base.json",
  compilerOptions: { rootDir: ".", outDir: "dist", tsBuildInfoFile: "dist/tsconfig.tsbuildinfo" },
  include: ["src", "test"],
  references: references.map((path) => ({ path })),
})

/** A package.json of the fixture with some fields of its own. */
export const packageJson = (name: string, tag: string, more?: object): string =>
  json(manifest(name, tag, more))

/** The files that keep every rule: one core package and a system that stands on it. */
const files: Readonly<Record<string, string>> = {
  "package.json": json({
    name: "fixture",
    private: true,
    repository: { type: "git", url },
    workspaces: ["packages/*"],
    type: "module",
    devDependencies: { effect: "4.1.0", vitest: "5.1.1" },
  }),
  "knip.json": json({
    entry: ["tools/checks/src/rules/*.ts"],
    ignoreDependencies: ["@effect/language-service", "effect"],
  }),
  "nx.json": json({
    analytics: false,
    neverConnectToCloud: true,
    plugins: [{ plugin: "@nonconvex/nx-plugin" }],
    sync: { globalGenerators: ["@nonconvex/nx-plugin:references"] },
  }),
  "tsconfig.json": json({
    files: [],
    references: [{ path: "packages/numerics" }, { path: "packages/optim-sam" }],
  }),
  ".changeset/config.json": json({
    access: "public",
    baseBranch: "main",
    fixed: [["@nonconvex/*"]],
  }),
  "CONTRIBUTING.md":
    "# Contributing\n\n| not    | write  |\n| ------ | ------ |\n| nobody | no one |\n",
  "CHANGELOG.md": "# Changelog\n\n## 0.1.0\n\n- One.\n",
  "packages/numerics/package.json": packageJson("numerics", "core"),
  LICENSE: "MIT\n",
  "packages/numerics/LICENSE": "MIT\n",
  "packages/numerics/README.md": "# numerics\n",
  "packages/numerics/tsconfig.json": json(tsconfig([])),
  "packages/numerics/src/index.ts": "export const one = 1\n",
  "packages/numerics/test/one.test.ts":
    'import { assert, it } from "vitest"\n' +
    'import { one } from "../src/index.ts"\n\n' +
    'it("is one", () => {\n  assert.strictEqual(one, 1)\n})\n',
  "packages/optim-sam/package.json": packageJson("optim-sam", "system", {
    dependencies: { "@nonconvex/numerics": "0.1.0" },
  }),
  "packages/optim-sam/LICENSE": "MIT\n",
  "packages/optim-sam/README.md": "# optim-sam\n",
  "packages/optim-sam/tsconfig.json": json(tsconfig(["../numerics"])),
  "packages/optim-sam/src/index.ts": 'export type * from "@nonconvex/numerics"\n',
}

const shared = [
  ".gitignore",
  ".oxlintrc.json",
  ".oxfmtrc.json",
  "tsconfig.base.json",
  "tsconfig.effect.json",
  "tools/checks/src/rules/engine.ts",
  "tools/checks/src/rules/docblock.ts",
]

/**
 * Writes the good files and then `changes` (undefined removes one) into a folder of its own, which is
 * removed when the test ends.
 */
export const workspace = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const root = Scratch.folder()
  Scratch.copy(root, shared)
  for (const [file, text] of Object.entries({ ...files, ...changes })) {
    if (text === undefined) continue
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  Scratch.install(root)
  return root
}
