import { project } from "../testing/src/Project.ts"

export default project(import.meta.dirname)
