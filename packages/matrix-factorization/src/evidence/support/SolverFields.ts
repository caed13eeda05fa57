import { Draw } from "@nonconvex/evidence"

export const fields = {
  rows: Draw.integer(1, 4),
  columns: Draw.integer(1, 4),
  rank: Draw.integer(1, 2),
  count: Draw.integer(1, 10),
  seed: Draw.seed(),
}
