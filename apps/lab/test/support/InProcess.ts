/** The command line in the process of the test. */
import { bePatient } from "./Patience.ts"

export { nonconvex } from "./Captured.ts"

bePatient()
