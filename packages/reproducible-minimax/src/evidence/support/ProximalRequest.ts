import { Draw } from "@nonconvex/evidence"
import { gameFields } from "./RandomProblem.ts"

export const proximalFields = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  apart: Draw.logarithmic(1, 1e-3),
  first: Draw.integer(1, 4),
  second: Draw.integer(1, 4),
}
