import { join } from "node:path"
import { project } from "../../tools/testing/src/Project.ts"

export default project(import.meta.dirname, {
  globalSetup: [join(import.meta.dirname, "test/support/Bundled.ts")],
})
