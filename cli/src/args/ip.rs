//! `rpnfst ip`.

const HELP: &str = "\
A plain number is a code (ip1, ip2 or ip3), a number with a unit is a value: hPa or mb, sg, hy,
m (above sea level), 'm agl', 'm deep', K, mp, [] (index), h, arbitrary, reserved.

Columns:
  value, unit   what the code says; of a value: what its new-style code says
  kind, name    kind of level or time, librmn's number and in words
  style         old (codes up to 32767) or new
  new           the code in new style
  old           the code in old style, or why there is none that holds the value. That of hours is
                their plain number, as ip2=old of `rpnfst edit` makes it: in ip2 it means hours, but
                alone, as in `rpnfst ip 6`, a level

Exit status:
  0  all is well
  1  a code does not decode, or a value has no such code
  2  wrong usage: neither a code nor a value with a unit

Examples:
  rpnfst ip 41394464 500 93423364          what do these codes say
  rpnfst ip '500 hPa' '0.995 sg' '6 h'     the codes of values
  rpnfst ip -- '-2.5 m agl'                a value that begins with a minus
  rpnfst ls f.std -w \"ip1=$(rpnfst ip --old '850 hPa')\"
  rpnfst ip --json 12003 | jq .value";

#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Ip {
    /// Codes, such as 41394464, and values with a unit, such as '500 hPa'
    #[arg(value_name = "IP", required = true)]
    pub(crate) texts: Vec<String>,
    /// Only the codes in new style, one a line
    #[arg(long, group = "form")]
    pub(crate) new: bool,
    /// Only the codes in old style, one a line
    #[arg(long, group = "form")]
    pub(crate) old: bool,
    /// One JSON object a line
    #[arg(long, group = "form")]
    pub(crate) json: bool,
}
