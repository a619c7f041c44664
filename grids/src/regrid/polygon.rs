//! Areas of spherical polygons and of what two of them share.
//!
//! All is computed in the gnomonic plane that touches the sphere within the first polygon: arcs of great circles are straight there.
//! Coordinates are differences from the point of contact, so that small cells keep their digits.

/// A position as a unit vector.
pub(crate) type Unit = [f64; 3];
/// A cell, or a part of one: counter-clockwise, seen from outside. Corners may coincide: a triangle repeats one.
pub(crate) type Quad = [Unit; 4];

/// Vertices that four corners may become when four lines cut them.
const MOST: usize = 12;
/// Beyond this sine of the distance from its middle a polygon is cut in four first.
const WIDEST: f64 = 0.7;

pub(crate) fn dot(a: Unit, b: Unit) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn minus(a: Unit, b: Unit) -> Unit {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: Unit, b: Unit) -> Unit {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The direction of the sum; NaN if it has none.
pub(crate) fn middle(points: &[Unit]) -> Unit {
    let mut sum = [0.0; 3];
    for p in points {
        for (s, v) in sum.iter_mut().zip(p) {
            *s += v;
        }
    }
    let length = dot(sum, sum).sqrt();
    sum.map(|v| v / length)
}

/// A plane that touches the sphere.
#[derive(Clone, Copy)]
struct Frame {
    contact: Unit,
    u: Unit,
    v: Unit,
}

impl Frame {
    fn new(contact: Unit) -> Self {
        // The coordinate axis that is farthest from the contact.
        let [x, y, z] = contact.map(f64::abs);
        let axis = if x <= y && x <= z {
            [1.0, 0.0, 0.0]
        } else if y <= z {
            [0.0, 1.0, 0.0]
        } else {
            [0.0, 0.0, 1.0]
        };
        let u = cross(axis, contact);
        let length = dot(u, u).sqrt();
        let u = u.map(|v| v / length);
        Self { contact, u, v: cross(contact, u) }
    }

    /// Homogeneous coordinates in the plane: (u, v, w) is the point (u/w, v/w).
    #[inline]
    fn project(&self, p: Unit) -> Unit {
        let d = minus(p, self.contact);
        [dot(d, self.u), dot(d, self.v), dot(p, self.contact)]
    }
}

/// A line through two vertices: positive to the left.
#[derive(Clone, Copy, Default)]
struct Line {
    start: [f64; 2],
    along: [f64; 2],
}

impl Line {
    #[inline]
    fn side(&self, p: Unit) -> f64 {
        self.along[0] * (p[1] - self.start[1] * p[2]) - self.along[1] * (p[0] - self.start[0] * p[2])
    }
}

/// Twice the area of a plane triangle, positive if counter-clockwise.
#[inline]
fn twice(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// `atan`, faster for the small arguments that cells have.
#[inline]
fn atan(t: f64) -> f64 {
    let s = t * t;
    if s < 1e-4 { t * (1.0 - s * (1.0 / 3.0 - s * (0.2 - s * (1.0 / 7.0 - s / 9.0)))) } else { t.atan() }
}

/// The area on the unit sphere of a polygon of the gnomonic plane, in steradians; negative if clockwise.
///
/// Sum over triangles of the spherical excess E: tan(E/2) = det(a, b, c) / (|a||b||c| + (a.b)|c| + (b.c)|a| + (c.a)|b|), the formula of
/// van Oosterom and Strackee.
fn plane_area(points: &[[f64; 2]]) -> f64 {
    let Some((&a, rest)) = points.split_first() else { return 0.0 };
    let length = |p: [f64; 2]| (1.0 + p[0] * p[0] + p[1] * p[1]).sqrt();
    let inner = |p: [f64; 2], q: [f64; 2]| 1.0 + p[0] * q[0] + p[1] * q[1];
    let la = length(a);
    let mut sum = 0.0;
    let mut previous: Option<([f64; 2], f64, f64)> = None;
    for &c in rest {
        let (lc, ac) = (length(c), inner(a, c));
        if let Some((b, lb, ab)) = previous {
            let below = la * lb * lc + ab * lc + inner(b, c) * la + ac * lb;
            sum += 2.0 * atan(twice(a, b, c) / below);
        }
        previous = Some((c, lc, ac));
    }
    sum
}

/// Corners without repeated ones, at most four.
#[derive(Clone, Copy)]
struct Ring<T> {
    points: [T; 4],
    len: usize,
}

impl<T: Copy + Default + PartialEq> Ring<T> {
    fn new(corners: &[T]) -> Self {
        let mut ring = Self { points: [T::default(); 4], len: 0 };
        for (k, p) in corners.iter().enumerate() {
            let before = if k == 0 { corners.last() } else { corners.get(k - 1) };
            if before != Some(p)
                && let Some(place) = ring.points.get_mut(ring.len)
            {
                *place = *p;
                ring.len += 1;
            }
        }
        ring
    }

    fn points(&self) -> &[T] {
        self.points.get(..self.len).unwrap_or_default()
    }
}

/// A convex polygon that others are compared with.
#[derive(Clone, Copy)]
struct Convex {
    frame: Frame,
    lines: [Line; 4],
    len: usize,
    area: f64,
}

/// A cell, prepared to be compared with others: convex parts that are each far smaller than a hemisphere.
pub(crate) struct Window {
    parts: Vec<Convex>,
    /// Its area in steradians.
    pub(crate) area: f64,
}

impl Window {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::with_capacity(1), area: 0.0 }
    }

    /// Takes the cell with these corners. A cell without area, or with a corner that is not finite, shares nothing.
    pub(crate) fn set(&mut self, pieces: &[Quad]) {
        self.parts.clear();
        for piece in pieces {
            self.add(piece, 0);
        }
        self.area = self.parts.iter().map(|p| p.area).sum();
    }

    fn add(&mut self, corners: &[Unit], depth: usize) {
        let ring = Ring::new(corners);
        let points = ring.points();
        let contact = middle(points);
        if points.len() < 3 || contact.iter().any(|v| v.is_nan()) {
            return;
        }
        let closeness = points.iter().map(|&p| dot(p, contact)).fold(1.0, f64::min);
        if closeness < WIDEST && depth < 3 {
            // Arcs are halved where their neighbours halve them: no gap opens.
            for k in 0..points.len() {
                let at = |m: usize| points.get(m % points.len()).copied().unwrap_or_default();
                let (before, here, after) = (at(k + points.len() - 1), at(k), at(k + 1));
                self.add(&[here, middle(&[here, after]), contact, middle(&[before, here])], depth + 1);
            }
            return;
        }
        if closeness < 0.05 {
            return;
        }
        let frame = Frame::new(contact);
        let mut plane = [[0.0; 2]; 4];
        for (place, &p) in plane.iter_mut().zip(points) {
            let [u, v, w] = frame.project(p);
            *place = [u / w, v / w];
        }
        let plane = plane.get_mut(..points.len()).unwrap_or_default();
        let area = plane_area(plane);
        if area < 0.0 {
            plane.reverse();
        }
        if let &[a, b, c, d] = &*plane {
            // A dent, at b or d or else at a or c: the cell is two triangles.
            let sides = [twice(a, b, c), twice(b, c, d), twice(c, d, a), twice(d, a, b)];
            let dent = sides.iter().position(|&s| s < -1e-12 * area.abs());
            if let Some(k) = dent {
                let halves = if k % 2 == 0 { [[b, c, d], [b, d, a]] } else { [[a, b, c], [a, c, d]] };
                for half in halves {
                    self.push(frame, &half, plane_area(&half));
                }
                return;
            }
        }
        self.push(frame, plane, area.abs());
    }

    fn push(&mut self, frame: Frame, plane: &[[f64; 2]], area: f64) {
        let mut lines = [Line::default(); 4];
        let following = plane.iter().cycle().skip(1);
        for ((line, &a), &b) in lines.iter_mut().zip(plane).zip(following) {
            *line = Line { start: a, along: [b[0] - a[0], b[1] - a[1]] };
        }
        if area > 0.0 {
            self.parts.push(Convex { frame, lines, len: plane.len(), area });
        }
    }

    /// The area in steradians that the cell shares with another.
    pub(crate) fn shared(&self, other: &Quad) -> f64 {
        self.parts.iter().map(|part| part.shared(other.map(|p| part.frame.project(p)))).sum()
    }

    /// How many parts the cell has, and the projection to part `k`.
    pub(crate) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Corners of others in the plane of part `k`, for [`shared_projected`](Self::shared_projected).
    pub(crate) fn project(&self, k: usize, points: impl Iterator<Item = Unit>, out: &mut Vec<Unit>) {
        out.clear();
        if let Some(part) = self.parts.get(k) {
            out.extend(points.map(|p| part.frame.project(p)));
        }
    }

    /// The area that part `k` shares with a cell whose corners are projected to its plane.
    #[inline]
    pub(crate) fn shared_projected(&self, k: usize, other: Quad) -> f64 {
        self.parts.get(k).map_or(0.0, |part| part.shared(other))
    }
}

