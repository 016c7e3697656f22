//! The house's rules, held over the source tree: which room may do what, how a file begins and how long it may be,
//! and that pages made from code are current. What the compiler or clippy can hold, they hold; not here.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the tree has failed")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rollcall::config::{Fallback, VARIABLES};

/// The longest a file may be, in lines.
const LONGEST: usize = 400;
/// From here on a file is reported.
const LONG: usize = 300;

/// Words that may stand in some rooms only.
struct Rule {
    /// Why.
    why: &'static str,
    /// The words.
    words: &'static [&'static str],
    /// Where the rule holds: beginnings of paths.
    within: &'static [&'static str],
    /// Where it does not: beginnings of paths.
    except: &'static [&'static str],
    /// Whether tests are held to it as well.
    tests: Tests,
}

#[derive(PartialEq)]
enum Tests {
    Held,
    Free,
}

const EVERYWHERE: &[&str] = &["src/", "commands/src/", "telephony/src/", "sandbox/src/"];
const PRODUCT: &[&str] = &["src/", "commands/src/", "telephony/src/"];

const RULES: &[Rule] = &[
    Rule {
        why: "policy, directory and ledger know neither desk nor discord",
        words: &["crate::desk", "crate::discord", "super::desk", "super::discord"],
        within: &["src/policy/", "src/directory/", "src/ledger/", "src/config/"],
        except: &[],
        tests: Tests::Held,
    },
    Rule {
        why: "the desk does not know the door",
        words: &["crate::discord", "super::discord"],
        within: &["src/desk/"],
        except: &[],
        tests: Tests::Held,
    },
    Rule {
        why: "only src/ledger/ writes SQL",
        words: &["sqlx", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "SELECT "],
        within: PRODUCT,
        // The log names the crates that it holds at warnings.
        except: &["src/ledger/", "src/cli/logs.rs"],
        tests: Tests::Free,
    },
    Rule {
        why: "only src/config/ reads the environment",
        words: &["env::var", "env::set_var", "env::remove_var", "dotenvy"],
        within: PRODUCT,
        except: &["src/config/"],
        tests: Tests::Free,
    },
    Rule {
        why: "only telephony/ and src/discord/rest use reqwest",
        words: &["reqwest"],
        within: PRODUCT,
        except: &["telephony/src/", "src/discord/rest", "src/cli/logs.rs"],
        tests: Tests::Free,
    },
    Rule {
        why: "only src/clock.rs tells the time",
        words: &["SystemTime"],
        within: PRODUCT,
        except: &["src/clock.rs"],
        tests: Tests::Free,
    },
    Rule {
        why: "only the desk authorises a write, after its intent is on disk",
        words: &["by_the_desk"],
        within: EVERYWHERE,
        except: &["src/desk/", "telephony/src/port.rs"],
        tests: Tests::Free,
    },
    Rule {
        why: "telephony is the vocabulary: it knows nothing of Discord, commands or the bot",
        words: &["serenity", "rollcall_commands", "rollcall::"],
        within: &["telephony/src/"],
        except: &[],
        tests: Tests::Held,
    },
    Rule {
        why: "commands are values: no client, no I/O, no bot",
        words: &["tokio", "serenity::http", "serenity::client", "std::fs", "rollcall::"],
        within: &["commands/src/"],
        except: &[],
        tests: Tests::Free,
    },
    Rule {
        why: "the sandbox is another world: it knows neither commands nor the client's library",
        words: &["rollcall_commands", "serenity::", "rollcall::"],
        within: &["sandbox/src/"],
        except: &[],
        tests: Tests::Held,
    },
    Rule {
        why: "nothing unfinished and nothing for debugging",
        words: &["todo!(", "dbg!(", "unimplemented!("],
        within: &["src/", "commands/", "telephony/", "sandbox/", "tests/", "benches/"],
        except: &["tests/tidy.rs"],
        tests: Tests::Held,
    },
    Rule {
        why: "a test that is not run is no test",
        words: &["#[ignore"],
        within: &["src/", "commands/", "telephony/", "sandbox/", "tests/", "benches/"],
        except: &["tests/tidy.rs"],
        tests: Tests::Held,
    },
    Rule {
        why: "an error is handled or passed on",
        words: &[".unwrap()"],
        within: EVERYWHERE,
        except: &[],
        tests: Tests::Free,
    },
];

struct Source {
    /// Its path from the root, with slashes.
    path: String,
    text: String,
}

impl Source {
    /// Whether it holds nothing but tests.
    fn is_test(&self) -> bool {
        ["/tests.rs", "_tests.rs"].iter().any(|end| self.path.ends_with(end))
            || self.path.split('/').any(|folder| folder == "tests" || folder == "benches")
    }

