// The bundle of what computes: see Computing.ts. One, for all of it is mostly the kernels.
import { toys } from "../play/index.ts"
import { recording } from "../replay/Recording.ts"
import { statements } from "../replay/Statements.ts"

globalThis.nonconvexComputing = { toys, replay: recording(statements) }
