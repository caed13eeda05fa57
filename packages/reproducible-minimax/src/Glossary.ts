/** Terms of `solve`: games, and answers that are equal bit for bit on every machine. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "matrix game / game / zero-sum":
    "Two players choose a row and a column at once; the row player receives the entry from the column player.",
  value: "The expected payoff of the row player under optimal play, between two proved bounds.",
  "equilibrium / saddle point":
    "A pair of strategies such that neither player gains by deviating alone.",
  "strategy / mixed strategy": "The probability of each row or column.",
  gap: "The most that either player could still gain by another strategy, or how far an objective is above its minimum: 0 at the solution.",
  deviation: "The largest distance between two certified runs before rounding.",
  minimiser: "The point at which the objective is smallest.",
  "regularisation / regularised / r":
    "A small extra term that makes the solution unique, so that all machines converge to one point; it adds a little to the gap.",
  "proximal steps": "A sequence of regularised problems, each centred at the last solution.",
  "rounding / grid":
    "The answer is rounded to a grid that is shifted by the seed, so that nearby answers of two machines give the same point.",
  failure: "The probability that another certified run publishes different bits.",
  certain:
    "No certified run can publish different bits, since the answer is far enough from every rounding boundary.",
  fingerprint:
    "A checksum of the published bits: machines with the same fingerprint have the same answer, bit for bit.",
  extragradient:
    "A method for games that takes a step, reads the gradients there, and steps from the first point along them.",
  "descent ascent / gda":
    "Gradient descent-ascent: one player descends and the other ascends, each along its gradient at the current point.",
  method: "The algorithm that ran, and how many steps it took.",
  "oracle / allowed error":
    "The source of matrix products, possibly with errors; the certificate accounts for them.",
  "oracle error": "The largest error of a matrix product; the certificate accounts for it.",
  "interior point":
    "A method that stays in the interior of the strategy set and solves a game to machine precision in a few dozen expensive steps.",
  "row / column":
    "The strategies of the two players: those that are played, with their probabilities.",
}
