/** "Did you mean": the names closest to one that does not exist. */

/** Levenshtein's distance: the fewest insertions, deletions and substitutions that turn `a` into `b`. */
export const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}

const most = 3

/** At most three names that contain `name` or differ from it in at most a third of its characters, closest first. */
export const names = (name: string, known: Iterable<string>): ReadonlyArray<string> =>
  Array.from(new Set(known), (candidate) => ({
    candidate,
    far: candidate.includes(name) ? 0 : distance(name, candidate),
  }))
    .filter(({ far }) => far <= Math.max(1, name.length / 3))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ candidate }) => candidate)
