import { project } from "../../tools/testing/src/Project.ts"

export default project(import.meta.dirname)
