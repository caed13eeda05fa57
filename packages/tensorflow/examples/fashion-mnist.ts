/**
 * Adam, SAM and a catapult schedule on Fashion-MNIST, side by side: `node --conditions=source packages/tensorflow/examples/fashion-mnist.ts`.
 *
 * The thousand images that ship train a convolutional network of 5,258 weights for 8 epochs, on the fastest backend there is.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { TensorRuntime } from "@nonconvex/tensorflow"
import { layerFastest } from "@nonconvex/tensorflow/node"
import { Console, Effect, Layer } from "effect"
import { compare, imagesOf, type Row } from "./Compare.ts"

const columns = (cells: ReadonlyArray<string>): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(20) : cell.padStart(i === 3 ? 18 : 14))).join("")

const line = ({
  events,
  method,
  testAccuracy,
  topEigenvalue,
  trace,
  traceError,
  trainLoss,
}: Row): string =>
  columns([
    method,
    trainLoss.toFixed(4),
    `${(100 * testAccuracy).toFixed(1)} %`,
    `${trace.toFixed(1)} +- ${traceError.toFixed(1)}`,
    topEigenvalue.toFixed(2),
    String(events.length),
  ])

const header = ["method", "train loss", "test accuracy", "trace", "top eigenvalue", "events"]

const program = Effect.gen(function* () {
  const { because } = yield* TensorRuntime
  yield* Console.log(`backend: ${because}\n`)
  const datasets = yield* Datasets
  const { test, train } = yield* datasets.load("fashion-mnist")
  yield* Console.log(columns(header))
  const rows = yield* Effect.promise((signal) =>
    compare(
      {
        train: imagesOf(train),
        test: imagesOf(test),
        epochs: 8,
        batchSize: 64,
        probe: 24,
        signal,
      },
      (row) => {
        if (!signal.aborted) process.stdout.write(`${line(row)}\n`)
      },
    ),
  )
  for (const { events, method } of rows) {
    for (const event of events) yield* Console.log(`\n${method}: ${event}`)
  }
})

const layers = Layer.merge(layerFastest, Datasets.layer).pipe(
  Layer.provideMerge(NodeServices.layer),
)

program.pipe(Effect.provide(layers), NodeRuntime.runMain)
