/** Composition of the program: seven papers, each loaded on demand. */
import type { System } from "@nonconvex/evidence/System"

/** Loads a module of evidence. */
type Load = () => Promise<{ readonly system: System }>

/** Every system by its id, in the order of the report: one line a system. */
export const papers: ReadonlyMap<string, Load> = new Map<string, Load>([
  ["optim-sam", () => import("@nonconvex/optim-sam/evidence")],
  ["flat-minima", () => import("@nonconvex/flat-minima/evidence")],
  ["label-noise", () => import("@nonconvex/label-noise/evidence")],
  ["matrix-factorization", () => import("@nonconvex/matrix-factorization/evidence")],
  ["dp-lowrank", () => import("@nonconvex/dp-lowrank/evidence")],
  ["reproducible-minimax", () => import("@nonconvex/reproducible-minimax/evidence")],
  ["catapults", () => import("@nonconvex/catapults/evidence")],
])
