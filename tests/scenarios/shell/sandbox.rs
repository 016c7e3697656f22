//! `rollcall sandbox` in a shell: the tour to its end, and lines that are piped into the prompt.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{errors, folder, out, rollcall};

/// What the sandbox prints while these lines are typed.
fn typed(folder: &tempfile::TempDir, lines: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.arg("sandbox").env_clear().current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("rollcall starts");
    let mut stdin = running.stdin.take().expect("an input");
    stdin.write_all((lines.join("\n") + "\n").as_bytes()).expect("the lines are taken");
    drop(stdin);
    let ended = running.wait_with_output().expect("rollcall ends");
    assert_eq!(ended.status.code(), Some(0), "{}{}", out(&ended), errors(&ended));
    out(&ended)
}

fn says(all: &str, wanted: &[&str]) {
    let mut rest = all;
    for text in wanted {
        let Some(at) = rest.find(text) else { panic!("{text:?} does not follow in:\n{all}") };
        rest = &rest[at + text.len()..];
    }
}

#[test]
fn the_tour_is_played_to_its_end() {
    let folder = folder();
    let tour = rollcall(&folder, &["sandbox", "--tour"], &[]);
    let told = out(&tour);
    assert_eq!((tour.status.code(), errors(&tour).as_str()), (Some(0), ""), "{told}");
    says(
        &told,
        &[
            "▸ A new colleague gets an account like another's",
            "▸ Deleting for good takes a second person",
            "▸ Somebody who works on two phone systems",
            "Maria Silva: logged in on 2 of 2",
            "is paused (Treinamento)",
            "▸ At the end of the day",
            "Extension is already in use",
            "▸ Extensions: what there is",
            "▸ Many at once, from a file",
            "All 2 rows of lines.csv are done on mediatel",
            "▸ An extension is deleted as agents are",
            "That was the tour: everything above happened, and nothing was left unread or unanswered.",
        ],
    );
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing is left behind");
}

#[test]
fn faults_strike_each_phone_system_and_are_mended() {
    let told = typed(
        &folder(),
        &[
            "fault erix lost-answer",
            "/agent login agent:erix-br:rafael",
            "press Ask again: log in Rafael Souza",
            "fault voicenter down",
            "/agent login agent:voicenter:204518733",
            "mend",
            "/agent login agent:voicenter:204518733",
            "fault mediatel fails",
            "/agent disable agent:mediatel:20",
            "fault erix",
            "quit",
        ],
    );
    says(
        &told,
        &[
            "erix-br: Maria Silva",
            "At erix, the next request is done, and its answer is lost.",
            "Logging in Rafael Souza on erix-br — nobody can tell",
            "Rafael Souza on erix-br is logged in at 2004",
            "voicenter does not answer any more",
            "Logging in Yossi Cohen on voicenter — nobody can tell",
            "All phone systems work as they should.",
            "Yossi Cohen on voicenter is logged in",
            "At mediatel, the next change of each kind",
            "mediatel failed on its side (status 500)",
            "Which fault, and where?",
        ],
    );
}

#[test]
fn a_file_is_put_at_hand_and_attached() {
    let folder = folder();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("new lines.csv", "E_ID,E_Extension,E_Type\n,Odesa desk,5\n");
    write("wrong.csv", "E_ID,E_Extension,E_Typ\n,Odesa desk,5\n");
    let told = typed(
        &folder,
        &[
            "/extension batch file:lines.csv",
            "attach nowhere.csv",
            "attach .",
            "attach",
            "attach new lines.csv",
            "attach wrong.csv lines.csv",
            "/extension batch file:lines.csv",
            "/extension batch file:new lines.csv",
            "press Carry out 1 row on mediatel",
            "? /extension show extension:ode",
            "quit",
        ],
    );
    says(
        &told,
        &[
            "there is no file \"lines.csv\" at hand; attach one first",
            "nowhere.csv cannot be read: No such file",
            "Which file?",
            "Which file?",
            "Olha Koval has new lines.csv (38 bytes) at hand: file:new lines.csv attaches it.",
            "Olha Koval has lines.csv (37 bytes) at hand",
            "did you mean E_Type?",
            "Carry out 1 row of new_lines.csv on mediatel?",
            "added Odesa desk as 22",
            "Odesa desk · 22 · mediatel",
        ],
    );
}
