// The bundle of the engine: see Engine.ts.
import { parse, View } from "vega"
import { expressionInterpreter as interpreter } from "vega-interpreter"
import { compile } from "vega-lite"

globalThis.nonconvexEngine = { View, parse, compile, interpreter }
