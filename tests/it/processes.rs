//! Several processes and one file: kills in the middle of writing, locks, parallel appending.

use std::{
    collections::BTreeMap,
    env, io,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rpnfst::{Array, Attributes, Container, DataType, Error, File, Severity, WriteOptions, Writer};
use rpnfst_oracle::rng::Rng;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Set in the processes that this test program starts: what to do, and with which file.
const JOB: &str = "RPNFST_TEST_JOB";

fn start(job: &str, path: &Path) -> io::Result<Child> {
    Command::new(env::current_exe()?)
        .args(["--exact", "processes::job", "--nocapture"])
        .env(JOB, format!("{job} {}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// The child's side; nothing in an ordinary run.
#[test]
fn job() -> Outcome {
    let Ok(job) = env::var(JOB) else { return Ok(()) };
    let [kind, number, path] = job.splitn(3, ' ').collect::<Vec<_>>()[..] else { return Err("job".into()) };
    match kind {
        "xdf" => write_until_killed(Path::new(path), WriteOptions::new(), number.parse()?),
        "rsf" => write_until_killed(Path::new(path), WriteOptions::new().container(Container::Rsf), number.parse()?),
        "share" => share(Path::new(path), number.parse()?),
        "keep-on" => keep_on(Path::new(path), number.parse()?),
        "look" => look(Path::new(path)),
        _ => Err("unknown job".into()),
    }
}

fn values(ip1: u32, ip2: u32) -> Vec<f32> {
    let n = if ip1 % 50 == 49 { 5000 } else { 20 };
    (0..n).map(|k| (ip1 * 100 + ip2 * 10) as f32 + (k % 10) as f32).collect()
}

fn write(writer: &mut Writer, ip1: u32, ip2: u32) -> Outcome {
    let values = values(ip1, ip2);
    let record = Attributes::new("TT").ip1(ip1).ip2(ip2).data_type(DataType::IEEE).pack_bits(32);
    let n = values.len();
    writer.write(&record, &Array::new(values, (n, 1, 1))?)?;
    Ok(())
}

/// Appends, replaces and commits for ever, and says after each commit up to which `ip1` it is sure.
fn write_until_killed(path: &Path, options: WriteOptions, mut next: u32) -> Outcome {
    let mut writer = options.force(true).append(path)?;
    println!("\ncommitted {}", next - 1);
    loop {
        for _ in 0..20 {
            write(&mut writer, next, 0)?;
            next += 1;
        }
        let old = writer.records().nth(next as usize % 7).cloned().ok_or("a record")?;
        write(&mut writer, old.ip1(), old.ip2() + 1)?;
        writer.delete(&old)?;
        writer.commit()?;
        println!("committed {}", next - 1);
    }
}

#[test]
fn killed_hundreds_of_times() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut rng = Rng::new(5);
    for kind in ["xdf", "rsf"] {
        let mut path = PathBuf::new();
        let mut sure = 0;
        for kill in 0..150 {
            if kill % 15 == 0 {
                path = folder.path().join(format!("{kill}.{kind}"));
                sure = 0;
            }
            let mut child = start(&format!("{kind} {}", sure + 1), &path)?;
            std::thread::sleep(Duration::from_micros(rng.bits() % 15_000));
            child.kill()?;
            let output = child.wait_with_output()?;
            // The child says why it ended if it was not by our hand.
            assert!(output.status.code().is_none(), "{kind}: {}", String::from_utf8_lossy(&output.stdout));
            let told = String::from_utf8_lossy(&output.stdout);
            let last = told.lines().filter_map(|line| line.strip_prefix("committed ")).next_back();
            sure = last.map_or(Ok(sure), str::parse)?;
            if sure == 0 {
                continue; // not even created
            }
            let file = File::open(&path)?;
            let mut found = BTreeMap::new();
            for r in file.records() {
                let field = file.read(r)?;
                assert_eq!(field.as_slice(), Some(&values(r.ip1(), r.ip2())[..]), "{r:?}");
                *found.entry(r.ip1()).or_insert(0) += 1;
            }
            assert!((1..=sure).all(|ip1| found.contains_key(&ip1)), "{kind}, kill {kill}: {sure} were committed");
            let damage: Vec<_> = file.check()?.into_iter().filter(|p| p.severity == Severity::Damage).collect();
            assert!(damage.iter().all(|p| p.what.contains("the checksum is off")), "{kind}, kill {kill}: {damage:?}");
            // What was not committed and came through all the same is to stay out of the way of the next child.
            sure = found.last_key_value().map_or(sure, |(&last, _)| last);
            if kind == "rsf" {
                let mut writer = WriteOptions::new().force(true).append(&path)?;
                let last = writer.records().map(rpnfst::Record::ip1).max();
                sure = last.unwrap_or(sure).max(sure);
                writer.commit()?;
            }
        }
        println!("{kind}: up to {sure} records");
    }
    Ok(())
}

#[test]
fn one_writer_at_a_time() -> Outcome {
    let folder = tempfile::tempdir()?;
    for container in [Container::Xdf, Container::XdfSequential] {
        let path = folder.path().join(container.name());
        let options = WriteOptions::new().container(container);
        let mut first = options.create(&path)?;
        assert!(matches!(options.append(&path), Err(Error::Locked { .. })));
        for other in [container, Container::Rsf] {
            let overwrite = WriteOptions::new().container(other).overwrite(true);
            assert!(matches!(overwrite.create(&path), Err(Error::Locked { .. })));
        }
        write(&mut first, 1, 0)?;
        first.close()?;
        assert!(matches!(options.create(&path), Err(Error::Exists { .. })));
        options.append(&path)?.close()?;
        assert_eq!(File::open(&path)?.records().len(), 1);
    }
    let path = folder.path().join("rsf");
    let options = WriteOptions::new().container(Container::Rsf);
    let shared = options.clone().shared(1 << 20);
    let first = options.create(&path)?;
    assert!(matches!(options.append(&path), Err(Error::InUse { flag: 0xFFFF, .. })));
    assert!(matches!(shared.append(&path), Err(Error::InUse { flag: 0xFFFF, .. })));
    first.close()?;
    let first = shared.append(&path)?;
    assert!(matches!(options.append(&path), Err(Error::InUse { flag: 1, .. })));
    let second = shared.append(&path)?;
    first.close()?;
    assert!(matches!(options.append(&path), Err(Error::InUse { flag: 1, .. })));
    second.close()?;
    options.append(&path)?.close()?;
    assert_eq!(File::open(&path)?.problems().count(), 0);
    Ok(())
}

/// Records that each sharing process appends, and the points of the long ones: more than a segment.
const SHARED: u32 = 400;
const LONG: usize = 700_000;

/// One of several processes that append to the same file.
fn share(path: &Path, number: u32) -> Outcome {
    let mut writer = WriteOptions::new().container(Container::Rsf).shared(1 << 20).append(path)?;
    for k in 0..SHARED {
        let ip1 = number * 10_000 + k;
        if k % 100 == 50 {
            let record = Attributes::new("LONG").ip1(ip1).data_type(DataType::IEEE).pack_bits(32);
            writer.write(&record, &Array::new(vec![ip1 as f32; LONG], (LONG, 1, 1))?)?;
        } else {
            write(&mut writer, ip1, 0)?;
        }
        if k % 97 == 13 {
            writer.commit()?;
        }
    }
    writer.close()?;
    Ok(())
}

#[test]
fn many_processes_append_at_once() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shared.rsf");
    let children = (0..5).map(|number| start(&format!("share {number}"), &path)).collect::<io::Result<Vec<_>>>()?;
    for child in children {
        let output = child.wait_with_output()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let file = File::open(&path)?;
    assert_eq!(file.check()?, []);
    let mut found = BTreeMap::new();
    for r in file.records() {
        let field = file.read(r)?;
        let expected = if r.nomvar() == "LONG" { vec![r.ip1() as f32; LONG] } else { values(r.ip1(), 0) };
        assert_eq!(field.as_slice(), Some(&expected[..]), "{r:?}");
        *found.entry(r.ip1()).or_insert(0) += 1;
    }
    assert_eq!(found.len(), 5 * SHARED as usize);
    assert!(found.values().all(|&times| times == 1));
    Ok(())
}

/// One of several is killed: the others go on, and a later writer takes in what the dead one had written.
#[test]
fn one_of_several_processes_dies() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut rng = Rng::new(11);
    for round in 0..8 {
        let path = folder.path().join(format!("{round}.rsf"));
        let mut children =
            (0..3).map(|number| start(&format!("share {number}"), &path)).collect::<io::Result<Vec<_>>>()?;
        std::thread::sleep(Duration::from_micros(rng.bits() % 250_000));
        children[0].kill()?;
        children.remove(0).wait()?;
        let mut refused = false;
        for child in children {
            let output = child.wait_with_output()?;
            let told = String::from_utf8_lossy(&output.stdout);
            // A death in the very instant of taking a segment keeps others from taking one behind it.
            refused |= told.contains("a writer died");
            assert!(output.status.success() || refused, "{told}");
        }
        let mut writer = WriteOptions::new().force(true).append(&path)?;
        write(&mut writer, 99_999, 0)?;
        writer.close()?;
        let file = File::open(&path)?;
        assert_eq!(file.check()?, [], "round {round}");
        let mut found = BTreeMap::new();
        for r in file.records() {
            let field = file.read(r)?;
            let expected = if r.nomvar() == "LONG" { vec![r.ip1() as f32; LONG] } else { values(r.ip1(), 0) };
            assert_eq!(field.as_slice(), Some(&expected[..]), "{r:?}");
            *found.entry(r.ip1() / 10_000).or_insert(0) += 1;
        }
        assert!(refused || (found.get(&1), found.get(&2)) == (Some(&SHARED), Some(&SHARED)), "{found:?}");
        println!("round {round}: {:?} of the dead one", found.get(&0));
    }
    Ok(())
}

/// Writers of one file, how often each commits, and how often a file that grows is read at least.
const WRITERS: u32 = 3;
const COMMITS: u32 = 24;
const LOOKS: u32 = 500;

/// Where a writer says how many of its records are committed, and where readers are told to stop.
fn counter(path: &Path, number: u32) -> PathBuf {
    path.with_extension(format!("{number}.count"))
}

fn stop_sign(path: &Path) -> PathBuf {
    path.with_extension("stop")
}

/// Appends and commits, in several sessions.
fn keep_on(path: &Path, number: u32) -> Outcome {
    let options = match path.extension().and_then(|extension| extension.to_str()) {
        Some("rsf") => WriteOptions::new().container(Container::Rsf).shared(1 << 20),
        // Between the entries of a page and its checksum the medium is waited for.
        _ => WriteOptions::new().sync(true),
    };
    let mut written = 0;
    for session in 0..3 {
        let mut writer = options.append(path)?;
        for _ in 0..COMMITS / 3 {
            for _ in 0..3 {
                write(&mut writer, number * 100_000 + written, session)?;
                written += 1;
            }
            writer.commit()?;
            std::fs::write(counter(path, number), written.to_string())?;
            if writer.container() == Container::Xdf {
                let old = writer.records().next().cloned().ok_or("a record")?;
                writer.edit(&old, &Attributes::from(&old).npas(written))?;
                write(&mut writer, 9_900_000, 0)?;
                writer.commit()?;
                let extra = writer.records().last().cloned().ok_or("a record")?;
                writer.delete(&extra)?;
                writer.commit()?;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        writer.close()?;
    }
    Ok(())
}

/// Reads a file that grows: nothing of it is damaged, and all that was committed before is there.
fn look(path: &Path) -> Outcome {
    let mut looks = 0;
    while !stop_sign(path).exists() {
        let committed: Vec<u32> = (0..WRITERS)
            .map(|number| std::fs::read_to_string(counter(path, number)).ok().and_then(|n| n.parse().ok()).unwrap_or(0))
            .collect();
        let file = match File::open(path) {
            Err(Error::NotFst { .. } | Error::Damaged { .. } | Error::Io { .. })
                if committed.iter().all(|&n| n == 0) =>
            {
                continue; // about to be born
            }
            opened => opened?,
        };
        let mut problems: Vec<_> = file.problems().map(|(_, problem)| problem.clone()).collect();
        problems.extend(file.check()?);
        let damage: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Damage).collect();
        assert!(damage.is_empty(), "{damage:?}");
        for (number, committed) in (0..WRITERS).zip(committed) {
            let own = file.records().iter().filter(|record| record.ip1() / 100_000 == number).count();
            assert!(own >= committed as usize, "{own} of {committed} records of writer {number}");
        }
        looks += 1;
    }
    println!("\nlooked {looks}");
    Ok(())
}

/// 1,000 readings beside live writers, without a false alarm.
#[test]
fn shared_reader_beside_writers() -> Outcome {
    let folder = tempfile::tempdir()?;
    for (kind, writers) in [("rsf", WRITERS), ("std", 1)] {
        let (mut looks, mut round) = (0, 0);
        while looks < LOOKS {
            round += 1;
            let path = folder.path().join(format!("{round}.{kind}"));
            let reading = (0..2).map(|_| start("look 0", &path)).collect::<io::Result<Vec<_>>>()?;
            let writing = (0..writers)
                .map(|number| start(&format!("keep-on {number}"), &path))
                .collect::<io::Result<Vec<_>>>()?;
            let written: Vec<_> = writing.into_iter().map(Child::wait_with_output).collect();
            std::fs::write(stop_sign(&path), "")?;
            let read: Vec<_> = reading.into_iter().map(Child::wait_with_output).collect();
            for output in read.into_iter().chain(written) {
                let output = output?;
                let told = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success(), "{kind}: {told}");
                let looked = told.lines().find_map(|line| line.strip_prefix("looked "));
                looks += looked.map_or(Ok(0), str::parse::<u32>)?;
            }
            assert_eq!(File::open(&path)?.check()?, [], "{kind}");
        }
        println!("{kind}: {looks} readings in {round} rounds");
    }
    Ok(())
}
