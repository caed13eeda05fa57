/** Checksum of event files: CRC-32C (Castagnoli), masked as in TensorFlow's records. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ 0x82f63b78
  return rest
})

/** CRC-32C of bytes. */
export const crc32c = (bytes: Uint8Array): number => {
  let rest = 0xffffffff
  for (let k = 0; k < bytes.length; k++) rest = table[(rest ^ bytes[k]!) & 255]! ^ (rest >>> 8)
  return (rest ^ 0xffffffff) >>> 0
}

/**
 * The checksum as stored in a file: rotated by 15 bits, plus a constant, so that a checksum over checksums is not one over data.
 */
export const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
