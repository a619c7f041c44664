//! The functions of librmn that the oracle calls: names and prototypes.
//!
//! Prototypes are facts taken from the documentation of the C interface. Fortran functions end with an underscore, take
//! pointers, and receive the lengths of their character arguments at the end.

use std::ffi::{c_char, c_float, c_int, c_void};

use libloading::Library;

use crate::error::OracleError;

/// Pointer to an integer in/out argument.
pub(crate) type Int = *mut c_int;
/// Pointer to a single-precision in/out argument.
pub(crate) type Float = *mut c_float;
/// Pointer to a double-precision in/out argument.
pub(crate) type Double = *mut f64;
/// NUL-terminated input string, or character buffer to be filled.
pub(crate) type Chars = *mut c_char;
/// NUL-terminated input string.
pub(crate) type Text = *const c_char;

/// Two values of one kind, the structure of `EncodeIp` and `DecodeIp`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FloatIp {
    /// First value.
    pub lo: f32,
    /// Second value.
    pub hi: f32,
    /// Kind of both.
    pub kind: c_int,
}

macro_rules! symbols {
    ($symbols:ident, $($field:ident = $name:literal: fn($($argument:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        /// Addresses of functions. All of them share global state: call them under the lock only.
        #[derive(Clone, Copy)]
        pub(crate) struct $symbols {
            $(pub(crate) $field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl $symbols {
            /// Looks every function up.
            pub(crate) fn resolve(library: &Library) -> Result<Self, OracleError> {
                Ok(Self { $($field: {
                    // SAFETY: the type written beside the name is the prototype of that function; the address stays
                    // valid because the caller never unloads the library.
                    let found = unsafe {
                        library.get::<unsafe extern "C" fn($($argument),*) $(-> $result)?>($name)
                    };
                    *found.map_err(|source| OracleError::Library { what: $name.to_owned(), source })?
                },)* })
            }
        }
    };
}

symbols! {
    Symbols,
    // Files.
    fnom = "c_fnom": fn(Int, Text, Text, c_int) -> c_int;
    fclos = "c_fclos": fn(c_int) -> c_int;
    fstouv = "c_fstouv": fn(c_int, Text) -> c_int;
    fstfrm = "c_fstfrm": fn(c_int) -> c_int;
    fstckp = "c_fstckp": fn(c_int) -> c_int;
    fstapp = "c_fstapp": fn(c_int, Text) -> c_int;
    fstweo = "c_fstweo": fn(c_int, c_int) -> c_int;
    fstrwd = "c_fstrwd": fn(c_int) -> c_int;
    fstnbr = "c_fstnbr": fn(c_int) -> c_int;
    fstnbrv = "c_fstnbrv": fn(c_int) -> c_int;
    fstlnk = "fstlnk_": fn(Int, Int) -> c_int;
    fstunl = "fstunl_": fn() -> c_int;
    fstvoi = "c_fstvoi": fn(c_int, Text) -> c_int;
    // Modes.
    fst_version = "c_fst_version": fn() -> c_int;
    fstopc = "c_fstopc": fn(Text, Text, c_int) -> c_int;
    fst_data_length = "c_fst_data_length": fn(c_int) -> c_int;
    setlevel = "c_armn_compress_setlevel": fn(c_int);
    set_missing_value_flags = "set_missing_value_flags": fn(
        Float, Int, *mut u32, Double, *mut i16, *mut u16, *mut i8, *mut u8) -> c_int;
    force_missing_value_used = "ForceMissingValueUsage": fn(c_int) -> c_int;
    // Records.
    fstecr = "c_fstecr": fn(
        *mut c_void, *mut c_void, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int,
        Text, Text, Text, Text, c_int, c_int, c_int, c_int, c_int, c_int) -> c_int;
    fstluk = "c_fstluk": fn(*mut c_void, c_int, Int, Int, Int) -> c_int;
    fsteff = "c_fsteff": fn(c_int) -> c_int;
    fst_edit_dir_plus = "c_fst_edit_dir_plus": fn(
        c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_int,
        Text, Text, Text, Text, c_int, c_int, c_int, c_int, c_int) -> c_int;
    fstprm = "c_fstprm": fn(
        c_int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Chars, Chars, Chars, Chars,
        Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int) -> c_int;
    // Searches.
    fstinf = "c_fstinf": fn(c_int, Int, Int, Int, c_int, Text, c_int, c_int, c_int, Text, Text) -> c_int;
    fstsui = "c_fstsui": fn(c_int, Int, Int, Int) -> c_int;
    fstinl = "c_fstinl": fn(
        c_int, Int, Int, Int, c_int, Text, c_int, c_int, c_int, Text, Text, Int, Int, c_int) -> c_int;
    ip1_all = "c_ip1_all": fn(c_float, c_int) -> c_int;
    // Dates.
    newdate = "newdate_": fn(Int, Int, Int, Int) -> c_int;
    incdatr = "incdatr_": fn(Int, Int, Double);
    incdati = "incdati_": fn(Int, Int, Double);
    difdatr = "difdatr_": fn(Int, Int, Double);
    difdati = "difdati_": fn(Int, Int, Double);
    newdate_options = "newdate_options_": fn(Chars, Chars, usize, usize);
    // Levels.
    convip_plus = "convip_plus_": fn(Int, Float, Int, Int, Chars, Int, usize);
    convert_ip_to_pk = "ConvertIPtoPK": fn(Float, Int, Float, Int, Float, Int, c_int, c_int, c_int) -> c_int;
    convert_pk_to_ip = "ConvertPKtoIP": fn(
        Int, Int, Int, c_int, c_float, c_int, c_float, c_int, c_float) -> c_int;
    encode_ip = "EncodeIp": fn(Int, Int, Int, *mut FloatIp, *mut FloatIp, *mut FloatIp) -> c_int;
    decode_ip = "DecodeIp": fn(*mut FloatIp, *mut FloatIp, *mut FloatIp, c_int, c_int, c_int) -> c_int;
    // Grids.
    cxgaig = "cxgaig_": fn(Chars, Int, Int, Int, Int, Float, Float, Float, Float, usize);
    cigaxg = "cigaxg_": fn(Chars, Float, Float, Float, Float, Int, Int, Int, Int, usize);
    ezqkdef = "c_ezqkdef": fn(c_int, c_int, Text, c_int, c_int, c_int, c_int, c_int) -> c_int;
    ezgdef_fmem = "c_ezgdef_fmem": fn(
        c_int, c_int, Text, Text, c_int, c_int, c_int, c_int, Float, Float) -> c_int;
    ezgdef_supergrid = "c_ezgdef_supergrid": fn(c_int, c_int, Text, Text, c_int, c_int, Int) -> c_int;
    ezdefset = "c_ezdefset": fn(c_int, c_int) -> c_int;
    ezsetopt = "c_ezsetopt": fn(Text, Text) -> c_int;
    ezsetval2 = "c_ezsetval2": fn(Text, Float) -> c_int;
    gdll = "c_gdll": fn(c_int, Float, Float) -> c_int;
    gdllfxy = "c_gdllfxy": fn(c_int, Float, Float, Float, Float, c_int) -> c_int;
    gdxyfll = "c_gdxyfll": fn(c_int, Float, Float, Float, Float, c_int) -> c_int;
    gdwdfuv = "c_gdwdfuv": fn(c_int, Float, Float, Float, Float, Float, Float, c_int) -> c_int;
    gduvfwd = "c_gduvfwd": fn(c_int, Float, Float, Float, Float, Float, Float, c_int) -> c_int;
    gdxysval = "c_gdxysval": fn(c_int, Float, Float, Float, Float, c_int) -> c_int;
    ezsint = "c_ezsint": fn(Float, Float) -> c_int;
    ezuvint = "c_ezuvint": fn(Float, Float, Float, Float) -> c_int;
    // Codecs without a file.
    compact_integer = "compact_integer": fn(
        *mut c_void, *mut c_void, *mut c_void, c_int, c_int, c_int, c_int, c_int) -> c_int;
    compact_float = "compact_float": fn(
        *mut c_void, *mut c_void, *mut c_void, c_int, c_int, c_int, c_int, c_int, c_int, *mut c_void) -> *mut c_void;
    ieeepak = "ieeepak_": fn(Int, Int, Int, Int, Int, Int, Int);
    float_packer = "c_float_packer": fn(Float, c_int, Int, Int, c_int) -> c_int;
    float_unpacker = "c_float_unpacker": fn(Float, Int, Int, c_int, Int) -> c_int;
    armn_compress = "armn_compress": fn(*mut u8, c_int, c_int, c_int, c_int, c_int) -> c_int;
    compress32 = "c_armn_compress32": fn(*mut u8, Float, c_int, c_int, c_int, c_int) -> c_int;
    uncompress32 = "c_armn_uncompress32": fn(Float, *mut u8, c_int, c_int, c_int, c_int) -> c_int;
}

/// A descriptor of the vertical library.
pub(crate) type Descriptor = *mut c_void;

symbols! {
    VgridSymbols,
    putopt_int = "Cvgd_putopt_int": fn(Text, c_int) -> c_int;
    new_gen2 = "Cvgd_new_gen2": fn(
        *mut Descriptor, c_int, c_int, Float, c_int, Float, Float, Float, Float, Double, Double, Double, c_int, c_int,
        Float, Float, Float, c_int) -> c_int;
    free = "Cvgd_free": fn(*mut Descriptor);
    get_double_3d = "Cvgd_get_double_3d": fn(Descriptor, Text, *mut Double, Int, Int, Int, c_int) -> c_int;
    get_int_1d = "Cvgd_get_int_1d": fn(Descriptor, Text, *mut Int, Int, c_int) -> c_int;
    diagnose = "Cvgd_diag_withref_2ref": fn(
        Descriptor, c_int, c_int, c_int, Int, Float, Float, Float, c_int, c_int) -> c_int;
    diagnose_8 = "Cvgd_diag_withref_2ref_8": fn(
        Descriptor, c_int, c_int, c_int, Int, Double, Double, Double, c_int, c_int) -> c_int;
}
