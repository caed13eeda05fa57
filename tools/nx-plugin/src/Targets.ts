/** The tasks that nx infers for a folder, with what each reads (inputs) and writes (outputs). */
import type { TargetConfiguration } from "@nx/devkit"
import type { Package, Workspace } from "./Workspace.ts"

/** The lab, as the command that verifies claims and runs experiments. */
const lab = "node --conditions=source apps/lab/src/main.ts"

/**
 * What the lab adds to a system's own sources and those of its dependencies: its own, and those of core,
 * where it may use more than the system does. A dependency on the lab itself would close a cycle (the lab
 * depends on every system), so files are named instead; nx counts a system as affected when one changes.
 */
const labInputs = ({ packages }: Workspace): ReadonlyArray<string> =>
  ["apps/lab", ...packages.filter((p) => p.layer === "core").map((p) => p.folder)].flatMap(
    (folder) => [`{workspaceRoot}/${folder}/package.json`, `{workspaceRoot}/${folder}/src/**/*`],
  )

/** The kernels of numerics are compiled before anything imports them; nx passes over a project that has none. */
const kernels = ["kernels", "^kernels"]

/** What a task of a package reads. A tool works on the whole workspace, so all of it is its input. */
const inputs = ({ layer }: Package): Array<string> =>
  layer === "tool" ? ["{workspaceRoot}/**/*"] : ["default", "^production"]

const typecheck = (self: Package): TargetConfiguration => ({
  command: "tsc -b tsconfig.json",
  options: { cwd: "{projectRoot}" },
  // A build writes the outputs of its references too: two of them at once would race.
  dependsOn: ["^typecheck", ...kernels],
  cache: true,
  inputs: inputs(self),
  outputs: ["{projectRoot}/dist"],
  metadata: { description: "Check the types and emit the declarations." },
})

/** `nx:run-script` where package.json has the script, so that nx merges the two instead of choosing. */
const test = (self: Package): TargetConfiguration => ({
  ...(self.manifest.scripts?.["test"] === undefined
    ? { command: "vitest run", options: { cwd: "{projectRoot}" } }
    : { executor: "nx:run-script", options: { script: "test" } }),
  dependsOn: kernels,
  cache: true,
  inputs: [...inputs(self), "testing", { env: "NONCONVEX_SEED" }],
  outputs: [],
  metadata: { description: "Run the tests." },
})

/** What the lab does with a system. */
const evidence = (workspace: Workspace, command: string, description: string) =>
  ({
    command,
    options: { cwd: "{workspaceRoot}" },
    dependsOn: kernels,
    cache: true,
    inputs: ["production", "^production", ...labInputs(workspace)],
    outputs: [],
    metadata: { description },
  }) satisfies TargetConfiguration

const compileKernels: TargetConfiguration = {
  executor: "nx:run-script",
  options: { script: "kernels" },
  cache: true,
  inputs: [
    "{projectRoot}/assembly/**/*",
    "{workspaceRoot}/packages/*/src/**/*.kernel.ts",
    { externalDependencies: ["assemblyscript"] },
  ],
  outputs: [
    "{projectRoot}/src/kernels/*.generated.ts",
    "{workspaceRoot}/packages/*/src/**/*.kernel.generated.ts",
  ],
  metadata: { description: "Compile the kernels, and the loops of all packages, to WebAssembly." },
}

/** The inferred tasks of one package. */
export const of = (workspace: Workspace, self: Package): Record<string, TargetConfiguration> => ({
  typecheck: typecheck(self),
  test: test(self),
  ...(self.manifest.scripts?.["kernels"] !== undefined && { kernels: compileKernels }),
  ...(self.layer === "system" && {
    claims: evidence(
      workspace,
      `${lab} verify ${self.short}`,
      "Try to break every claim, and every control.",
    ),
    experiments: evidence(
      workspace,
      `node --conditions=source tools/nx-plugin/src/experiments.ts ${self.short}`,
      "Run the fast preset of every experiment.",
    ),
  }),
})
