(* The interpolation condition of smooth convex functions, on every real inner product space.
   A. Taylor, J. Hendrickx, F. Glineur, Smooth strongly convex interpolation and exact worst-case
   performance of first-order methods, 2017, Theorem 4 with mu = 0: that it is necessary. *)
Require Import Reals Lra.
Open Scope R_scope.

Section InnerProductSpace.
Variable E : Type.
Variable add : E -> E -> E.
Variable scale : R -> E -> E.
Variable inner : E -> E -> R.
Hypothesis inner_add : forall x y z, inner (add x y) z = inner x z + inner y z.
Hypothesis inner_scale : forall a x z, inner (scale a x) z = a * inner x z.
Hypothesis inner_comm : forall x y, inner x y = inner y x.

Definition minus (x y : E) : E := add x (scale (-1) y).

Lemma inner_minus x y z : inner (minus x y) z = inner x z - inner y z.
Proof. unfold minus. rewrite inner_add, inner_scale. ring. Qed.

Lemma inner_minus_r x y z : inner z (minus x y) = inner z x - inner z y.
Proof. rewrite inner_comm, inner_minus, (inner_comm x), (inner_comm y). ring. Qed.

(* A function with a gradient at each point: above its tangents, and below a parabola of curvature L
   that touches it. *)
Variable f : E -> R.
Variable gradient : E -> E.
Variable L : R.
Hypothesis L_positive : 0 < L.
Hypothesis convex : forall x y, f y + inner (gradient y) (minus x y) <= f x.
Hypothesis smooth : forall x y,
  f x <= f y + inner (gradient y) (minus x y) + L / 2 * inner (minus x y) (minus x y).

Theorem interpolation (x y : E) :
  f y + inner (gradient y) (minus x y)
    + 1 / (2 * L) * inner (minus (gradient x) (gradient y)) (minus (gradient x) (gradient y))
  <= f x.
Proof.
  set (d := minus (gradient x) (gradient y)).
  (* the point where the parabola at x comes closest to the tangent at y *)
  set (z := minus x (scale (1 / L) d)).
  pose proof (convex z y) as above. pose proof (smooth z x) as below.
  assert (from_y : inner (gradient y) (minus z y)
      = inner (gradient y) (minus x y) - 1 / L * inner (gradient y) d).
  { unfold z. rewrite !inner_minus_r, (inner_comm _ (scale _ _)), inner_scale, (inner_comm d). ring. }
  assert (from_x : forall u, inner u (minus z x) = - (1 / L) * inner u d).
  { intro u. unfold z.
    rewrite !inner_minus_r, (inner_comm _ (scale _ _)), inner_scale, (inner_comm d). ring. }
  assert (square : inner (minus z x) (minus z x) = 1 / L * (1 / L) * inner d d).
  { rewrite from_x, (inner_comm (minus z x)), from_x. ring. }
  assert (split : inner d d = inner (gradient x) d - inner (gradient y) d).
  { unfold d at 1. apply inner_minus. }
  rewrite from_y in above. rewrite from_x, square in below.
  replace (L / 2 * (1 / L * (1 / L) * inner d d)) with (1 / (2 * L) * inner d d) in below
    by (field; lra).
  replace (1 / L) with (2 * (1 / (2 * L))) in * by (field; lra).
  set (c := 1 / (2 * L)) in *.
  assert (scaled : c * inner d d = c * inner (gradient x) d - c * inner (gradient y) d)
    by (rewrite split; ring).
  lra.
Qed.
End InnerProductSpace.

Print Assumptions interpolation.
