//! CMC archives were not recognised.

use crate::common::{err, run};

#[test]
fn archives_are_named() {
    for file in ["cases/cmcarc/v4.ca", "cases/cmcarc/v5.ca"] {
        for command in ["ls", "check", "stat"] {
            let output = run(&[command, file]);
            assert_eq!(output.status.code(), Some(2), "{command} {file}");
            assert!(err(&output).contains("a CMC archive; extract its members first"), "{command}: {}", err(&output));
        }
    }
}
