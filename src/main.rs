//! The program `rollcall`.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

fn main() -> ExitCode {
    // Nothing asked: help is the answer.
    if std::env::args_os().len() <= 1 {
        let _ = rollcall::cli::Asked::command().print_help();
        return ExitCode::SUCCESS;
    }
    let asked = match rollcall::cli::Asked::try_parse() {
        Ok(asked) => asked,
        Err(error) => {
            // Help and version are answers, everything else is wrong usage.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    rollcall::cli::answer(asked)
}
