//! Steps of Householder tridiagonalisation: an update of rank two and the product that follows it, in one pass over the lower triangle.
use crate::real::Real;
use pulp::{Simd, WithSimd};

/// A -= v w^T + w v^T and p = A u with the new A, on the leading rows of a matrix with n elements a row, as many as u has.
pub struct SymmetricStep<'a> {
    pub n: usize,
    pub a: &'a mut [f64],
    pub u: &'a [f64],
    pub v: &'a [f64],
    pub w: &'a [f64],
    pub p: &'a mut [f64],
}

impl WithSimd for SymmetricStep<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let k = self.u.len();
        self.p.fill(0.0);
        let whole = k - k % 4;
        for i in (0..whole).step_by(4) {
            self.left::<S, 4>(simd, i, i);
            self.corner(i, i + 4);
        }
        for i in whole..k {
            self.left::<S, 1>(simd, i, whole);
        }
        self.corner(whole, k);
    }
}

/// What a row brings to an update of rank two and a product: its elements of -v, -w and u, one in every lane.
#[derive(Clone, Copy)]
struct Row<S: Simd> {
    minus_v: S::f64s,
    minus_w: S::f64s,
    u: S::f64s,
}

impl<S: Simd> Row<S> {
    /// The new elements of the row at some columns; adds their products with u to `sum`, and with the row's own element to `p`.
    #[inline(always)]
    fn update(
        self,
        simd: S,
        a: S::f64s,
        [u, v, w]: [S::f64s; 3],
        sum: &mut S::f64s,
        p: &mut S::f64s,
    ) -> S::f64s {
        let a = simd.mul_add_e_f64s(self.minus_w, v, a);
        let new = simd.mul_add_e_f64s(self.minus_v, w, a);
        *sum = simd.mul_add_e_f64s(new, u, *sum);
        *p = simd.mul_add_e_f64s(new, self.u, *p);
        new
    }
}

impl SymmetricStep<'_> {
    /// R rows from row i on, and their columns before `end`.
    #[inline(always)]
    fn left<S: Simd, const R: usize>(&mut self, simd: S, i: usize, end: usize) {
        let Self { n, a, u, v, w, p } = self;
        let mut rows = [Row::<S> {
            minus_v: simd.splat_f64s(0.0),
            minus_w: simd.splat_f64s(0.0),
            u: simd.splat_f64s(0.0),
        }; R];
        for r in 0..R {
            rows[r].minus_v = simd.splat_f64s(-v[i + r]);
            rows[r].minus_w = simd.splat_f64s(-w[i + r]);
            rows[r].u = simd.splat_f64s(u[i + r]);
        }
        let mut sums = [simd.splat_f64s(0.0); R];
        let a = &mut a[i * *n..(i + R) * *n];
        let (uh, ut) = S::as_simd_f64s(&u[..end]);
        let (vh, vt) = S::as_simd_f64s(&v[..end]);
        let (wh, wt) = S::as_simd_f64s(&w[..end]);
        let (ph, pt) = S::as_mut_simd_f64s(&mut p[..end]);
        let base = a.as_mut_ptr();
        for j in 0..uh.len() {
            let vectors = [uh[j], vh[j], wh[j]];
            let mut to = ph[j];
            for r in 0..R {
                // SAFETY: row r has n >= `end` elements, so vector j of it lies within
                let at = unsafe { &mut *base.add(r * *n).cast::<S::f64s>().add(j) };
                *at = rows[r].update(simd, *at, vectors, &mut sums[r], &mut to);
            }
            ph[j] = to;
        }
        if !ut.is_empty() {
            let (mask, at) = (f64::mask(simd, ut.len()), end - ut.len());
            // SAFETY: as many elements as the mask has are left of each, from `at` on
            unsafe {
                let vectors = [
                    f64::load(simd, mask, ut.as_ptr()),
                    f64::load(simd, mask, vt.as_ptr()),
                    f64::load(simd, mask, wt.as_ptr()),
                ];
                let mut to = f64::load(simd, mask, pt.as_ptr());
                for r in 0..R {
                    let tail = base.add(r * *n + at);
                    let old = f64::load(simd, mask, tail);
                    let new = rows[r].update(simd, old, vectors, &mut sums[r], &mut to);
                    f64::store(simd, mask, tail, new);
                }
                f64::store(simd, mask, pt.as_mut_ptr(), to);
            }
        }
        for r in 0..R {
            p[i + r] += simd.reduce_sum_f64s(sums[r]);
        }
    }

    /// The lower triangle of the block of rows and columns `from` to `end` - 1.
    #[inline(always)]
    fn corner(&mut self, from: usize, end: usize) {
        let Self { n, a, u, v, w, p } = self;
        for i in from..end {
            let row = &mut a[i * *n..][..=i];
            for j in from..=i {
                row[j] -= v[i] * w[j] + w[i] * v[j];
                p[i] += row[j] * u[j];
                if j < i {
                    p[j] += row[j] * u[i];
                }
            }
        }
    }
}

