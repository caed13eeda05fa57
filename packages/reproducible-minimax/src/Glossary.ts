/** Words of `solve`: games, and answers that every machine publishes alike. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "matrix game / game / zero-sum":
    "Two players choose a row and a column at once; the row player receives the entry from the column player.",
  value:
    "What the row player is sure of in the long run when both play well, between two proved bounds.",
  "equilibrium / saddle point":
    "A pair of strategies from which neither player gains by changing alone.",
  "strategy / mixed strategy": "With which probability each row or column is played.",
  gap: "The most that either player could still gain by another strategy, or how far an objective is above its minimum: 0 at the solution.",
  deviation: "How far two certified runs can be apart before they are rounded.",
  minimiser: "The point at which the objective is least.",
  "regularisation / regularised / r":
    "A small term that makes the answer unique, so that all machines aim at one point; it costs a little of the gap.",
  "proximal steps": "Regularised problems one after the other, each around the answer of the last.",
  "rounding / grid":
    "The answer is moved to a grid whose position the seed decides: nearby answers of two machines land on the same point.",
  failure: "How probable it is that another certified run publishes other bits.",
  certain:
    "No certified run can publish other bits: the answer is far enough from where the rounding changes.",
  fingerprint:
    "A checksum of the published bits: two machines that print the same one have the same answer to the last bit.",
  method: "The algorithm that ran, and how many steps it took.",
  "oracle / allowed error":
    "What supplies products with the matrix, perhaps with errors; the certificate counts them.",
  "oracle error": "How far a product with the matrix may be off; the certificate counts it.",
  "interior point":
    "A method that stays inside the set of strategies and solves a game in a few dozen expensive steps, to the last digits.",
  "row / column":
    "The strategies of the two players: those that are played, with their probabilities.",
}
