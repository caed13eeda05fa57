/** List of the toys before any is computed: names, and the theorem that each shows. */

interface Shown {
  /** Id; the address is `play/<id>`. */
  readonly id: string
  readonly title: string
  /** Address of the claim that the toy shows. */
  readonly claim: string
  /** Place of the theorem in the paper. */
  readonly theorem: string
}

export const shown = {
  normalisation: {
    id: "normalisation",
    title: "Why SAM divides by the norm",
    claim: "optim-sam/factorisation-usam-diverges",
    theorem: "Theorem 2 of Dai, Ahn, Sra 2023",
  },
  drift: {
    id: "drift",
    title: "Along the bottom of a valley",
    claim: "optim-sam/valley-drift",
    theorem: "the drift of Wen, Ma, Li 2023, which Dai, Ahn, Sra 2023 use",
  },
  flattest: {
    id: "flattest",
    title: "The flattest of many minima",
    claim: "label-noise/drift",
    theorem: "the drift of label noise in Gatmiry, Li, Reddi, Jegelka 2024",
  },
  floors: {
    id: "floors",
    title: "A sharp floor and a flat one",
    claim: "flat-minima/gain-of-d",
    theorem: "the factor d between Theorems 1 and 2 of Ahn, Jadbabaie, Sra 2024",
  },
  table: {
    id: "table",
    title: "Depth and the nuclear norm",
    claim: "matrix-factorization/depth-independence",
    theorem:
      "the induced regulariser, the same at all depths, of Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023",
  },
  repulsion: {
    id: "repulsion",
    title: "Complex noise keeps eigenvalues apart",
    claim: "dp-lowrank/repulsion-exponents",
    theorem: "Lemma 4 of Mangoubi, Vishnoi 2023",
  },
  covariance: {
    id: "covariance",
    title: "A private covariance",
    claim: "dp-lowrank/calibration",
    theorem: "Theorem 8 of Balle, Wang 2018",
  },
  machines: {
    id: "machines",
    title: "Two machines, one answer",
    claim: "reproducible-minimax/dithered-rounding",
    theorem: "rounding that removes the deviations of Zhang, Yang, Karbasi, He 2023",
  },
  catapult: {
    id: "catapult",
    title: "A catapult",
    claim: "catapults/catapult-shrinks-the-kernel",
    theorem: "the fall of the kernel in a catapult of Zhu, Liu, Radhakrishnan, Belkin 2024",
  },
} as const satisfies Readonly<Record<string, Shown>>

/** Toys of a system, by its id. */
export const ofSystem = (system: string): ReadonlyArray<Shown> =>
  Object.values(shown).filter(({ claim }) => claim.startsWith(`${system}/`))
