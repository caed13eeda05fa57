/** Terms of the evidence: claims, errata, experiments and statistics. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  claim:
    "A statement of a paper, or one derived from it, that a program tries to break on random instances. It measures how far each instance is from a violation, and has controls: changes that must break it.",
  "erratum / errata":
    "A statement that is false as it stands. The program searches for a counterexample, shrinks it, and names the claim that holds instead. Only what was read in print is counted; what is recalled or derived is headed: If the paper says.",
  "class / theorem false / gap in a proof / constant / slip":
    "The consequence of a false statement for the paper: the theorem is false, a proof has a gap though the theorem may be true, a constant is wrong, or a formula has a slip without consequences.",
  statement: "What a claim or an erratum says, in a sentence.",
  basis:
    "The source status of a statement: as printed (read in the paper), as recalled (believed to be there, not checked against the text), corrected (the printed statement without its error), or derived here (proved in this project).",
  instance:
    "One random test case of a claim: sizes, rates, and a seed from which the rest is generated.",
  run: "Of a claim: one instance that was drawn and measured. Of an experiment: all its rows under one configuration, seed, kernels and version of the code.",
  "run id":
    "The name of a saved run: SHA-256 over everything that determines its bits. The first four or more digits are enough if they are unique.",
  "other bits":
    "A recomputation under the same key gave a different result, so a machine, a compiler or the code has changed. Both results are kept.",
  metric:
    "One number of the rows of a run: last, mean, min, max, sum or median of a column, over the rows that match, such as last(loss) or mean(accuracy where method=sam). A column name alone is its mean.",
  clause:
    "A filter of runs: comparisons of fields and settings joined by and, such as experiment=optim-sam/valley and seed<3.",
  "sweep / trial":
    "An experiment with many settings and seeds, each combination of which is a trial, and each trial a run. Use runs --where sweep=<id> to list the runs of a sweep.",
  "worker / lease":
    "A worker is a program that runs trials of a sweep, on any machine that can reach the database. It holds each trial by a lease that it renews. If it dies, the lease expires and another worker takes the trial.",
  "attempt / given up":
    "A trial whose worker died, or whose thread ended, is tried again. After five attempts it is given up, and listed as failed with the reason.",
  reused:
    "Taken from the store instead of recomputed, since everything that determines its bits is the same.",
  "sampler / grid / random / halton":
    "How a sweep chooses settings. A grid has all combinations of lists; random draws each independently; halton uses a low-discrepancy sequence, which covers the space more evenly (Halton 1960).",
  "halving / rung / resource":
    "Successive halving: many settings start on a small budget, and the best continue with more. Each round is a rung; the resource is the setting that controls the budget. It costs a fraction of a grid but may drop a setting that starts slowly (Jamieson and Talwalkar 2016).",
  "best first": "The settings of a sweep by the mean of the metric over seeds.",
  sd: "Standard deviation of single runs about their mean (n - 1 in the denominator).",
  "95 % interval / 95 % confidence interval / confidence interval":
    "The range of plausible values of the true mean: for normally distributed runs, 95 % of such intervals contain it. Computed from Student's t distribution.",
  "p / p after Holm":
    "The p value: the probability of a difference at least as large by chance alone. After Holm: corrected for multiple testing, so that the probability of any false positive stays below the level.",
  "paired t test":
    "Compares two groups by the differences within pairs of the same seed, so that effects of the seed cancel.",
  "Welch's t test":
    "Compares two groups without common seeds and with possibly different variances. It has less power than a paired test.",
  "margin / worst margin / median margin":
    "The distance of an instance from violating a statement: 1 is far, 0 is the edge, and below 0 the statement is false there. The unit is the bound, or the tolerance of an equality, so that margins of different claims can be compared.",
  "random search / steered search / steered":
    "How instances are found. Random search draws each independently. Steered search changes those closest to a violation step by step and keeps changes that lower the margin.",
  loose:
    "An inequality is loose if no instance came within 10 % of its bound. The factor is the ratio of the bound to the closest value found; the search may have missed the worst case.",
  "control / detected":
    "A deliberately broken variant of a claim, such as one with a factor dropped. It is detected if an instance violates it; an undetected control shows that the test has no power.",
  "held / holds":
    "No instance violated the claim, and every control was detected. That is evidence, not a proof.",
  falsified:
    "An instance violated the claim. The smallest one found is shown, with a token to replay it.",
  toothless:
    "The claim held, but a control was not detected, so the test does not test the statement.",
  refuted: "A counterexample was found for an erratum: the statement is false as printed.",
  "exactly / in floating point / fractions / intervals":
    "How a violation was confirmed. Exactly: recomputed from the definitions in fractions without rounding, or in intervals rounded outward, which contain the exact number. In floating point: by the margin only, which has rounding errors.",
  unrefuted:
    "An erratum found no counterexample in these runs: the statement may be true after all.",
  broken: "An instance threw an error or gave NaN, so that there is no verdict.",
  undecided: "The time limit ended before a verdict; raise --budget or omit it.",
  counterexample: "An instance that violates a statement, shrunk as far as it still does.",
  "replay token / token":
    "The name of one instance of a claim: id, control, seed and path. `nonconvex replay` recreates the instance on any machine.",
  "violated by": "The size of a violation: which number exceeded its bound, and by how much.",
  experiment:
    "A table or figure of a paper that one command reruns, optionally with other settings.",
  expectation:
    "A prediction of the paper for an experiment, as a number with a bound. It fails if there are no rows.",
  regression:
    "An expectation that compares with an earlier result, so that it only shows that nothing changed. It is counted separately, since it is not evidence for the paper.",
  preset:
    "The settings of an experiment: smoke tests that it runs, fast shows the effect, paper is the full setting.",
  seed: "The number from which all random numbers are generated; the same seed gives the same results on every machine.",
  provenance: "The origin of a result: code version, machine, seed, kernels and data (by digest).",
  digest: "A checksum (SHA-256) of a data set; different data have different digests.",
  "kernels / strict / relaxed / reference / native":
    "The inner loops of linear algebra. Strict ones give the same bits everywhere, relaxed ones may fuse a multiplication with an addition, compiled ones are those of @nonconvex/native for the vectors of the machine, and reference ones are plain TypeScript.",
  residual: "How far an iterative solution is from satisfying its equation.",
  "standard error / ±":
    "The standard deviation of an estimate over random samples; the true value is within two standard errors in about 95 % of cases.",
  certificate: "Numbers that prove the quality of an answer, independent of how it was computed.",
  "certified / limited / budget":
    "Certified: the answer is proved to be within its tolerance. Limited, or out of budget: it may be as good, but the computation ended before the proof.",
  "prediction / predicted":
    "The output of a trained network for a row: a class, optionally with probabilities, or a number.",
  next: "The recommended next command or change.",
  read: "How the file was interpreted, with the flags that change it.",
}