/// A complex vector in two parts.
#[derive(Clone, Copy)]
pub struct Complex<'a> {
    pub re: &'a [f64],
    pub im: &'a [f64],
}

/// The step for a Hermitian matrix: A -= v w^H + w v^H and p = A u. The diagonal of `im` is not read.
pub struct HermitianStep<'a> {
    pub n: usize,
    pub re: &'a mut [f64],
    pub im: &'a mut [f64],
    pub u: Complex<'a>,
    pub v: Complex<'a>,
    pub w: Complex<'a>,
    pub p_re: &'a mut [f64],
    pub p_im: &'a mut [f64],
}

impl WithSimd for HermitianStep<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        self.p_re.fill(0.0);
        self.p_im.fill(0.0);
        for i in 0..self.u.re.len() {
            self.row(simd, i);
        }
    }
}

/// A vector of complex numbers in two parts.
type Pair<S> = (<S as Simd>::f64s, <S as Simd>::f64s);

/// What a row brings: its elements of v, w and u, one in every lane.
#[derive(Clone, Copy)]
struct ComplexRow<S: Simd> {
    v: Pair<S>,
    w: Pair<S>,
    u: Pair<S>,
}

impl<S: Simd> ComplexRow<S> {
    /// The new elements of the row at some columns; adds to the sums and to `p` as `Row` does.
    #[inline(always)]
    fn update(
        self,
        simd: S,
        a: Pair<S>,
        [u, v, w]: [Pair<S>; 3],
        sum: &mut Pair<S>,
        p: &mut Pair<S>,
    ) -> Pair<S> {
        let re = simd.negate_mul_add_e_f64s(self.w.1, v.1, a.0);
        let re = simd.negate_mul_add_e_f64s(self.w.0, v.0, re);
        let re = simd.negate_mul_add_e_f64s(self.v.1, w.1, re);
        let re = simd.negate_mul_add_e_f64s(self.v.0, w.0, re);
        let im = simd.mul_add_e_f64s(self.w.0, v.1, a.1);
        let im = simd.negate_mul_add_e_f64s(self.w.1, v.0, im);
        let im = simd.mul_add_e_f64s(self.v.0, w.1, im);
        let im = simd.negate_mul_add_e_f64s(self.v.1, w.0, im);
        sum.0 = simd.mul_add_e_f64s(re, u.0, sum.0);
        sum.0 = simd.negate_mul_add_e_f64s(im, u.1, sum.0);
        sum.1 = simd.mul_add_e_f64s(re, u.1, sum.1);
        sum.1 = simd.mul_add_e_f64s(im, u.0, sum.1);
        p.0 = simd.mul_add_e_f64s(re, self.u.0, p.0);
        p.0 = simd.mul_add_e_f64s(im, self.u.1, p.0);
        p.1 = simd.mul_add_e_f64s(re, self.u.1, p.1);
        p.1 = simd.negate_mul_add_e_f64s(im, self.u.0, p.1);
        (re, im)
    }
}

