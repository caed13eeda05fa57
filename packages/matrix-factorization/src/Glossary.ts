/** Words of `complete`, and of low rank. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  rank: "How many patterns, each one profile of the rows times one of the columns, add up to the table. 0 is no pattern beside means or effects.",
  pattern:
    "A profile of the rows times one of the columns: how much of it each row has, and where in the columns it shows.",
  "low rank": "A table that few patterns explain: then the holes follow from the rest.",
  hole: "An entry without a value: an empty cell, NA, NaN or ?, or a pair that no line names.",
  observation: "An entry that has a value.",
  "trace norm / nuclear norm / schatten-1":
    "The sum of the singular values. Keeping it small keeps the rank small, as keeping a sum of sizes small makes many of them 0; flat minima of factorised models do the same.",
  "weighted trace norm":
    "A trace norm in which rows and columns count by how much of them is observed.",
  "singular value": "How much one pattern contributes, the largest first.",
  penalty:
    "How strongly the trace norm is held down: more of it, fewer patterns. 0 fits every observation exactly.",
  "effects / row and column effects":
    "What a row or column is above the mean, all of its entries alike. The simplest model that knows both, and a baseline hard to beat.",
  "baseline / baselines":
    "Simple predictions that a model has to beat to be worth its trouble: the mean, the means of columns, row and column effects.",
  "mean of all / mean of all observations":
    "Every hole is filled with the mean of all observed entries: the simplest model, which knows neither rows nor columns.",
  "means of columns / column means":
    "A hole is filled with the mean of what is observed in its column: what is done most often, and blind to rows.",
  "ridge / shrunk / more entries at the mean":
    "What keeps the effect of a row or column small where little is seen of it: the effect is what it would be with so many more entries at the mean. With a ridge of 2, one entry counts a third of what it says, and ten count ten twelfths.",
  "model / chosen":
    "What predicts the holes: the simplest of the tried models that is within one standard error of the best on held-out entries.",
  "held out / cross-validation / folds":
    "Observations are hidden part by part and predicted from the rest: the error on them is what to expect of the holes.",
  "root mean square error / rmse / error":
    "The typical size of a mistake, in the unit of the table; large mistakes count more.",
  "duality gap / relative gap / gap of the fit":
    "How far the fit can be from the best one for its penalty, proved by a bound from below.",
  "one standard error":
    "Differences below it may be luck; of models that close, the simplest is taken.",
  "known of a new row":
    "A row that was not there before is answered by the effects of the columns, with what is known of it.",
  "weight / weights":
    "How much an observation counts beside the others: one of weight 2 as two of the same value, one of weight 0 as a hole.",
  "little known":
    "Rows and columns with next to no observations: they are answered by the effects of the others, and by their own as far as these can be told.",
  "limited / certificate of a limited rank":
    "The rank is below what the penalty would let through: more patterns could come nearer to the observed entries, and the gap bounds by how much. It is usual, and no sign of an unfinished fit; holes may well be predicted better so.",
}
