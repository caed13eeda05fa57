/** Words of the evidence: claims, errata, experiments, and how the numbers are made. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  claim:
    "A statement of a paper, or one derived from it, that a program tries to break on random instances. It says how far each instance is from breaking it, and names changes that must break it.",
  "erratum / errata":
    "A statement that is false as it stands. The program searches for a counterexample, shrinks it, and names the claim that holds instead. Only what was read in print is counted; what is recalled or derived is headed: If the paper says.",
  "class / theorem false / gap in a proof / constant / slip":
    "What of a paper falls with a false statement: what a theorem says, a step of a proof whose theorem may stand, a number in a result that stands with another one, or a formula on which nothing rests.",
  statement: "What a claim or an erratum says, in a sentence.",
  basis:
    "How far a statement is the paper's own word: as printed (read in the paper), as recalled (believed to be there, not checked against the text), corrected (the printed one with its error mended), or derived here (proved in this project).",
  instance:
    "One randomly drawn case that a claim is tried on: sizes, rates, and a seed that the rest is made from.",
  run: "Of a claim: one instance that was drawn and measured. Of an experiment: all its rows under one configuration, seed, kernels and version of the code.",
  "run id":
    "Names a run that is kept: SHA-256 over all that decides its bits. Any beginning of it that fits one run names it, from four digits on.",
  "other bits":
    "The same work under the same key gave something else when it was computed again: a machine, a compiler or the code is not what it seems. Both results are kept.",
  metric:
    "One number of the rows of a run: last, mean, min, max, sum or median of a column, over the rows that fit, as last(loss) or mean(accuracy where method=sam). A column alone is its mean.",
  clause:
    "Which runs are meant: comparisons of fields and settings joined by and, as experiment=optim-sam/valley and seed<3.",
  "sweep / trial":
    "An experiment with many settings and seeds, each combination of which is a trial, and each trial a run. The id of a sweep names what was asked for: runs --where sweep=... lists its runs.",
  "worker / lease":
    "A worker is a program that does trials of a sweep beside others, on any machine that reaches the database. It holds each by a lease, which it renews: where it dies or freezes, the lease ends and another takes the trial.",
  "attempt / given up":
    "A trial whose worker died, or whose thread ended, is tried again. After five attempts it is given up, and listed as failed with the reason.",
  reused: "Taken from the store and not computed again, for all that decides its bits is the same.",
  "sampler / grid / random / halton":
    "How a sweep chooses settings. A grid has all combinations of lists; random draws each by itself; halton draws points that leave smaller holes than random ones (Halton 1960).",
  "halving / rung / resource":
    "Many settings on a small budget, of which the best go on with more: each round is a rung, and the budget is the setting that is the resource. It costs a fraction of a grid, and may drop one that is slow at first (Jamieson and Talwalkar 2016).",
  "best first": "The settings of a sweep by the mean of the metric over seeds.",
  sd: "Standard deviation: how much single runs scatter about their mean, with n - 1 under the sum.",
  "95 % interval":
    "Where the true mean lies, if runs scatter as a bell: intervals made this way hold it 19 times in 20. After Student, by the quantiles of jstat.",
  "p / p after Holm":
    "How likely chance alone gives a difference at least as large. After Holm: raised for as many tests as were made together, so that the chance of any false alarm stays below the level.",
  "paired t test":
    "Compares two groups by the differences within pairs that share their seed, so that what the seed does to both cancels.",
  "Welch's t test":
    "Compares two groups that share no seeds, and need not scatter alike. It sees less than a paired test.",
  "margin / worst margin / median margin":
    "How far an instance is from breaking a statement: 1 is wide, 0 is the edge, and below 0 the statement is false there. The unit is the bound, or the tolerance of an equality, so that margins of different claims can be compared.",
  "random search / steered search / steered":
    "How instances are found. At random, each is drawn for itself. Steered, those that came nearest to breaking a statement are changed step by step, and the margin says which changes to keep.",
  loose:
    "Of an inequality: no instance came within a tenth of its bound. The factor is how many times the bound is the largest value found, or the least value found the bound; a search may have missed the worst case.",
  "control / caught":
    "A change that must break a claim, such as a factor left out. It is caught when an instance breaks the changed claim; one that is never caught would show that the test sees nothing.",
  "held / holds":
    "No instance broke the claim, and each of its controls was caught. That is evidence, not a proof.",
  falsified:
    "An instance broke the claim. The smallest one found is shown, with a token to see it again.",
  toothless:
    "The claim held, but so did it under a control that must break it: the test does not test what it says.",
  refuted:
    "An erratum found its counterexample: the statement is false as it stands, as the project says.",
  "exactly / in floating point / fractions / intervals":
    "How a violation is known. Exactly: recomputed from the definitions in fractions that never round, or in intervals whose ends are rounded outward, so that the exact number lies within. In floating point: by the margin alone, whose last digits are rounded.",
  unrefuted:
    "An erratum found no counterexample in these runs: the statement may be true after all.",
  broken:
    "An instance threw an error, or measured nothing (NaN), so that the claim was not judged.",
  undecided:
    "The time budget ended before the verdict was there; give more with --budget, or leave it out.",
  counterexample:
    "An instance that breaks a statement, made as small as the program can while it still does.",
  "replay token / token":
    "Names one instance of a claim: the id, the control if any, a seed, and the way to it. `nonconvex replay` draws the same instance again on any machine.",
  "violated by":
    "How far below 0 the margin is: which of the compared numbers went past its bound, and how far.",
  experiment:
    "A table or figure of a paper that one command reruns, with settings of yours if you like.",
  expectation:
    "What an experiment should show if the paper is right, as a number with a bound. Of no rows none holds.",
  regression:
    "An expectation that compares with a number that was recalled or came out before: that it holds says that nothing changed. It is counted apart, for it is no evidence for the paper.",
  preset:
    "The settings of an experiment: smoke shows that it runs, fast that it shows the effect, paper is the full setting.",
  seed: "The number that all randomness comes from: the same seed gives the same results on any machine.",
  provenance: "What is kept with results: code, machine, seed, kernels, and which data, by digest.",
  digest:
    "A checksum (SHA-256) over all that was read of a data set: other data have another one, whatever they are called.",
  "kernels / strict / relaxed / reference / native":
    "The inner loops of linear algebra. Strict ones give the same bits everywhere, relaxed ones may fuse a multiplication with an addition, compiled ones are those of @nonconvex/native for the vectors of the machine, and reference ones are plain TypeScript.",
  residual:
    "How far an iterative answer misses the equation that it should solve; an error bar of what was computed.",
  "standard error / ±":
    "How much an estimate from random samples would scatter from one sample to the next; the true value is within twice of it about 19 times in 20.",
  certificate: "Numbers that prove how good an answer is, whoever computed it and however.",
  "certified / limited / budget":
    "Certified: the answer is proved to be within its tolerance. Limited, or out of budget: it may be as good, but the work ended before that was shown.",
  "prediction / predicted":
    "What a trained network answers for a row: a class, with its probability where that is asked, or a number.",
  next: "What to do now, from what was found.",
  read: "How the file was understood, with the flags that read it otherwise.",
}
