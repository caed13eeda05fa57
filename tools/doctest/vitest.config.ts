import { project } from "../testing/src/Project.ts"
import { doctest } from "./src/plugin.ts"

export default project(import.meta.dirname, { plugins: [doctest()] })
