// The bundle of what computes: see Computing.ts. One, for all of it is mostly the kernels.
import { statements } from "statements of all systems"
import { toys } from "../play/index.ts"
import { recording } from "../replay/Recording.ts"

globalThis.nonconvexComputing = { toys, replay: recording(statements) }
