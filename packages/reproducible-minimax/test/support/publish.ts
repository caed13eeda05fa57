/**
 * Run as a program: solves games number `from` to `to` with products in the precision that is named, and prints, as JSON, the bytes
 * that it publishes for each, their gap and whether their agreement is certain.
 */
import * as Products from "@nonconvex/problems/Products"
import { Seed } from "@nonconvex/numerics"
import { solve } from "../../src/index.ts"
import { advertised, gameOf, randomMatrix } from "./Games.ts"

export interface Line {
  readonly bytes: string
  readonly certain: boolean
  readonly width: number
  /** Of what is published. */
  readonly gap: number
}

const publish = (precision: string, number: number): Line => {
  const { columns, matrix } = randomMatrix(number)
  const products = precision === "float32" ? Products.float32 : Products.float64
  const { center, problem } = gameOf(matrix, columns, products)
  const { gap, published } = solve(problem, center, { ...advertised, seed: Seed.root(number) })
  return {
    bytes: Buffer.from(published.point.buffer).toString("base64"),
    certain: published.certain,
    width: published.width,
    gap,
  }
}

const [precision = "float64", from = "0", to = "1"] = process.argv.slice(2)
const lines = Array.from({ length: Number(to) - Number(from) }, (_, k) =>
  publish(precision, Number(from) + k),
)
process.stdout.write(JSON.stringify(lines))
