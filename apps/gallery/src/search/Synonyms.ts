/** Synonyms and abbreviations of the field: a query for one finds the others. */

/** Groups of names, with words as a reader types them. */
const groups: ReadonlyArray<ReadonlyArray<string>> = [
  ["sam", "sharpness aware minimization"],
  ["usam", "unnormalized sam", "unnormalized"],
  ["ntk", "neural tangent kernel", "tangent kernel"],
  ["eos", "edge of stability", "stability limit", "critical learning rate", "critical rate"],
  ["dp", "differential privacy", "differentially private", "privacy", "private"],
  ["sgd", "stochastic gradient descent"],
  ["gd", "gradient descent"],
  ["agd", "accelerated gradient", "nesterov", "acceleration"],
  ["eg", "extragradient"],
  ["gda", "descent ascent"],
  ["bn", "batchnorm", "batch normalization"],
  ["agop", "average gradient outer product", "gradient outer product"],
  ["rfm", "recursive feature machine"],
  ["pl", "polyak lojasiewicz"],
  ["rip", "restricted isometry", "isometric", "isometry"],
  ["gue", "complex noise", "complex gaussian"],
  ["goe", "real noise", "real gaussian"],
  ["lr", "learning rate", "step size", "stepsize", "rate"],
  ["nuclear norm", "trace norm", "schatten 1"],
  ["matrix completion", "matrix factorization", "matrix sensing", "complete"],
  ["low rank", "lowrank", "rank k"],
  ["hyperparameter", "hyper parameter", "radius"],
  ["hessian trace", "trace of the hessian"],
  ["sharpness", "top eigenvalue", "flatness"],
  ["minimax", "min max", "saddle point", "game"],
  ["reproducibility", "reproducible", "determinism"],
  ["spike", "catapult", "instability"],
  [
    "erratum",
    "errata",
    "counterexample",
    "wrong",
    "mistake",
    "error in the paper",
    "false",
    "incorrect",
  ],
  ["contradicted", "failed prediction", "negative result", "surprise", "surprising"],
  ["preregistered", "registered", "holm", "prediction"],
  ["cite", "citation", "bibtex", "reference"],
  ["bound", "inequality"],
  ["loose", "slack", "not tight"],
  ["hold", "true", "correct", "valid", "proved"],
  ["generalize", "generalization", "test error", "test accuracy", "test set"],
  ["simplicity bias", "implicit bias", "inductive bias", "implicit regularization", "simplest"],
  ["explode", "diverge", "blow up", "divergence"],
  ["theorem", "thm"],
  ["lemma", "lem"],
  ["proposition", "prop"],
  ["algorithm", "alg"],
  ["equation", "eq"],
  ["figure", "fig"],
  ["definition", "def", "glossary", "meaning", "term"],
  ["neurips", "nips"],
  ["play", "demo", "interactive", "toy"],
]

/** Other names for a name, with its words joined by spaces. */
export const others = (
  fold: (name: string) => string,
): ReadonlyMap<string, ReadonlyArray<string>> => {
  const found = new Map<string, Array<string>>()
  for (const group of groups) {
    const names = [...new Set(group.map(fold))]
    for (const name of names) {
      const rest = names.filter((each) => each !== name)
      found.set(name, [...(found.get(name) ?? []), ...rest])
    }
  }
  return found
}
