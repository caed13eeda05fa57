import { join } from "node:path"
import { project } from "../../tools/testing/src/Project.ts"

const support = (file: string): string => join(import.meta.dirname, "test/support", file)

export default project(import.meta.dirname, {
  globalSetup: [support("Bundled.ts")],
  setupFiles: [support("threads.ts")],
})
