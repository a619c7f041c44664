//! Options of `rpnfst levels`.

use super::Files;

const LEVELS: &str = "\
Each vertical coordinate of a file is shown: that of every `!!` record, and for levels without one that
of older records (HY, PT and E1, or the pressures themselves).

Columns:
  of     m momentum, t other variables, w vertical velocity; t and w only where they differ
  ip1    the code, as records have it
  level  what the code means
  a b c  coefficients:
           p = a + b P0                     sigma, eta, hybrid (1001 to 1003, 5001, 5999)
           ln p = a + b ln(P0/pref) [+ c ln(P0LS/pref)]        5002 to 5005, 5100
           z = a + b ME [+ c MELS]                             21001, 21002
         in Pa and m; surface pressures are in hPa in files

--json prints one object a line for each coordinate: vcode, ip1_m, ip1_t, ip1_w, a_m, b_m, c_m, a_t, b_t,
c_t, a_w, b_w, c_w, ptop, pref, rcoef, rfld, rfls, dipm, dipt; what a coordinate does not have is null, and
the name of a field empty.

A `!!` that cannot be used is an error: the exit status is 1. Levels that nothing describes are told.

Examples:
  rpnfst levels model.std
  rpnfst levels --json model.std | jq .ip1_m";

/// `rpnfst levels`.
#[derive(clap::Args, Debug)]
#[command(after_help = LEVELS)]
pub(crate) struct Levels {
    #[command(flatten)]
    pub(crate) files: Files,
    /// One JSON object a line for each coordinate
    #[arg(long)]
    pub(crate) json: bool,
}
