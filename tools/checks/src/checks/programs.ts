/** The checks that a program of the workspace decides alone. */
import type { Check } from "../Check.ts"
import { decides } from "../Command.ts"

/** What `types` decides, of some projects and all that these refer to; of none given of all. */
export const typesOf =
  (...projects: ReadonlyArray<string>): Check["run"] =>
  (root) =>
    decides(root, "tsc", ["-b", ...projects, "--pretty", "false"])

export const types: Check = {
  name: "types",
  rule: "tsc -b finds no error, and emits what packaging looks at",
  run: typesOf(),
}

/** What `lint` decides, of some files and folders alone; of none given of all. */
export const lintOf =
  (...paths: ReadonlyArray<string>): Check["run"] =>
  (root) =>
    decides(root, "oxlint", ["--type-aware", "--deny-warnings", "--format=unix", ...paths])

export const lint: Check = {
  name: "lint",
  rule: "oxlint --type-aware finds no error and no warning",
  run: lintOf(),
}

export const format: Check = {
  name: "format",
  rule: "every file is as oxfmt writes it: npm run format",
  run: (root) => decides(root, "oxfmt", ["--check"]),
}

export const sync: Check = {
  name: "sync",
  rule: "tsconfig references follow package.json: npx nx sync",
  run: (root) =>
    // In this process tree the daemon would only outlive the check.
    decides(root, "nx", ["sync:check"], { NX_DAEMON: "false", NX_TUI: "false" }),
}

export const deadCode: Check = {
  name: "dead-code",
  rule: "no file, export or dependency is unused",
  run: (root) => decides(root, "knip", ["--no-progress", "--no-config-hints"]),
}
