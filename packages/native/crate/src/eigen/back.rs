//! From the eigenvectors of a tridiagonal matrix to those of the matrix that was reduced to it.
use crate::gemm::{Sizes, Strided, multiply};
use crate::rows;
use crate::threads::{Shared, share};
use pulp::{Arch, Simd, WithSimd};

/// Reflections that are applied at once, as I - V^T T V (Schreiber and Van Loan 1989).
const BLOCK: usize = 32;

/// Vectors that are turned together, on one thread.
const TOGETHER: usize = 96;

/// T of the reflections from row `from` on, upper triangular, and zero else; the rows of V, n elements each, end with zeros.
struct Factor<'a> {
    v: &'a [f64],
    n: usize,
    from: usize,
    tau: &'a [f64],
    t: &'a mut [f64],
}

impl WithSimd for Factor<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { v, n, from, tau, t } = self;
        let mut products = [0.0; BLOCK];
        for (i, scale) in tau.iter().enumerate() {
            t[i * BLOCK + i] = *scale;
            for j in 0..i {
                let (first, second) = (&v[j * n..][..from + j], &v[i * n..][..from + j]);
                products[j] = -scale * rows::dot(simd, first, second);
            }
            for j in 0..i {
                let mut sum = 0.0;
                for l in j..i {
                    sum += t[j * BLOCK + l] * products[l];
                }
                t[j * BLOCK + i] = sum;
            }
        }
    }
}

/// Turns `count` vectors, the rows of `z`: z^T = Q s for each row s, by up to `threads` threads and with the bits of one. `a` and `tau` are as the
/// reduction left them; what is not a reflection in `a` becomes zero.
pub fn back(
    arch: Arch,
    threads: usize,
    a: &mut [f64],
    tau: &[f64],
    z: &mut [f64],
    space: &mut [f64],
) {
    let n = tau.len();
    if n < 2 {
        return;
    }
    for k in 0..n {
        a[k * n + k..(k + 1) * n].fill(0.0);
    }
    let a = &a[..];
    let (factors, rest) = space.split_at_mut(blocks(n) * BLOCK * BLOCK);
    for (b, t) in factors.chunks_exact_mut(BLOCK * BLOCK).enumerate() {
        let from = 1 + b * BLOCK;
        let end = n.min(from + BLOCK);
        let (v, tau) = (&a[from * n..end * n], &tau[from..end]);
        arch.dispatch(Factor { v, n, from, tau, t });
    }
    let factors = &factors[..];
    let count = z.len() / n;
    let given = Shared((z.as_mut_ptr(), rest.as_mut_ptr()));
    share(threads, count.div_ceil(TOGETHER), &|part| {
        let (z, space) = given.get();
        let first = part * TOGETHER;
        let m = TOGETHER.min(count - first);
        for (b, t) in factors.chunks_exact(BLOCK * BLOCK).enumerate() {
            let from = 1 + b * BLOCK;
            let size = BLOCK.min(n - from);
            let width = from + size - 1;
            let v = a[from * n..].as_ptr();
            // SAFETY: each part has its own rows of z, and its own room for two products
            unsafe {
                let z = z.add(first * n);
                let one = space.add(part * 2 * TOGETHER * BLOCK);
                let two = one.add(TOGETHER * BLOCK);
                let sizes = Sizes {
                    m,
                    n: size,
                    k: width,
                };
                let (left, turned) = (Strided::of(z, n, false), Strided::of(v, n, true));
                multiply(sizes, 1.0, left, turned, 0.0, one, BLOCK);
                let sizes = Sizes {
                    m,
                    n: size,
                    k: size,
                };
                let (left, t) = (
                    Strided::of(one, BLOCK, false),
                    Strided::of(t.as_ptr(), BLOCK, false),
                );
                multiply(sizes, 1.0, left, t, 0.0, two, BLOCK);
                let sizes = Sizes {
                    m,
                    n: width,
                    k: size,
                };
                let (left, v) = (Strided::of(two, BLOCK, false), Strided::of(v, n, false));
                multiply(sizes, -1.0, left, v, 1.0, z, n);
            }
        }
    });
}

fn blocks(n: usize) -> usize {
    (n - 1).div_ceil(BLOCK)
}

/// Zeros that `back` needs for so many vectors.
pub fn room(n: usize, count: usize) -> usize {
    let factors = if n < 2 { 0 } else { blocks(n) };
    (factors * BLOCK + count.div_ceil(TOGETHER) * 2 * TOGETHER) * BLOCK
}
