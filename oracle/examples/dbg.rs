//! d
use rpnfst_oracle::cases::*;
use rpnfst_oracle::*;
fn main() {
    let l = Librmn::load().unwrap().unwrap();
    let s: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let c = Case::generate(s, &Profile::default());
    println!("{}", c.describe());
    let p = std::env::temp_dir().join("dbg.std");
    let mut f = l.create(&p, Container::Random).unwrap();
    println!("{:?}", f.write(&c.spec, &c.data));
    drop(f);
    let f = l.open(&p).unwrap();
    let e = f.list().unwrap();
    println!("{:?}", e[0]);
    let a = f.read_natural(&e[0], Missing::Off).unwrap().unwrap();
    let b = f.read_natural(&e[0], Missing::Flags).unwrap().unwrap();
    let sh = |d: &Data| format!("{d:?}").chars().take(300).collect::<String>();
    println!("w {}\noff {}\non {}", sh(&c.data), sh(&a), sh(&b));
    if let (Data::F32(w), Data::F32(a), Data::F32(b)) = (&c.data, &a, &b) {
        println!(
            "max {:?} {:?}",
            w.iter().cloned().fold(f32::MIN, f32::max),
            a.iter().cloned().fold(f32::MIN, f32::max)
        );
        println!("n flag {} {}", w.iter().filter(|x| **x < -9e37).count(), b.iter().filter(|x| **x < -9e37).count());
    }
}