/// The elements of the mask, from `at` on.
///
/// # Safety
/// The vector has them.
#[inline(always)]
unsafe fn load<S: Simd>(
    simd: S,
    mask: <f64 as Real>::Mask<S>,
    x: &Complex<'_>,
    at: usize,
) -> Pair<S> {
    unsafe {
        (
            f64::load(simd, mask, x.re.as_ptr().add(at)),
            f64::load(simd, mask, x.im.as_ptr().add(at)),
        )
    }
}

impl HermitianStep<'_> {
    #[inline(always)]
    fn row<S: Simd>(&mut self, simd: S, i: usize) {
        let Self {
            n,
            re,
            im,
            u,
            v,
            w,
            p_re,
            p_im,
        } = self;
        let own = ComplexRow::<S> {
            v: (simd.splat_f64s(v.re[i]), simd.splat_f64s(v.im[i])),
            w: (simd.splat_f64s(w.re[i]), simd.splat_f64s(w.im[i])),
            u: (simd.splat_f64s(u.re[i]), simd.splat_f64s(u.im[i])),
        };
        let mut sums = (simd.splat_f64s(0.0), simd.splat_f64s(0.0));
        let row = i * *n;
        let whole = i - i % S::F64_LANES;
        let vectors = whole / S::F64_LANES;
        let (ur, ui) = (
            S::as_simd_f64s(&u.re[..whole]).0,
            S::as_simd_f64s(&u.im[..whole]).0,
        );
        let (vr, vi) = (
            S::as_simd_f64s(&v.re[..whole]).0,
            S::as_simd_f64s(&v.im[..whole]).0,
        );
        let (wr, wi) = (
            S::as_simd_f64s(&w.re[..whole]).0,
            S::as_simd_f64s(&w.im[..whole]).0,
        );
        let rs = S::as_mut_simd_f64s(&mut re[row..row + whole]).0;
        let is = S::as_mut_simd_f64s(&mut im[row..row + whole]).0;
        let prs = S::as_mut_simd_f64s(&mut p_re[..whole]).0;
        let pis = S::as_mut_simd_f64s(&mut p_im[..whole]).0;
        for j in 0..vectors {
            let given = [(ur[j], ui[j]), (vr[j], vi[j]), (wr[j], wi[j])];
            let mut p = (prs[j], pis[j]);
            (rs[j], is[j]) = own.update(simd, (rs[j], is[j]), given, &mut sums, &mut p);
            (prs[j], pis[j]) = p;
        }
        if whole < i {
            let mask = f64::mask(simd, i - whole);
            // SAFETY: as many elements as the mask has are left of each, from `whole` on
            unsafe {
                let given = [
                    load(simd, mask, u, whole),
                    load(simd, mask, v, whole),
                    load(simd, mask, w, whole),
                ];
                let re = re.as_mut_ptr().add(row + whole);
                let im = im.as_mut_ptr().add(row + whole);
                let p_re = p_re.as_mut_ptr().add(whole);
                let p_im = p_im.as_mut_ptr().add(whole);
                let a = (f64::load(simd, mask, re), f64::load(simd, mask, im));
                let mut p = (f64::load(simd, mask, p_re), f64::load(simd, mask, p_im));
                let new = own.update(simd, a, given, &mut sums, &mut p);
                f64::store(simd, mask, re, new.0);
                f64::store(simd, mask, im, new.1);
                f64::store(simd, mask, p_re, p.0);
                f64::store(simd, mask, p_im, p.1);
            }
        }
        let diagonal = re[row + i] - 2.0 * (v.re[i] * w.re[i] + v.im[i] * w.im[i]);
        re[row + i] = diagonal;
        p_re[i] += simd.reduce_sum_f64s(sums.0) + diagonal * u.re[i];
        p_im[i] += simd.reduce_sum_f64s(sums.1) + diagonal * u.im[i];
    }
}
