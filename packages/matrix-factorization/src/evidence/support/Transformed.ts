import type { Figure } from "@nonconvex/evidence"
import type { Schema } from "effect"

/** A figure whose rows go through steps of its drawing language first: `{ filter: "datum.step > 0" }`. */
export const transformed = (
  figure: Figure.Figure,
  ...steps: ReadonlyArray<Schema.JsonObject>
): Figure.Figure => {
  const { transform = [] } = figure.spec as { readonly transform?: Schema.JsonArray }
  return { ...figure, spec: { ...figure.spec, transform: [...transform, ...steps] } }
}
