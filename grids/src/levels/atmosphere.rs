//! The standard atmosphere of 1976: approximate heights of pressures and pressures of heights.
//!
//! Seven layers, each with a temperature that is constant or changes linearly with height; between sea level and 84.852 km.
//! Below the sea the first layer goes on.

use super::{LevelError, Result};

/// Gas constant of dry air, J/(kg K), and the acceleration of gravity, m/s², as the reference library has them.
const RD: f64 = 287.05_f32 as f64;
const G: f64 = 9.80616_f32 as f64;
/// Temperature (K) and pressure (Pa) at sea level.
const SURFACE: (f64, f64) = (288.15_f32 as f64, 101_325.0);
/// Bottoms of the layers and the top of the last one (m), and the gradients of temperature (K/m).
const HEIGHTS: [f64; 8] = [0.0, 11_000.0, 20_000.0, 32_000.0, 47_000.0, 51_000.0, 71_000.0, 84_852.0];
const GRADIENTS: [f64; 7] =
    [-6.5e-3_f32 as f64, 0.0, 1e-3_f32 as f64, 2.8e-3_f32 as f64, 0.0, -2.8e-3_f32 as f64, -2e-3_f32 as f64];

/// The bottom of a layer: height (m), temperature (K), pressure (Pa), and the layer's gradient (K/m).
#[derive(Clone, Copy)]
struct Layer {
    z: f64,
    t: f64,
    p: f64,
    gradient: f64,
}

impl Layer {
    fn pressure(self, z: f64) -> f64 {
        let Self { z: z0, t, p, gradient } = self;
        if gradient == 0.0 {
            return p * (-G / (RD * t) * (z - z0)).exp();
        }
        p * (-G / (RD * gradient) * (gradient * (z - z0) / t).ln_1p()).exp()
    }

    fn height(self, p: f64) -> f64 {
        let Self { z, t, p: p0, gradient } = self;
        if gradient == 0.0 {
            return z - RD * t / G * (p / p0).ln();
        }
        z + t / gradient * (-RD * gradient / G * (p / p0).ln()).exp_m1()
    }
}

/// The layers from the ground up, each with the height of its top.
fn layers() -> impl Iterator<Item = (Layer, f64)> {
    let (mut t, mut p) = SURFACE;
    HEIGHTS.windows(2).zip(GRADIENTS).filter_map(move |(heights, gradient)| {
        let &[z, top] = heights else { return None };
        let layer = Layer { z, t, p, gradient };
        (t, p) = (t + gradient * (top - z), layer.pressure(top));
        Some((layer, top))
    })
}

/// The pressure (Pa) at a height above the sea (m). Within 5e-6 of the reference library, which computes in single
/// precision.
///
/// ```
/// use rpnfst_grids::levels::atmosphere;
/// assert!((atmosphere::pressure(5574.4)? - 50_000.0).abs() < 10.0);
/// assert!(atmosphere::pressure(90_000.0).is_err());
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
///
/// # Errors
/// [`LevelError::OutsideAtmosphere`] above 84.852 km, and for depths where the first layer has no temperature.
pub fn pressure(height: f64) -> Result<f64> {
    let found = layers().find(|(_, top)| height <= *top).map(|(layer, _)| layer.pressure(height));
    found.filter(|p| p.is_finite()).ok_or(LevelError::OutsideAtmosphere { value: height, unit: "m" })
}

/// The height above the sea (m) of a pressure (Pa), below the sea for those above 101,325 Pa. Within 0.01 m of the
/// reference library.
///
/// ```
/// use rpnfst_grids::levels::atmosphere;
/// assert_eq!(atmosphere::height(101_325.0)?, 0.0);
/// assert!(atmosphere::height(0.0).is_err());
/// # Ok::<(), rpnfst_grids::levels::LevelError>(())
/// ```
///
/// # Errors
/// [`LevelError::OutsideAtmosphere`] for pressures below that at 84.852 km (0.37 Pa).
pub fn height(pressure: f64) -> Result<f64> {
    let found = layers().find(|(layer, top)| pressure >= layer.pressure(*top)).map(|(layer, _)| layer.height(pressure));
    found.filter(|z| z.is_finite()).ok_or(LevelError::OutsideAtmosphere { value: pressure, unit: "Pa" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for z in (-1000..84_852).step_by(37).map(f64::from) {
            let back = height(pressure(z).unwrap()).unwrap();
            assert!((back - z).abs() < 1e-6, "{z} {back}");
        }
        for hostile in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300] {
            let _ = (pressure(hostile), height(hostile));
        }
    }
}
