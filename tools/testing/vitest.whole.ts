/**
 * The tests of all packages as one project: vitest has processes of their own for each project, and what the first tests of a package load and
 * compile the next package needs again. That took a fifth of the time of `npm test`.
 */
import { join } from "node:path"
import { project } from "./src/Project.ts"

const root = join(import.meta.dirname, "../..")

const lab = (file: string): string => join(root, "apps/lab/test/support", file)

export default project(root, {
  include: ["{packages,apps,tools}/*/test/**/*.{test,e2e}.ts"],
  globalSetup: [lab("Bundled.ts")],
  setupFiles: [lab("threads.ts")],
})
