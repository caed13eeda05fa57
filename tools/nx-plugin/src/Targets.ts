/** The tasks that nx infers for a folder, with what each reads (inputs) and writes (outputs). */
import type { TargetConfiguration } from "@nx/devkit"
import type { Package } from "./Workspace.ts"

/** The lab, as the command that verifies claims and runs experiments. */
const lab = "node --conditions=source apps/lab/src/main.ts"

/**
 * What the lab adds to a system's own sources and those of its dependencies. A dependency on the lab
 * itself would close a cycle (the lab depends on every system), so its files are named instead, and
 * nx counts a system as affected when one of them changes.
 */
const labInputs = ["{workspaceRoot}/apps/lab/package.json", "{workspaceRoot}/apps/lab/src/**/*"]

/** The kernels of numerics are compiled before anything imports them; nx passes over a project that has none. */
const kernels = ["kernels", "^kernels"]

const typecheck: TargetConfiguration = {
  command: "tsc -b tsconfig.json",
  options: { cwd: "{projectRoot}" },
  // A build writes the outputs of its references too: two of them at once would race.
  dependsOn: ["^typecheck", ...kernels],
  cache: true,
  inputs: ["default", "^production"],
  outputs: ["{projectRoot}/dist"],
  metadata: { description: "Check the types and emit the declarations." },
}

const testInputs = {
  dependsOn: kernels,
  cache: true,
  inputs: ["default", "^production", "testing", { env: "NONCONVEX_SEED" }],
  outputs: [],
  metadata: { description: "Run the tests." },
} satisfies Partial<TargetConfiguration>

/** `nx:run-script` where package.json has the script, so that nx merges the two instead of choosing. */
const test = ({ manifest }: Package): TargetConfiguration =>
  manifest.scripts?.test === undefined
    ? { command: "vitest run", options: { cwd: "{projectRoot}" }, ...testInputs }
    : { executor: "nx:run-script", options: { script: "test" }, ...testInputs }

const claims = (system: Package): TargetConfiguration => ({
  command: `${lab} verify ${system.short}`,
  options: { cwd: "{workspaceRoot}" },
  dependsOn: kernels,
  cache: true,
  inputs: ["production", "^production", ...labInputs],
  outputs: [],
  metadata: { description: "Try to break every claim, and every control." },
})

const experiments = (system: Package): TargetConfiguration => ({
  command: `node --conditions=source tools/nx-plugin/src/experiments.ts ${system.short}`,
  options: { cwd: "{workspaceRoot}" },
  dependsOn: kernels,
  cache: true,
  inputs: ["production", "^production", ...labInputs],
  outputs: [],
  metadata: { description: "Run the fast preset of every experiment." },
})

/** The inferred tasks of one package. */
export const of = (self: Package): Record<string, TargetConfiguration> => ({
  typecheck,
  test: test(self),
  ...(self.layer === "system" && { claims: claims(self), experiments: experiments(self) }),
})
