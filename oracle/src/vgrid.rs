//! Vertical coordinates, by the vertical library (vgrid) that lies beside librmn.

use std::{env, ffi::c_int, mem::ManuallyDrop, path::Path, ptr, sync::OnceLock};

use libloading::Library;

use crate::{
    error::OracleError,
    library::{Librmn, VARIABLE},
    symbols::VgridSymbols,
};

/// The library, loaded beside a librmn. Copies are free. Calls take the lock of that librmn.
#[derive(Clone, Copy)]
pub struct Vgrid {
    librmn: Librmn,
    symbols: &'static VgridSymbols,
}

/// What a coordinate is made of: what it needs, and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VgridRecipe {
    /// The number of the coordinate: 5005.
    pub vcode: i32,
    /// Its levels.
    pub levels: Vec<f32>,
    /// Pressure at the top, Pa.
    pub top: Option<f64>,
    /// Reference pressure, Pa.
    pub reference: Option<f64>,
    /// r1 to r4.
    pub coefficients: [Option<f32>; 4],
    /// Heights of the diagnostic levels of momentum, thermodynamic variables and vertical velocity, m.
    pub diagnostic: Option<[f32; 3]>,
    /// Means instead of the formula, 5100.
    pub average: bool,
}

/// A coordinate. The library keeps it in a structure of its own, of which nothing is known here.
pub struct VgridLevels {
    library: Vgrid,
    descriptor: *mut std::ffi::c_void,
}

impl Vgrid {
    /// Loads `libvgridshared*.so` from the folder of librmn. `Ok(None)` if there is none.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn load(librmn: Librmn) -> Result<Option<Self>, OracleError> {
        static LIBRARY: OnceLock<VgridSymbols> = OnceLock::new();
        let session = librmn.lock();
        if let Some(symbols) = LIBRARY.get() {
            return Ok(Some(Self { librmn, symbols }));
        }
        let path = env::var_os(VARIABLE).unwrap_or_default();
        let Some(files) = Path::new(&path).parent().and_then(|folder| folder.read_dir().ok()) else { return Ok(None) };
        let is_vgrid = |name: &str| name.starts_with("libvgridshared") && name.contains(".so");
        let mut paths = files.flatten().filter(|file| file.file_name().to_str().is_some_and(is_vgrid));
        let Some(file) = paths.next() else { return Ok(None) };
        // SAFETY: its initialisers only set up their own state, as those of librmn do.
        let library = unsafe { Library::new(file.path()) };
        let library =
            library.map_err(|source| OracleError::Library { what: file.path().display().to_string(), source })?;
        let library = ManuallyDrop::new(library);
        let symbols = VgridSymbols::resolve(&library)?;
        // Sigma levels are refused otherwise.
        // SAFETY: a NUL-terminated name and an integer; the lock is held.
        let code = unsafe { (symbols.putopt_int)(c"ALLOW_SIGMA".as_ptr(), 1) };
        drop(session);
        checked("Cvgd_putopt_int", code)?;
        Ok(Some(Self { librmn, symbols: LIBRARY.get_or_init(|| symbols) }))
    }

    /// Makes a coordinate.
    ///
    /// # Errors
    /// The library refuses.
    pub fn generate(self, recipe: &VgridRecipe) -> Result<VgridLevels, OracleError> {
        let count = c_int::try_from(recipe.levels.len()).unwrap_or(c_int::MAX);
        let mut levels = recipe.levels.clone();
        let (mut top, mut reference, mut top_out) = (recipe.top, recipe.reference, 0.0);
        let mut coefficients = recipe.coefficients;
        let mut heights = recipe.diagnostic.map_or([None; 3], |heights| heights.map(Some));
        let [r1, r2, r3, r4] = coefficients.each_mut().map(single);
        // What a coordinate does not need must not be there.
        let top_out = if (5004..=5100).contains(&recipe.vcode) { &raw mut top_out } else { ptr::null_mut() };
        let [dhm, dht, dhw] = heights.each_mut().map(single);
        let mut made = VgridLevels { library: self, descriptor: ptr::null_mut() };
        let session = self.librmn.lock();
        // SAFETY: a null descriptor asks for a new one; `count` levels are there; what is optional is null or a live number; the lock
        // is held.
        let code = unsafe {
            (self.symbols.new_gen2)(
                &raw mut made.descriptor,
                recipe.vcode / 1000,
                recipe.vcode % 1000,
                levels.as_mut_ptr(),
                count,
                r1,
                r2,
                r3,
                r4,
                double(&mut top),
                double(&mut reference),
                top_out,
                0,
                0,
                dhm,
                dht,
                if recipe.vcode == 21_002 { dhw } else { ptr::null_mut() },
                c_int::from(recipe.average),
            )
        };
        drop(session);
        checked("Cvgd_new_gen2", code)?;
        Ok(made)
    }
}

