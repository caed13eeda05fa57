/**
 * Average gradient outer products (AGOP): the input directions on which a model depends, and when it has stopped
 * learning them.
 */
export { agop, alignment, ofProduct } from "./Agop.ts"
