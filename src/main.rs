//! `voxanne`: one binary for the server, the workers, migrations and everything around them.

use std::process::ExitCode;

use clap::Parser;

/// A call is mostly small strings made and dropped: about a tenth of the server's time was spent in the allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    voxanne::cli::main(voxanne::cli::Cli::parse())
}