/// A method that computes levels in one precision.
macro_rules! diagnosed {
    ($(#[$doc:meta])* $name:ident, $real:ty, $symbol:ident, $function:literal) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// The library refuses.
        ///
        /// # Panics
        /// The fields differ in length.
        pub fn $name(
            &self,
            codes: &[i32],
            surface: &[$real],
            large_scale: &[$real],
            logarithm: bool,
            per_surface: bool,
        ) -> Result<Vec<$real>, OracleError> {
            assert_eq!(surface.len(), large_scale.len(), "fields of one length");
            let mut out = vec![0.0; codes.len() * surface.len()];
            let (mut codes, mut surface, mut large_scale) = (codes.to_vec(), surface.to_vec(), large_scale.to_vec());
            let [points, count] = [surface.len(), codes.len()].map(|n| c_int::try_from(n).unwrap_or(0));
            let _session = self.library.librmn.lock();
            // SAFETY: a live descriptor; arrays of the lengths that are given; the lock is held.
            let code = unsafe {
                (self.library.symbols.$symbol)(
                    self.descriptor,
                    points,
                    1,
                    count,
                    codes.as_mut_ptr(),
                    out.as_mut_ptr(),
                    surface.as_mut_ptr(),
                    large_scale.as_mut_ptr(),
                    logarithm.into(),
                    per_surface.into(),
                )
            };
            checked($function, code).map(|()| out)
        }
    };
}

impl VgridLevels {
    /// The table as it is stored, and its number of columns.
    ///
    /// # Errors
    /// The library has none.
    pub fn table(&self) -> Result<(usize, Vec<f64>), OracleError> {
        let (mut values, mut size) = (ptr::null_mut(), [0; 3]);
        let [ni, nj, nk] = &mut size;
        let _session = self.library.librmn.lock();
        // SAFETY: a live descriptor and name; the library allocates what a null pointer asks for, of the size that it tells, and leaves it
        // to the caller, who has no way to free it; the lock is held.
        let values = unsafe {
            let code =
                (self.library.symbols.get_double_3d)(self.descriptor, c"VTBL".as_ptr(), &raw mut values, ni, nj, nk, 1);
            checked("Cvgd_get_double_3d", code)?;
            let count = size.iter().map(|n| usize::try_from(*n).unwrap_or(0)).product();
            std::slice::from_raw_parts(values, count).to_vec()
        };
        Ok((usize::try_from(size[0]).unwrap_or(0), values))
    }

    /// Codes of levels: `VIPM` momentum, `VIPT` thermodynamic, `VIPW` vertical velocity.
    ///
    /// # Errors
    /// The library has none of that name.
    pub fn codes(&self, name: &str) -> Result<Vec<i32>, OracleError> {
        let name = crate::library::c_string(name)?;
        let (mut values, mut count) = (ptr::null_mut(), 0);
        let _session = self.library.librmn.lock();
        // SAFETY: as above.
        unsafe {
            let function = self.library.symbols.get_int_1d;
            let code = function(self.descriptor, name.as_ptr(), &raw mut values, &raw mut count, 1);
            checked("Cvgd_get_int_1d", code)?;
            Ok(std::slice::from_raw_parts(values, usize::try_from(count).unwrap_or(0)).to_vec())
        }
    }

    diagnosed! {
        /// Levels at points, level after level, in single precision; logarithms, or how they change with the surface.
        singles, f32, diagnose, "Cvgd_diag_withref_2ref"
    }
    diagnosed! {
        /// As [`singles`](Self::singles), in double precision.
        doubles, f64, diagnose_8, "Cvgd_diag_withref_2ref_8"
    }
}

impl Drop for VgridLevels {
    fn drop(&mut self) {
        if !self.descriptor.is_null() {
            let _session = self.library.librmn.lock();
            // SAFETY: a descriptor that the library made, and that nobody uses any more; the lock is held.
            unsafe { (self.library.symbols.free)(&raw mut self.descriptor) };
        }
    }
}

fn single(value: &mut Option<f32>) -> *mut f32 {
    value.as_mut().map_or(ptr::null_mut(), ptr::from_mut)
}

fn double(value: &mut Option<f64>) -> *mut f64 {
    value.as_mut().map_or(ptr::null_mut(), ptr::from_mut)
}

/// The library returns 0 when all is well.
fn checked(function: &'static str, code: c_int) -> Result<(), OracleError> {
    if code == 0 { Ok(()) } else { Err(OracleError::Call { function, code }) }
}
