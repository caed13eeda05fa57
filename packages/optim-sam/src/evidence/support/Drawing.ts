/** What a figure over the table may need beside it. */
import type { Figure } from "@nonconvex/evidence"
import type { Schema } from "effect"

/** The figure with a line more, of rows of its own: a theory's curve, named in the legend. */
export const withLine = (
  { spec, ...figure }: Figure.Figure,
  name: string,
  rows: ReadonlyArray<Readonly<Record<string, number>>>,
): Figure.Figure => {
  const {
    data,
    encoding,
    mark,
    transform = [],
  } = spec as Schema.JsonObject & {
    readonly encoding: Schema.JsonObject
  }
  return {
    ...figure,
    spec: {
      data: data!,
      layer: [
        { transform, mark: mark!, encoding },
        {
          data: { values: rows.map((row) => ({ ...row })) },
          mark: mark!,
          encoding: Object.assign({}, encoding, { color: { datum: name } }),
        },
      ],
    },
  }
}