impl Convex {
    /// Sutherland and Hodgman: the other polygon loses what is to the right of each side.
    fn shared(&self, other: Quad) -> f64 {
        if other.iter().all(|p| p[2] <= 0.0) {
            return 0.0;
        }
        // Most cells that are looked at are outside one side, or are cut by one or two.
        let lines = self.lines.get(..self.len).unwrap_or_default();
        let mut cuts = [false; 4];
        for (line, cut) in lines.iter().zip(&mut cuts) {
            let sides = other.map(|p| line.side(p));
            if sides.iter().all(|&s| s <= 0.0) {
                return 0.0;
            }
            *cut = !sides.iter().all(|&s| s >= 0.0);
        }
        let mut from = Few::of(&other);
        let mut to = Few::of(&[]);
        for (line, _) in lines.iter().zip(cuts).filter(|(_, cut)| *cut) {
            to.len = 0;
            let points = from.points();
            let Some(&last) = points.last() else { return 0.0 };
            let (mut p, mut side_p) = (last, line.side(last));
            for &q in points {
                let side_q = line.side(q);
                if (side_p > 0.0 && side_q < 0.0) || (side_p < 0.0 && side_q > 0.0) {
                    // On the arc between them: a sum with positive weights.
                    let (wp, wq) = (side_q.abs(), side_p.abs());
                    to.push([p[0] * wp + q[0] * wq, p[1] * wp + q[1] * wq, p[2] * wp + q[2] * wq]);
                }
                if side_q >= 0.0 {
                    to.push(q);
                }
                (p, side_p) = (q, side_q);
            }
            core::mem::swap(&mut from, &mut to);
        }
        let points = from.points();
        if points.len() < 3 {
            return 0.0;
        }
        let mut plane = [[0.0; 2]; MOST];
        for (place, &[u, v, w]) in plane.iter_mut().zip(points) {
            let inverse = 1.0 / w;
            *place = [u * inverse, v * inverse];
        }
        let area = plane_area(plane.get(..points.len()).unwrap_or_default()).abs();
        if area.is_finite() { area } else { 0.0 }
    }
}

/// A few vertices, without allocation.
struct Few {
    points: [Unit; MOST],
    len: usize,
}

impl Few {
    fn of(points: &[Unit]) -> Self {
        let mut few = Self { points: [[0.0; 3]; MOST], len: 0 };
        for &p in points {
            few.push(p);
        }
        few
    }

    #[inline]
    fn push(&mut self, p: Unit) {
        if let Some(place) = self.points.get_mut(self.len) {
            *place = p;
            self.len += 1;
        }
    }

    #[inline]
    fn points(&self) -> &[Unit] {
        self.points.get(..self.len).unwrap_or_default()
    }
}

/// The area of a cell in steradians.
pub(crate) fn area(pieces: &[Quad]) -> f64 {
    let mut window = Window::new();
    window.set(pieces);
    window.area
}

#[cfg(test)]
mod tests;
