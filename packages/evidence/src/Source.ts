import { Schema } from "effect"

/**
 * Source of a statement, its basis, and its kind where the basis does not imply it; see `Kind`.
 *
 * `as printed`: read in the paper. `as recalled`: believed to be in the paper, not checked against its text. `corrected`: the
 * printed statement with its error corrected. `derived here`: proved in this project.
 */
export const Source = Schema.Struct({
  paper: Schema.String,
  statement: Schema.String,
  basis: Schema.Literals(["as printed", "as recalled", "corrected", "derived here"]),
  kind: Schema.optionalKey(Schema.Literals(["identity", "observation"])),
})
export type Source = typeof Source.Type

/** The sources of a paper, by source status: `statementsOf("Dai, Ahn, Sra 2023").recalled("Lemma 2")`. */
export const statementsOf = (paper: string) => {
  const of =
    (basis: Source["basis"]) =>
    (statement: string): Source => ({ paper, statement, basis })
  return {
    printed: of("as printed"),
    recalled: of("as recalled"),
    corrected: of("corrected"),
    derived: of("derived here"),
  }
}
