//! Systems with a row-major triangle.
use crate::gemm::{Sizes, Strided, multiply_shared};
use crate::gemv;
use crate::rows;
use pulp::{Arch, Simd, WithSimd};

/// Rows at once of one right side.
const TOGETHER: usize = 8;

/// Rows of a block of many right sides, between which there are products.
const BLOCK: usize = 32;

/// Right sides of which each is solved for by itself.
const FEW: usize = 8;

/// op(T) X = B.
#[derive(Clone, Copy)]
pub struct Triangle<'a> {
    pub is_lower: bool,
    pub transpose: bool,
    pub n: usize,
    pub t: &'a [f64],
}

impl Triangle<'_> {
    fn is_forward(&self) -> bool {
        self.is_lower != self.transpose
    }

    /// The columns of the triangle that lie beyond those of `count` rows from row i on: the first of them, and how many.
    fn beyond(&self, i: usize, count: usize) -> (usize, usize) {
        if self.is_lower {
            (0, i)
        } else {
            (i + count, self.n - i - count)
        }
    }
}

/// The place in their order of the `count` that are solved for one after the other.
#[inline(always)]
fn place(is_forward: bool, count: usize, k: usize) -> usize {
    if is_forward { k } else { count - 1 - k }
}

/// One right side.
struct One<'a> {
    triangle: Triangle<'a>,
    x: &'a mut [f64],
}

impl WithSimd for One<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let n = self.triangle.n;
        let whole = n - n % TOGETHER;
        if self.triangle.is_forward() {
            for i in (0..whole).step_by(TOGETHER) {
                self.rows::<S, TOGETHER>(simd, i);
            }
            for i in whole..n {
                self.rows::<S, 1>(simd, i);
            }
        } else {
            for i in (whole..n).rev() {
                self.rows::<S, 1>(simd, i);
            }
            for i in (0..whole).step_by(TOGETHER).rev() {
                self.rows::<S, TOGETHER>(simd, i);
            }
        }
    }
}

impl One<'_> {
    /// R rows from row i on.
    #[inline(always)]
    fn rows<S: Simd, const R: usize>(&mut self, simd: S, i: usize) {
        let Self { triangle, x } = self;
        let Triangle { n, t, .. } = *triangle;
        let (from, length) = triangle.beyond(i, R);
        let beyond = gemv::block::<f64, R>(t, n, i, from, length);
        let is_forward = triangle.is_forward();
        if triangle.transpose {
            let mut factors = [0.0; R];
            for k in 0..R {
                let r = place(is_forward, R, k);
                let row = &t[(i + r) * n + i..][..R];
                let value = x[i + r] / row[r];
                x[i + r] = value;
                factors[r] = -value;
                for later in k + 1..R {
                    let s = place(is_forward, R, later);
                    x[i + s] -= row[s] * value;
                }
            }
            let rest = &mut x[from..from + length];
            rows::combine::<f64, S, R, false>(simd, beyond, factors, rest);
        } else {
            let sums = rows::dots::<f64, S, R, false>(simd, beyond, &x[from..from + length]);
            for k in 0..R {
                let r = place(is_forward, R, k);
                let row = &t[(i + r) * n + i..][..R];
                let mut value = x[i + r] - sums[r];
                for earlier in 0..k {
                    let s = place(is_forward, R, earlier);
                    value -= row[s] * x[i + s];
                }
                x[i + r] = value / row[r];
            }
        }
    }
}

/// The rows of a block of many right sides, `columns` numbers a row.
struct Block<'a> {
    triangle: Triangle<'a>,
    from: usize,
    count: usize,
    columns: usize,
    x: &'a mut [f64],
}

impl WithSimd for Block<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            triangle,
            from,
            count,
            columns,
            x,
        } = self;
        let Triangle {
            n, t, transpose, ..
        } = triangle;
        let is_forward = triangle.is_forward();
        for k in 0..count {
            let i = from + place(is_forward, count, k);
            for earlier in 0..k {
                let j = from + place(is_forward, count, earlier);
                let entry = if transpose {
                    t[j * n + i]
                } else {
                    t[i * n + j]
                };
                let (head, tail) = x.split_at_mut(i.max(j) * columns);
                let (low, high) = (
                    &mut head[i.min(j) * columns..][..columns],
                    &mut tail[..columns],
                );
                if i < j {
                    rows::add(simd, -entry, high, low);
                } else {
                    rows::add(simd, -entry, low, high);
                }
            }
            for value in &mut x[i * columns..][..columns] {
                *value /= t[i * n + i];
            }
        }
    }
}

fn many(arch: Arch, threads: usize, triangle: Triangle, columns: usize, x: &mut [f64]) {
    let Triangle {
        n, t, transpose, ..
    } = triangle;
    let blocks = n.div_ceil(BLOCK);
    for k in 0..blocks {
        let from = place(triangle.is_forward(), blocks, k) * BLOCK;
        let count = BLOCK.min(n - from);
        let solved = if triangle.is_forward() {
            0..from
        } else {
            from + count..n
        };
        // rows of op(T) in the block, columns that are solved for
        let first = if transpose {
            solved.start * n + from
        } else {
            from * n + solved.start
        };
        let sizes = Sizes {
            m: count,
            n: columns,
            k: solved.len(),
        };
        let known = x.as_ptr().wrapping_add(solved.start * columns);
        let own = x.as_mut_ptr().wrapping_add(from * columns);
        let part = Strided::of(t.as_ptr().wrapping_add(first), n, transpose);
        // SAFETY: the rows of the block are none of those that are solved for, and all lie within x
        unsafe {
            let known = Strided::of(known, columns, false);
            multiply_shared(threads, sizes, -1.0, part, known, 1.0, own, columns);
        }
        arch.dispatch(Block {
            triangle,
            from,
            count,
            columns,
            x,
        });
    }
}

/// Solves in place of B, `columns` numbers a row. None where there is no memory for a column, with nothing changed.
pub fn solve(
    arch: Arch,
    threads: usize,
    triangle: Triangle,
    columns: usize,
    b: &mut [f64],
) -> Option<()> {
    if columns == 1 {
        arch.dispatch(One { triangle, x: b });
        return Some(());
    }
    if columns >= FEW {
        many(arch, threads, triangle, columns, b);
        return Some(());
    }
    let mut column = Vec::new();
    column.try_reserve_exact(triangle.n).ok()?;
    column.resize(triangle.n, 0.0);
    for j in 0..columns {
        for (to, row) in column.iter_mut().zip(b.chunks(columns)) {
            *to = row[j];
        }
        arch.dispatch(One {
            triangle,
            x: &mut column,
        });
        for (from, row) in column.iter().zip(b.chunks_mut(columns)) {
            row[j] = *from;
        }
    }
    Some(())
}
