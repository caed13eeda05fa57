/** Expectations of a study, as data registered before the run and evaluated after it. */
import { Schema } from "effect"

const Text = Schema.String.check(Schema.isMinLength(1))

/**
 * A number computed from all rows of one seed. It is a metric, as in `nonconvex best`, of the varying settings and the
 * columns of the rows (`max(accuracy where method=SAM)`). Alternatively, it is the share of the rows within a distance of
 * the best. The best is over all rows of the seed, or over those that `best` selects.
 */
export const Side = Schema.Union([
  Text,
  Schema.Struct({
    share: Text,
    /** Tolerance below the largest row: 0.01 of an accuracy is a point. */
    within: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
    /** Rows over which the share is taken; default all. */
    where: Schema.optionalKey(Text),
    /** Rows over which the best is taken; default all. */
    best: Schema.optionalKey(Text),
  }),
])
export type Side = typeof Side.Type

/** A side with its name in tables. */
const Named = Schema.Struct({ label: Text, metric: Side })

/** A number that is the same for all seeds, such as what the theory predicts. */
const Constant = Schema.Struct({ label: Text, value: Schema.Finite })

/** Outcomes of a comparison. */
export const Outcome = Schema.Literals(["supported", "contradicted", "undecided"])
export type Outcome = typeof Outcome.Type

/** Kinds of effect, each with its own interval: a share, a difference or a ratio. */
export const Quantity = Schema.Literals(["share", "difference", "ratio"])
export type Quantity = typeof Quantity.Type

/**
 * One comparison, paired by seed: the effect is `of` minus `against`, or their ratio. A share is the proportion of true
 * values in a column, compared with a number. With `difference` two shares are compared.
 *
 * `more`: the effect is above the threshold; `less`: below it; `within`: no farther from none than the threshold. It is
 * supported if the whole 95 % confidence interval of the effect is on the expected side, and its p-value is below 0.05 after
 * Holm's adjustment over the expectations of the study. It is contradicted if the whole interval is on the other side, with
 * the same condition. Otherwise it is undecided; so is an expectation with fewer pairs than seeds, or with an interval of
 * width zero.
 */
export const Expectation = Schema.Struct({
  statement: Text,
  of: Named,
  against: Schema.Union([Named, Constant]),
  effect: Quantity,
  direction: Schema.Literals(["more", "less", "within"]),
  /** Threshold: a difference in its units, a ratio as a ratio. */
  threshold: Schema.Finite,
  /** The finding in a sentence for each outcome. */
  words: Schema.Struct({ supported: Text, contradicted: Text, undecided: Text }),
}).check(
  Schema.makeFilter(({ against, direction, effect, threshold }) => {
    if (effect === "share" && !("value" in against)) return "a share is compared with a number"
    if (effect === "ratio" && threshold <= 0) return "the threshold of a ratio must be above 0"
    if (direction !== "within") return true
    if (effect === "ratio" && threshold <= 1)
      return '"within" with a ratio needs a threshold above 1'
    return threshold > 0 || '"within" with a difference needs a threshold above 0'
  }),
)
export type Expectation = typeof Expectation.Type

/** The file `expectation.json`. The finding of the first expectation is that of the study. */
export const Registered = Schema.Struct({
  question: Text,
  expectations: Schema.NonEmptyArray(Expectation),
})
export type Registered = typeof Registered.Type

/** A number of each seed that the table of a study has for each group. */
const Shown = Schema.Struct({ title: Text, metric: Text })

const Axis = Schema.Struct({
  field: Text,
  title: Text,
  scale: Schema.optionalKey(Schema.Literals(["linear", "log", "symlog"])),
})

/** Figure over the rows of all seeds: means over seeds, with 95 % confidence intervals of the vertical coordinate. */
export const StudyFigure = Schema.Struct({
  id: Schema.String.check(Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)),
  title: Text,
  caption: Text,
  /**
   * `lines`: means over a setting. `plane`: the means of two columns, joined in the order of `x`, one point for each value of
   * `point`. `map`: a square for each pair of settings, coloured by the mean of `colour`.
   */
  kind: Schema.Literals(["lines", "plane", "map"]),
  x: Axis,
  y: Axis,
  /**
   * Denominator of `y`, paired by seed: the figure shows the ratio of the geometric means, with a line at 1 under this name.
   */
  over: Schema.optionalKey(Schema.Struct({ field: Text, even: Text })),
  colour: Schema.optionalKey(Axis),
  /**
   * Distances for a column. Every row is drawn once per distance, which is its `tolerance`. `within` tells whether its own
   * distance is at most that. A row without a number is within none.
   */
  tolerances: Schema.optionalKey(
    Schema.Struct({ of: Text, at: Schema.NonEmptyArray(Schema.Finite) }),
  ),
  /** Setting that distinguishes the points of a plane. */
  point: Schema.optionalKey(Text),
  /** One colour or panel per value. */
  series: Schema.optionalKey(Axis),
  panel: Schema.optionalKey(Axis),
  /** A clause of the rows that are drawn. */
  where: Schema.optionalKey(Text),
}).check(
  Schema.makeFilter(
    ({ colour, kind, over, point }) =>
      (kind === "map" && colour === undefined && "a map needs a colour") ||
      (kind === "map" && over !== undefined && "a map has no ratio") ||
      (kind === "plane" && point === undefined && "a plane needs a point") ||
      true,
  ),
)
export type StudyFigure = typeof StudyFigure.Type

/**
 * Remark on an expectation, added after its registration. `reserved`: the design has a fault, and it is undecided until it
 * is run again. `aside`: its finding is on no first screen, for example because the paper does not claim it. `note`: other
 * information for readers.
 */
export const Remark = Schema.Struct({
  statement: Text,
  kind: Schema.Literals(["reserved", "aside", "note"]),
  text: Text,
})

/** The file `study.json`: text that is not evaluated and may be improved after the run. */
export const Heading = Schema.Struct({
  title: Text,
  /** Id of the system on whose page the study appears. */
  system: Text,
  /** Statement of the paper, and its place. */
  paper: Text,
  /** Scale of the study: sizes, data, seeds. */
  scale: Text,
  /** Short description of the size, shown next to each finding: `200 images of 14 x 14, 3,818 weights`. */
  size: Text,
  /** Distance from the scale of the paper. */
  paperScale: Text,
  /** Reason why no pilot rows are kept; absent if they are, in `pilot.csv`. */
  pilot: Schema.optionalKey(Text),
  /** Further notes for the reader: limits, omissions. */
  notes: Schema.optionalKey(Schema.Array(Text)),
  /**
   * True if chance enters only in the draw of its problems. An effect that is the same at all seeds then follows from the
   * construction, and is judged by its value.
   */
  deterministic: Schema.optionalKey(Schema.Boolean),
  /** Remarks on expectations, by their statements: one at most of each kind. */
  remarks: Schema.optionalKey(Schema.Array(Remark)),
  /** Registered findings, each with the same in plain English. */
  plain: Schema.optionalKey(Schema.Record(Text, Text)),
  /** True if its finding represents the system in a list of papers; else the first by name does. */
  leads: Schema.optionalKey(Schema.Boolean),
  table: Schema.Struct({
    /** Columns whose values define the groups. */
    by: Schema.NonEmptyArray(Text),
    where: Schema.optionalKey(Text),
    shown: Schema.NonEmptyArray(Shown),
  }),
  figures: Schema.Array(StudyFigure),
})
export type Heading = typeof Heading.Type

/** Seeds below this number are a pilot and not a study. */
export const leastSeeds = 10
