//! A prompt for people who try the sandbox in a terminal: type as a lead, press buttons, read direct messages.

use rollcall_sandbox::{Person, Posted, Sandbox, Trouble};
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

/// What can be typed.
const HELP: &str = "\
  /agent search query:ko         type any command (also /whoami, /doctor)
  ? /agent clone source:ko       see what Discord would suggest
  press Create ivan.ivanov       press a button of the last message that has it
  pick iryna.koval               choose from the last menu
  mail                           read the direct messages
  log                            read the log channel
  as trainee                     be somebody else: lead, trainee, approver, keeper
  quit";

/// Somebody at the prompt.
struct Player<'a> {
    sandbox: &'a Sandbox,
    person: Person,
    /// What they looked at, newest last: buttons are looked for from there.
    seen: Vec<Posted>,
}

/// Reads lines until the end of the input or `quit`.
pub(super) async fn play(sandbox: &Sandbox) {
    say!("Type as {} (or `help`):\n", sandbox.lead().name());
    let mut player = Player { sandbox, person: sandbox.lead(), seen: Vec::new() };
    let mut lines = BufReader::new(stdin()).lines();
    loop {
        eprint!("{}> ", player.person.name());
        let Ok(Some(line)) = lines.next_line().await else { return };
        match line.trim() {
            "" => {}
            "quit" | "exit" => return,
            "help" => say!("{HELP}\n"),
            line => {
                if let Err(trouble) = player.does(line).await {
                    say!("{}\n", trouble.what());
                }
            }
        }
    }
}

impl Player<'_> {
    async fn does(&mut self, line: &str) -> Result<(), Trouble> {
        match line.split_once(' ').unwrap_or((line, "")) {
            (command, _) if command.starts_with('/') => {
                let reply = self.person.try_types(line).await?;
                self.looks_at(&reply);
            }
            ("?", command) => {
                for choice in self.person.try_completes(command).await? {
                    say!("    {}", choice.name);
                }
                say!("");
            }
            ("press", label) => {
                let has = |m: &&Posted| m.buttons().iter().any(|button| button == label);
                if let Some(message) = self.seen.iter().rev().find(has).cloned() {
                    let reply = self.person.try_presses(&message, label).await?;
                    // An act is told in the same message, once it is done.
                    self.looks_at(&reply.try_changes_until(|text| !text.contains("On it …")).await?);
                } else {
                    say!("No message you looked at has the button [{label}].\n");
                }
            }
            ("pick", label) => {
                let option = |m: &Posted| m.options().into_iter().find(|o| o.contains(label));
                if let Some((message, option)) = self.seen.iter().rev().find_map(|m| Some((m.clone(), option(m)?))) {
                    let reply = self.person.try_selects(&message, &[option.as_str()]).await?;
                    self.looks_at(&reply);
                } else {
                    say!("No menu you looked at offers “{label}”.\n");
                }
            }
            ("mail", _) => self.looks_at_all(self.person.direct_messages(), "No direct messages."),
            ("log", _) => self.looks_at_all(self.sandbox.log_channel().messages(), "Nothing happened yet."),
            ("as", who) => match who {
                "lead" => self.person = self.sandbox.lead(),
                "trainee" => self.person = self.sandbox.trainee(),
                "approver" => self.person = self.sandbox.approver(),
                "keeper" => self.person = self.sandbox.keeper(),
                _ => say!("There are lead, trainee, approver and keeper.\n"),
            },
            _ => say!("{HELP}\n"),
        }
        Ok(())
    }

    fn looks_at(&mut self, message: &Posted) {
        for line in message.seen().lines() {
            say!("    │ {line}");
        }
        say!("");
        self.seen.push(message.clone());
    }

    fn looks_at_all(&mut self, messages: Vec<Posted>, none: &str) {
        if messages.is_empty() {
            say!("    {none}\n");
        }
        for message in messages {
            self.looks_at(&message);
        }
    }
}