    /// The lines of code with their numbers: no comments, and without the tests at the foot unless asked for.
    fn code(&self, tests: &Tests) -> impl Iterator<Item = (usize, &str)> {
        let until = match tests {
            Tests::Held => usize::MAX,
            Tests::Free if self.is_test() => 0,
            Tests::Free => {
                let lines: Vec<&str> = self.text.lines().collect();
                let foot = lines
                    .windows(2)
                    .position(|two| two[0] == "#[cfg(test)]" && two[1].starts_with("mod ") && two[1].ends_with('{'));
                foot.unwrap_or(usize::MAX)
            }
        };
        self.text
            .lines()
            .enumerate()
            .take(until)
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(index, line)| (index + 1, line))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that is or would be committed, as far as it is text.
fn files(end: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let ours = ["target", ".git", ".env", "rollcall.toml"];
            if ours.contains(&relative.as_str()) || relative.starts_with("rollcall.db") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if relative.ends_with(end)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                found.push(Source { path: relative, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn begins(path: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| path.starts_with(beginning))
}

fn none(wrong: &str) {
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_room_keeps_to_its_own() {
    let sources = files(".rs");
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "the source tree is not where it should be");
    let mut wrong = String::new();
    for rule in RULES {
        let held = sources.iter().filter(|s| begins(&s.path, rule.within) && !begins(&s.path, rule.except));
        for source in held {
            for (number, line) in source.code(&rule.tests) {
                for word in rule.words.iter().filter(|word| line.contains(**word)) {
                    writeln!(wrong, "{}:{number}: {word}: {}", source.path, rule.why).unwrap();
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_sandbox_takes_only_the_twins() {
    let mut wrong = String::new();
    for source in files(".rs").iter().filter(|source| source.path.starts_with("sandbox/src/")) {
        for (number, line) in source.code(&Tests::Held) {
            for (_, after) in line.match_indices("rollcall_telephony").map(|(at, word)| line.split_at(at + word.len()))
            {
                if !after.starts_with("::systems::") || !after.contains("twin") {
                    writeln!(wrong, "{}:{number}: the sandbox takes only systems::…::twin", source.path).unwrap();
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn twins_and_clients_never_meet() {
    let mut wrong = String::new();
    for source in files(".rs").iter().filter(|source| source.path.starts_with("telephony/src/systems/")) {
        let twin = source.path.contains("/twin/") || source.path.ends_with("/twin.rs");
        for (number, line) in source.code(&Tests::Free) {
            let imported = ["super::client", "super::wire", "super::convert", "crate::http"];
            if twin && imported.iter().any(|word| line.contains(word)) {
                writeln!(wrong, "{}:{number}: a twin that uses the client proves nothing", source.path).unwrap();
            }
            if !twin && line.contains("use ") && line.contains("twin::") {
                writeln!(wrong, "{}:{number}: a client that knows its twin proves nothing", source.path).unwrap();
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_file_says_what_lives_in_it() {
    let mut wrong = String::new();
    for source in files(".rs") {
        if !source.text.starts_with("//!") {
            writeln!(wrong, "{}: it should begin with //!", source.path).unwrap();
        }
    }
    none(&wrong);
}

#[test]
fn files_are_short() {
    let mut wrong = String::new();
    for source in files(".rs") {
        match source.text.lines().count() {
            lines if lines > LONGEST => {
                writeln!(wrong, "{}: {lines} lines, more than {LONGEST}", source.path).unwrap();
            }
            lines if lines > LONG => println!("{}: {lines} lines; think of parting it", source.path),
            _ => {}
        }
    }
    none(&wrong);
}

#[test]
fn no_rooms_file_stands_beside_its_folder() {
    let mut wrong = String::new();
    for source in files(".rs") {
        let folder: PathBuf = root().join(source.path.trim_end_matches(".rs"));
        if folder.is_dir() {
            writeln!(wrong, "{}: it belongs into its folder as mod.rs", source.path).unwrap();
        }
    }
    none(&wrong);
}

#[test]
fn no_machine_is_named() {
    let machines = ["/work/", "/root/", "/home/", "/tmp/"];
    let mut wrong = String::new();
    for source in files("").iter().filter(|source| source.path != "tests/tidy.rs") {
        for (number, line) in source.text.lines().enumerate() {
            for word in machines.iter().filter(|word| line.contains(**word)) {
                writeln!(wrong, "{}:{}: {word} is a place of one machine", source.path, number + 1).unwrap();
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_example_environment_is_current() {
    let mut page = String::from(
        "# Secrets and switches of Rollcall. Copy this file to .env and fill in your own values; never commit that one.\n\
         # The real environment wins over .env. What is commented out shows its default.\n",
    );
    for variable in VARIABLES {
        page.push('\n');
        for line in variable.about {
            writeln!(page, "# {line}").unwrap();
        }
        match variable.default {
            Fallback::Required => writeln!(page, "{}=", variable.name).unwrap(),
            Fallback::Unset => writeln!(page, "# {}=", variable.name).unwrap(),
            Fallback::Value(value) => writeln!(page, "# {}={value}", variable.name).unwrap(),
        }
    }
    page.push_str(
        "\n# The secrets that your rollcall.toml names by env:NAME; rollcall.example.toml names these.\n\
         MEDIATEL_PASSWORD=\n# VOICENTER_CODE=\n",
    );
    assert_eq!(std::fs::read_to_string(root().join(".env.example")).unwrap(), page);
}

#[test]
fn the_page_of_commands_is_current() {
    let path = root().join("docs/COMMANDS.md");
    let made = rollcall_commands::reference();
    if option_env!("ROLLCALL_WRITE_PAGES").is_some() {
        std::fs::create_dir_all(root().join("docs")).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "docs/COMMANDS.md is not what the definitions say; write it anew with\n  \
         ROLLCALL_WRITE_PAGES=1 cargo test --test tidy"
    );
}
