// The bundle of the toys: see Computing.ts.
import { toys } from "../play/index.ts"

globalThis.nonconvexToys = toys
