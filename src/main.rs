//! `voxanne`: one binary for the server, the workers, migrations and everything around them.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    voxanne::cli::main(voxanne::cli::Cli::parse())
}
