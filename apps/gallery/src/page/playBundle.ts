// The bundle of what can be played with: see Play.tsx.
import { toys } from "../play/index.ts"

globalThis.nonconvexToys = toys
