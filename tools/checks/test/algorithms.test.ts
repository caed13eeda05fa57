/** Each algorithm stands in a file of its name, in the package that one opens first. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const packages = join(import.meta.dirname, "../../../packages")

/** The name of the algorithm, the package and the file where one looks for it, and what the file exports. */
const algorithms = [
  ["SGD", "problems", "Sgd", "sgd"],
  ["AdamW", "problems", "AdamW", "adamW"],
  ["weight decay", "problems", "WeightDecay", "withWeightDecay"],
  ["gradient clipping", "problems", "GradientClipping", "withClipping"],
  ["basis pursuit", "problems", "BasisPursuit", "basisPursuit"],
  ["SAM", "optim-sam", "Sam", "sam"],
  ["USAM", "optim-sam", "Usam", "usam"],
  ["ASAM", "optim-sam", "Asam", "asam"],
  ["m-SAM", "optim-sam", "MSam", "grouped"],
  ["p-norm SAM", "optim-sam", "PNormSam", "pNormSam"],
  ["momentum", "optim-sam", "Momentum", "momentum"],
  ["Nesterov's momentum", "optim-sam", "Nesterov", "nesterov"],
  ["guard against false minima", "optim-sam", "FalseMinimumGuard", "falseMinimumGuard"],
  ["randomly smoothed perturbation", "flat-minima", "SmoothedPerturbation", "smoothedPerturbation"],
  [
    "sharpness-aware perturbation",
    "flat-minima",
    "SharpnessAwarePerturbation",
    "sharpnessAwarePerturbation",
  ],
  ["flat descent", "flat-minima", "FlatDescent", "flatDescent"],
  ["escape from a saddle", "flat-minima", "Escape", "escape"],
  ["tangent projection", "flat-minima", "TangentProjection", "fromJacobian"],
  ["Newton descent", "flat-minima", "NewtonDescent", "descend"],
  ["limit map of gradient flow", "flat-minima", "LimitMap", "limit"],
  ["spectral density", "flat-minima", "SpectralDensity", "spectralDensity"],
  ["gradient descent with catapults", "catapults", "CatapultDescent", "catapultDescent"],
  ["average gradient outer product (AGOP)", "catapults", "Agop", "agop"],
  ["recursive feature machine", "catapults", "RecursiveFeatureMachine", "recursiveFeatureMachine"],
  ["tangent kernel", "catapults", "TangentKernel", "topPairs"],
  ["Adagrad", "catapults", "Adagrad", "adagrad"],
  ["RMSprop", "catapults", "Rmsprop", "rmsprop"],
  ["label-noise SGD", "label-noise", "LabelNoiseSgd", "labelNoiseSgd"],
  ["sharpness flow", "label-noise", "SharpnessFlow", "flowOfParameters"],
  ["orthographic retraction", "label-noise", "Retraction", "retract"],
  ["flat limit", "label-noise", "FlatLimit", "flatLimit"],
  ["warm start", "label-noise", "WarmStart", "warmStart"],
  ["Dormand-Prince 8(5,3)", "label-noise", "DormandPrince853", "stages"],
  ["Runge-Kutta", "label-noise", "RungeKutta", "integrate"],
  ["soft-impute", "matrix-factorization", "SoftImpute", "softImpute"],
  ["nuclear norm minimisation", "matrix-factorization", "NuclearNorm", "minimiseNuclearNorm"],
  ["alternating least squares", "matrix-factorization", "AlternatingLeastSquares", "improve"],
  ["augmented Lagrangian", "matrix-factorization", "AugmentedLagrangian", "search"],
  ["L-BFGS", "matrix-factorization", "Lbfgs", "minimise"],
  ["gauge descent", "matrix-factorization", "GaugeDescent", "gaugeDescent"],
  ["flattest interpolant", "matrix-factorization", "FlattestInterpolant", "flattestInterpolant"],
  ["restricted isometry", "matrix-factorization", "RestrictedIsometry", "rankOneInterval"],
  ["discrete Gaussian", "dp-lowrank", "DiscreteGaussian", "sample"],
  ["Clopper-Pearson interval", "dp-lowrank", "ClopperPearson", "lower"],
  ["zero-concentrated privacy", "dp-lowrank", "ZeroConcentrated", "compose"],
  ["Dyson Brownian motion", "dp-lowrank", "DysonBrownianMotion", "step"],
  ["low-rank approximation", "dp-lowrank", "LowRank", "topK"],
  ["private scatter matrix", "dp-lowrank", "PrivateScatter", "PrivateScatter"],
  ["extragradient", "reproducible-minimax", "Extragradient", "extragradient"],
  ["optimistic gradient", "reproducible-minimax", "OptimisticGradient", "optimisticGradient"],
  ["gradient descent-ascent", "reproducible-minimax", "GradientDescentAscent", "projectedGradient"],
  [
    "inexact proximal point",
    "reproducible-minimax",
    "InexactProximalPoint",
    "inexactProximalPoint",
  ],
  ["regularised minimax", "reproducible-minimax", "RegularisedMinimax", "regularisedMinimax"],
  [
    "regularised minimisation",
    "reproducible-minimax",
    "RegularisedMinimisation",
    "regularisedMinimisation",
  ],
  ["dithered rounding", "reproducible-minimax", "DitheredRounding", "ditheredRounding"],
  ["interior point", "reproducible-minimax", "InteriorPoint", "step"],
  ["exact equilibrium", "reproducible-minimax", "ExactEquilibrium", "exactEquilibrium"],
  ["worst case by performance estimation", "worst-case", "WorstCase", "worstCase"],
  ["semidefinite programs", "worst-case", "Semidefinite", "solve"],
  ["Hutchinson's estimate", "numerics", "Hutchinson", "hutchinson"],
  ["Hutch++", "numerics", "HutchPlusPlus", "hutchPlusPlus"],
  ["XTrace", "numerics", "XTrace", "xTrace"],
  ["stochastic Lanczos quadrature", "numerics", "StochasticLanczosQuadrature", "quadrature"],
  ["Lanczos", "numerics", "Lanczos", "topEigenpairs"],
  ["LOBPCG", "numerics", "Lobpcg", "topEigenpairs"],
  ["conjugate gradients", "numerics", "ConjugateGradients", "solve"],
  ["singular value decomposition", "numerics", "Svd", "decompose"],
  ["divide and conquer", "numerics", "DivideAndConquer", "solve"],
  ["Mulberry32", "numerics", "Mulberry32", "mulberry32"],
] as const

describe("the file of an algorithm", () => {
  it.for(algorithms)("%s: %s has one %s.ts, which exports %s", ([, of, name, exported]) => {
    const found = globSync(`${of}/src/**/${name}.ts`, { cwd: packages }).filter(
      (file) => !file.includes("/evidence/"),
    )
    assert.strictEqual(found.length, 1, found.join(", "))
    const text = readFileSync(join(packages, found[0]!), "utf8")
    const stated = new RegExp(String.raw`^export (const|class|function\*?) ${exported}\b`, "m")
    const passedOn = new RegExp(String.raw`^export \{[^}]*\b${exported}\b[^}]*\} from`, "m")
    assert.isTrue(stated.test(text) || passedOn.test(text), `${found[0]} exports no ${exported}`)
  })
})
