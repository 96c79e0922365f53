//! `voxanne`: one binary for the server, the workers, migrations and everything around them.

use std::process::ExitCode;

use clap::Parser;

/// A call is mostly small strings made and dropped: a profile put a fifth of the server's time into malloc, free and memmove.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    voxanne::cli::main(voxanne::cli::Cli::parse())
}
