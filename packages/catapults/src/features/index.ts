/** Average gradient outer products (AGOP): which directions of the inputs a model looks at, and when it has stopped learning them. */
export { agop, alignment, ofProduct } from "./Agop.ts"
