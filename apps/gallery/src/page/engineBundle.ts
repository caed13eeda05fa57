// The bundle of the engine: see Engine.ts.
import { parse, View } from "vega"
import { compile } from "vega-lite"

globalThis.nonconvexEngine = { View, parse, compile }
