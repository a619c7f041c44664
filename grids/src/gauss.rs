//! Gaussian latitudes: the roots of Legendre polynomials.

/// The latitudes of `m` Gaussian rows, in degrees from south to north.
///
/// ```
/// let latitudes = rpnfst_grids::gaussian_latitudes(8);
/// assert!((latitudes[7] - 73.799213628563).abs() < 1e-11);
/// assert_eq!(latitudes[0], -latitudes[7]);
/// ```
pub fn gaussian_latitudes(m: usize) -> Vec<f64> {
    let mut latitudes = vec![0.0; m];
    for k in 1..=m / 2 {
        let (mu, rest) = root(m, k);
        // The arcsine loses digits near the pole, the arctangent does not.
        let latitude = mu.atan2(rest).to_degrees();
        if let Some(south) = latitudes.get_mut(k - 1) {
            *south = -latitude;
        }
        if let Some(north) = latitudes.get_mut(m - k) {
            *north = latitude;
        }
    }
    latitudes
}

/// The nodes and the weights of Gauss-Legendre quadrature of order `n` on -1 to 1, the nodes ascending.
///
/// ```
/// let (nodes, weights) = rpnfst_grids::gauss_legendre(2);
/// assert!((nodes[1] - (1.0_f64 / 3.0).sqrt()).abs() < 1e-15);
/// assert!((weights[0] - 1.0).abs() < 1e-15);
/// ```
pub fn gauss_legendre(n: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut nodes, mut weights) = (vec![0.0; n], vec![0.0; n]);
    for k in 1..=n.div_ceil(2) {
        let (mu, rest) = if 2 * k > n { (0.0, 1.0) } else { root(n, k) };
        let (_, slope) = legendre(n, mu);
        let weight = 2.0 / (rest * rest * slope * slope);
        for (at, node) in [(k - 1, -mu), (n - k, mu)] {
            if let (Some(to), Some(of)) = (nodes.get_mut(at), weights.get_mut(at)) {
                (*to, *of) = (node, weight);
            }
        }
    }
    (nodes, weights)
}

/// The `k`-th root from the top of the Legendre polynomial of degree `m`, and sqrt(1 - root^2): Newton's method in the angle.
fn root(m: usize, k: usize) -> (f64, f64) {
    let order = m as f64;
    let t = (4 * k - 1) as f64 * std::f64::consts::PI / (4.0 * order + 2.0);
    let mut angle = t + 1.0 / (8.0 * order * order * t.tan());
    for _ in 0..10 {
        let (rest, mu) = angle.sin_cos();
        let (value, slope) = legendre(m, mu);
        // d P(cos a) / da = -sin a P'(cos a)
        let change = value / (rest * slope);
        angle += change;
        if change.abs() < 1e-15 {
            break;
        }
    }
    let (rest, mu) = angle.sin_cos();
    (mu, rest)
}

/// The Legendre polynomial of degree `m` at `mu` and its derivative.
fn legendre(m: usize, mu: f64) -> (f64, f64) {
    let (mut before, mut value) = (0.0, 1.0);
    for n in 1..=m {
        let n = n as f64;
        (before, value) = (value, ((2.0 * n - 1.0) * mu * value - (n - 1.0) * before) / n);
    }
    (value, m as f64 * (mu * value - before) / (mu * mu - 1.0))
}
