import type { Curvature } from "../../src/monitor/CurvatureGauge.ts"
import { type Observation, spikeMonitor } from "../../src/monitor/SpikeMonitor.ts"

export type Monitors = typeof spikeMonitor

/** A monitor that sees observations of which something is another. */
export const seeing =
  (change: (observation: Observation) => Partial<Observation>) =>
  (monitors: Monitors): Monitors =>
  (options) => {
    const monitor = monitors(options)
    return { ...monitor, observe: (seen) => monitor.observe({ ...seen, ...change(seen) }) }
  }

export const scaledBy = (scale: number, curvature: Curvature | undefined) =>
  curvature === undefined ? {} : { curvature: { ...curvature, scale } }
