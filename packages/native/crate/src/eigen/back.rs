//! From the eigenvectors of a tridiagonal matrix to those of the matrix that was reduced to it.
use super::lines::Room;
use crate::gemm::{Sizes, Strided, multiply};
use crate::rows;
use crate::threads::{Shared, share};
use pulp::{Arch, Simd, WithSimd};

/// Reflections that are applied at once, as I - V^T T V (Schreiber and Van Loan 1989): more of them take less time in the products, and more in zeros and T.
const BLOCK: usize = 16;

/// Vectors that are turned together, on one thread.
const TOGETHER: usize = 96;

/// The columns of T of the reflections from row `from` on, one after the other, upper triangular and zero else; the rows of V, `pitch` elements each, end with zeros.
struct Factor<'a> {
    v: &'a [f64],
    pitch: usize,
    from: usize,
    tau: &'a [f64],
    t: &'a mut [f64],
}

impl WithSimd for Factor<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            v,
            pitch,
            from,
            tau,
            t,
        } = self;
        t.fill(0.0);
        for (i, scale) in tau.iter().enumerate() {
            let (done, rest) = t.split_at_mut(i * BLOCK);
            let own = &mut rest[..BLOCK];
            for (j, other) in done.chunks_exact(BLOCK).enumerate() {
                let (first, second) = (&v[j * pitch..][..from + j], &v[i * pitch..][..from + j]);
                rows::add(simd, -scale * rows::dot(simd, first, second), other, own);
            }
            own[i] = *scale;
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
    room: &mut Room<'_>,
) {
    let n = tau.len();
    if n < 2 {
        return;
    }
    let pitch = a.len() / n;
    for (k, row) in a.chunks_exact_mut(pitch).enumerate() {
        row[k..].fill(0.0);
    }
    let a = &a[..];
    let factors = room.take(blocks(n) * BLOCK * BLOCK);
    for (b, t) in factors.chunks_exact_mut(BLOCK * BLOCK).enumerate() {
        let from = 1 + b * BLOCK;
        let end = n.min(from + BLOCK);
        let (v, tau) = (&a[from * pitch..end * pitch], &tau[from..end]);
        arch.dispatch(Factor {
            v,
            pitch,
            from,
            tau,
            t,
        });
    }
    let factors = &factors[..];
    let count = z.len() / n;
    let parts = count.div_ceil(TOGETHER);
    let space = room.take(parts * 2 * TOGETHER * BLOCK);
    let given = Shared((z.as_mut_ptr(), space.as_mut_ptr()));
    share(threads, parts, &|part| {
        let (z, space) = given.get();
        let first = part * TOGETHER;
        let m = TOGETHER.min(count - first);
        for (b, t) in factors.chunks_exact(BLOCK * BLOCK).enumerate() {
            let from = 1 + b * BLOCK;
            let size = BLOCK.min(n - from);
            let width = from + size - 1;
            let v = a[from * pitch..].as_ptr();
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
                let (left, turned) = (Strided::of(z, n, false), Strided::of(v, pitch, true));
                multiply(sizes, 1.0, left, turned, 0.0, one, BLOCK);
                let sizes = Sizes {
                    m,
                    n: size,
                    k: size,
                };
                let (left, t) = (
                    Strided::of(one, BLOCK, false),
                    Strided::of(t.as_ptr(), BLOCK, true),
                );
                multiply(sizes, 1.0, left, t, 0.0, two, BLOCK);
                let sizes = Sizes {
                    m,
                    n: width,
                    k: size,
                };
                let (left, v) = (Strided::of(two, BLOCK, false), Strided::of(v, pitch, false));
                multiply(sizes, -1.0, left, v, 1.0, z, n);
            }
        }
    });
}

fn blocks(n: usize) -> usize {
    (n - 1).div_ceil(BLOCK)
}

/// Numbers that `back` takes from its room for so many vectors.
pub fn room(n: usize, count: usize) -> usize {
    let factors = if n < 2 { 0 } else { blocks(n) };
    (factors * BLOCK + count.div_ceil(TOGETHER) * 2 * TOGETHER) * BLOCK
}
