//! Cholesky factors, and systems with triangles.
mod cholesky;
pub mod operations;
mod triangular;
