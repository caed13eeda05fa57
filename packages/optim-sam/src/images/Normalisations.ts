/** Batch normalisations of a network, by the statistics of each batch or by fixed ones. */
import * as Block from "@nonconvex/problems/network/Block"

/** The blocks with normalisations by the statistics of each batch in place of fixed ones. */
export const byBatch = (blocks: ReadonlyArray<Block.Block>): ReadonlyArray<Block.Block> =>
  blocks.map((block) => {
    switch (block._tag) {
      case "FrozenNormalisation":
        return Block.batchNormalisation(block)
      case "Residual":
        return Block.residual(byBatch(block.branch), byBatch(block.shortcut))
      default:
        return block
    }
  })

/**
 * The blocks of a network in which `statistics` are fixed: for each normalisation, in the order of the parameters, the means of its
 * channels and then their variances.
 */
export const fixed = (
  blocks: ReadonlyArray<Block.Block>,
  statistics: Float64Array,
): ReadonlyArray<Block.Block> => {
  let at = 0
  const take = (count: number): Float64Array => statistics.slice(at, (at += count))
  const each = (block: Block.Block): Block.Block => {
    switch (block._tag) {
      case "FrozenNormalisation": {
        const channels = block.mean.length
        return { ...block, mean: take(channels), variance: take(channels) }
      }
      case "Residual": {
        const branch = block.branch.map(each)
        return Block.residual(branch, block.shortcut.map(each))
      }
      default:
        return block
    }
  }
  return blocks.map(each)
}
