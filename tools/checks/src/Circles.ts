/** Circles of files: those whose imports lead from each to all the others and back. */

/** The files that each file imports. */
export type ImportGraph = ReadonlyMap<string, ReadonlyArray<string>>

interface Visited {
  readonly order: number
  /** The least order that is reached from here, among files whose circle is not yet known. */
  low: number
  isOpen: boolean
}

/** The strongly connected components of more than one file, by the algorithm of Tarjan, each in the order of its names. */
export const find = (graph: ImportGraph): ReadonlyArray<ReadonlyArray<string>> => {
  const circles: Array<ReadonlyArray<string>> = []
  const visited = new Map<string, Visited>()
  const open: Array<string> = []
  const visit = (file: string): Visited => {
    const self: Visited = { order: visited.size, low: visited.size, isOpen: true }
    visited.set(file, self)
    open.push(file)
    for (const to of graph.get(file) ?? []) {
      const found = visited.get(to)
      if (found === undefined) self.low = Math.min(self.low, visit(to).low)
      else if (found.isOpen) self.low = Math.min(self.low, found.order)
    }
    if (self.low === self.order) {
      const members = open.splice(open.indexOf(file))
      for (const each of members) visited.get(each)!.isOpen = false
      if (members.length > 1) circles.push(members.toSorted())
    }
    return self
  }
  for (const file of graph.keys()) if (!visited.has(file)) visit(file)
  return circles
}

/** A shortest way from the first file of a circle back to it: the files that it passes, in order. */
export const shortest = (
  graph: ImportGraph,
  circle: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const [first] = circle as readonly [string, ...Array<string>]
  const members = new Set(circle)
  const from = new Map<string, string>()
  const queue = [first]
  for (const file of queue) {
    for (const to of graph.get(file) ?? []) {
      if (to === first) {
        const way = [file]
        while (way[0] !== first) way.unshift(from.get(way[0]!)!)
        return way
      }
      if (!members.has(to) || from.has(to)) continue
      from.set(to, file)
      queue.push(to)
    }
  }
  return circle
}
