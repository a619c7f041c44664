use super::*;
use core::f64::consts::PI;

fn unit(lat: f64, lon: f64) -> Unit {
    let (lat, lon) = (lat.to_radians(), lon.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

fn quad(south: f64, north: f64, west: f64, east: f64) -> Quad {
    [unit(south, west), unit(south, east), unit(north, east), unit(north, west)]
}

#[test]
fn eighth_of_the_sphere() {
    let octant = [unit(0.0, 0.0), unit(0.0, 90.0), unit(90.0, 0.0), unit(90.0, 0.0)];
    assert!((area(&[octant]) - PI / 2.0).abs() < 1e-14);
    let clockwise = [octant[0], octant[2], octant[2], octant[1]];
    assert!((area(&[clockwise]) - PI / 2.0).abs() < 1e-14);
}

#[test]
fn small_cells_keep_their_digits() {
    // Between meridians and great circles: the area of the two triangles with the pole, subtracted, has fewer digits.
    let step = 0.01;
    let cell = quad(45.0, 45.0 + step, 10.0, 10.0 + step);
    let whole = area(&[cell]);
    let m = [middle(&[cell[0], cell[1]]), middle(&[cell[3], cell[2]])];
    let halves = area(&[[cell[0], m[0], m[1], cell[3]]]) + area(&[[m[0], cell[1], cell[2], m[1]]]);
    assert!((whole / halves - 1.0).abs() < 1e-11, "{whole} {halves}");
}

#[test]
fn parts_make_the_whole() {
    let mut window = Window::new();
    for target in [quad(-3.0, 4.0, -5.0, 6.5), quad(60.0, 90.0, 20.0, 50.0), quad(-80.0, 70.0, 10.0, 90.0)] {
        window.set(&[target]);
        let mut sum = 0.0;
        for j in 0..18 {
            for i in 0..36 {
                let (south, west) = (f64::from(j) * 10.0 - 90.0, f64::from(i) * 10.0);
                sum += window.shared(&quad(south, south + 10.0, west, west + 10.0));
            }
        }
        assert!((sum / window.area - 1.0).abs() < 1e-13, "{sum} {}", window.area);
    }
}

#[test]
fn dented_cells() {
    let dented = [unit(0.0, 0.0), unit(1.0, 1.0), unit(0.0, 2.0), unit(3.0, 1.0)];
    let mut window = Window::new();
    window.set(&[dented]);
    let whole = quad(-5.0, 5.0, -5.0, 5.0);
    assert!((window.shared(&whole) - window.area).abs() < 1e-15);
    let mut other = Window::new();
    other.set(&[whole]);
    assert!((other.shared(&dented) - window.area).abs() < 1e-15);
}

#[test]
fn what_has_no_area_shares_nothing() {
    let mut window = Window::new();
    window.set(&[[[f64::NAN; 3]; 4]]);
    assert_eq!(window.shared(&quad(0.0, 1.0, 0.0, 1.0)), 0.0);
    window.set(&[[unit(0.0, 0.0); 4]]);
    assert_eq!(window.shared(&quad(0.0, 1.0, 0.0, 1.0)), 0.0);
    window.set(&[quad(0.0, 1.0, 0.0, 1.0)]);
    assert_eq!(window.shared(&[[f64::NAN; 3]; 4]), 0.0);
    assert_eq!(window.shared(&quad(0.0, 1.0, 180.0, 181.0)), 0.0);
}
