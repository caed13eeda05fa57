// What needs Node.
export {}
