//! A prompt for people who try the sandbox: type as a lead, react as an approver, press buttons, read direct messages.
//! Lines can be piped in as well; then each is printed before what comes of it.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Duration;

use rollcall_sandbox::{Modal, Person, Phones, Posted, Reply, Sandbox, Trouble};
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

use super::faults;

/// What can be typed.
const HELP: &str = "What can be typed:

  /agent search query:ko         type any command (also /whoami, /doctor, /approvals list)
  ? /agent clone source:ko       see what Discord would suggest for the last option
  press Create ivan.ivanov       press a button of the last message that has it
  pick iryna.koval               choose from the last menu
  fill He is on leave            send the open form; with several fields: fill LABEL = TEXT
  approvals                      read the approvals channel
  react ✅                       react to the newest card there (❌ or anything else, too)
  unreact ✅                     take it back
  mail                           read the direct messages
  log                            read the log channel
  attach PATH [NAME]             have a file at hand, for options that take one: file:NAME
  fault erix lost-answer         have something go wrong, once: at mediatel, erix or voicenter; fails, lost-answer,
                                 slow, odd (an answer that cannot be read), or down (until it is mended)
  mend                           have all phone systems work again
  as approver                    be somebody else: lead, trainee, approver, second, keeper
  quit

  Delete somebody: `/agent delete agent:LOGIN reason:leaver`, press what is offered, `as approver`, `react ✅`.
  Send somebody to lunch: `/agent login agent:erix-br:maria`, press what is offered, `/agent pause agent:erix-br:maria
  reason:Almoço`, `/agent status`. Lose an answer: `fault erix lost-answer`, then `/agent unpause agent:erix-br:maria`.
  Change many extensions: write a file with the columns E_ID,E_Extension,E_Type, `attach lines.csv`, then
  `/extension batch file:lines.csv`.";

/// For so long an answer to a reaction is looked out for: one that changes nothing gets none.
const LOOKS_OUT: Duration = Duration::from_secs(3);

/// How the lines ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// `quit`, or the last of some lines.
    Said,
    /// Nothing was ever typed: there is nobody at the other end.
    Silent,
}

/// Somebody at the prompt.
struct Player<'a> {
    sandbox: &'a Sandbox,
    phones: &'a Phones,
    person: Person,
    /// What they looked at, newest last: buttons are looked for from there.
    seen: Vec<Posted>,
    /// The form that opened last.
    form: Option<Modal>,
}

/// Reads lines until the end of the input or `quit`.
pub(super) async fn play(sandbox: &Sandbox, phones: &Phones) -> Ended {
    let person = sandbox.lead();
    let mut player = Player { sandbox, phones, person, seen: Vec::new(), form: None };
    let mut lines = BufReader::new(stdin()).lines();
    let typed = std::io::stdin().is_terminal();
    if typed {
        say!("Type as {} (or `help`):\n", player.person.name());
    }
    let mut ended = Ended::Silent;
    loop {
        if typed {
            eprint!("{}> ", player.person.name());
        }
        let Ok(Some(line)) = lines.next_line().await else { return ended };
        if !typed {
            say!("{}> {line}", player.person.name());
        }
        ended = Ended::Said;
        match line.trim() {
            "" => {}
            "quit" | "exit" => return ended,
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
                self.looks_at(&reply.try_changes_until(is_answered).await?);
            }
            ("?", command) => {
                for choice in self.person.try_completes(command).await? {
                    say!("    {}", choice.name);
                }
                say!("");
            }
            ("press", label) => self.presses(label).await?,
            ("fill", text) => self.fills(text).await?,
            ("pick", label) => {
                let option = |m: &Posted| m.options().into_iter().find(|o| o.contains(label));
                if let Some((message, option)) = self.seen.iter().rev().find_map(|m| Some((m.clone(), option(m)?))) {
                    let reply = self.person.try_selects(&message, &[option.as_str()]).await?;
                    if !self.opens_form(&reply) {
                        self.looks_at(&reply);
                    }
                } else {
                    say!("No menu you looked at offers “{label}”.\n");
                }
            }
            ("react", emoji) => self.reacts(emoji).await?,
            ("unreact", emoji) => self.unreacts(emoji).await,
            ("approvals", _) => {
                self.looks_at_all(self.sandbox.approvals_channel().messages(), "Nothing was asked for yet.");
            }
            ("mail", _) => self.looks_at_all(self.person.direct_messages(), "No direct messages."),
            ("attach", path) => self.attaches(path.trim()).await,
            ("fault", words) => say!("{}\n", faults::strike(self.phones, words)),
            ("mend", _) => say!("{}\n", faults::mend(self.phones)),
            ("log", _) => self.looks_at_all(self.sandbox.log_channel().messages(), "Nothing happened yet."),
            ("as", who) => match who {
                "lead" => self.person = self.sandbox.lead(),
                "trainee" => self.person = self.sandbox.trainee(),
                "approver" => self.person = self.sandbox.approver(),
                "second" => self.person = self.sandbox.second_approver(),
                "keeper" => self.person = self.sandbox.keeper(),
                _ => say!("There are lead, trainee, approver, second and keeper.\n"),
            },
            _ => say!("{HELP}\n"),
        }
        Ok(())
    }

    /// Puts a file at hand under its own name, or under another.
    async fn attaches(&self, typed: &str) {
        // A path may hold blanks, and then it is no path and name.
        let whole = tokio::fs::metadata(typed).await.is_ok();
        let parted = typed.rsplit_once(' ').filter(|_| !whole);
        let (path, name) = parted.map_or((typed, None), |(path, name)| (path.trim_end(), Some(name)));
        let own = Path::new(path).file_name().and_then(|name| name.to_str());
        let Some(name) = name.or(own) else {
            say!("Which file? `attach PATH [NAME]`\n");
            return;
        };
        let read = match tokio::fs::metadata(path).await {
            // What is no file, such as a device, may never end.
            Ok(found) if !found.is_file() => Err("it is no file".to_owned()),
            Ok(_) => tokio::fs::read(path).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(bytes) => {
                let size = bytes.len();
                self.person.attaches(name, bytes);
                say!("{} has {name} ({size} bytes) at hand: file:{name} attaches it.\n", self.person.name());
            }
            Err(why) => say!("{path} cannot be read: {why}.\n"),
        }
    }

    async fn presses(&mut self, label: &str) -> Result<(), Trouble> {
        let has = |m: &&Posted| m.buttons().iter().any(|button| button == label);
        let Some(message) = self.seen.iter().rev().find(has).cloned() else {
            say!("No message you looked at has the button [{label}].\n");
            return Ok(());
        };
        let reply = self.person.try_presses(&message, label).await?;
        if self.opens_form(&reply) {
            return Ok(());
        }
        // An act is told in the same message, once it is done.
        self.looks_at(&reply.try_changes_until(is_answered).await?);
        Ok(())
    }

    /// Shows the form that a reply opened, if it did.
    fn opens_form(&mut self, reply: &Reply) -> bool {
        self.form = reply.modal().cloned();
        let Some(form) = &self.form else { return false };
        for line in form.text().lines() {
            say!("    │ {line}");
        }
        say!("    │ (`fill …` sends it)\n");
        true
    }

    async fn fills(&mut self, text: &str) -> Result<(), Trouble> {
        let Some(form) = self.form.clone() else {
            say!("No form is open.\n");
            return Ok(());
        };
        let fields = form.fields();
        let (label, text) = match (fields.as_slice(), text.split_once('=')) {
            ([only], _) => (only.label.clone(), text),
            (_, Some((label, text))) => (label.trim().to_owned(), text.trim()),
            (_, None) => {
                say!("Which field? `fill LABEL = TEXT`\n");
                return Ok(());
            }
        };
        let reply = self.person.try_submits(&form, &[(label.as_str(), text)]).await?;
        self.form = None;
        self.looks_at(&reply.try_changes_until(is_answered).await?);
        Ok(())
    }

    /// The newest card: the newest message of the approvals channel that answers no other.
    fn card(&self) -> Option<Posted> {
        let messages = self.sandbox.approvals_channel().messages();
        let card = messages.into_iter().rev().find(|message| message.replies_to().is_none());
        if card.is_none() {
            say!("There is no card in the approvals channel.\n");
        }
        card
    }

    async fn reacts(&mut self, emoji: &str) -> Result<(), Trouble> {
        let Some(card) = self.card() else { return Ok(()) };
        self.person.try_reacts(&card, emoji)?;
        self.comes_of_it(&card, |text| !is_on_its_way(text)).await;
        Ok(())
    }

    async fn unreacts(&mut self, emoji: &str) {
        let Some(card) = self.card() else { return };
        self.person.unreacts(&card, emoji);
        self.comes_of_it(&card, |_| true).await;
    }

    /// Shows what comes of a reaction: the card changes, or the person is told something.
    async fn comes_of_it(&mut self, card: &Posted, whole: impl Fn(&str) -> bool) {
        let before = card.text().to_owned();
        let person = self.person.clone();
        let shown = tokio::time::timeout(LOOKS_OUT, async {
            tokio::select! {
                changed = card.try_changes_until(|text| text != before && whole(text)) => changed,
                told = person.try_next_direct_message() => told,
            }
        });
        match shown.await {
            Ok(Ok(message)) => self.looks_at(&message),
            Ok(Err(trouble)) => say!("{}\n", trouble.what()),
            Err(_) => say!("    The card stands as it was, and nobody is told anything.\n"),
        }
    }

    fn looks_at(&mut self, message: &Posted) {
        for line in message.seen().lines() {
            say!("    │ {line}");
        }
        let mut under: Vec<(String, usize)> = Vec::new();
        for (emoji, _) in message.reactions() {
            match under.iter_mut().find(|(known, _)| *known == emoji) {
                Some((_, count)) => *count += 1,
                None => under.push((emoji, 1)),
            }
        }
        if !under.is_empty() {
            let counts: Vec<String> = under.iter().map(|(emoji, count)| format!("{emoji} {count}")).collect();
            say!("    │ {}", counts.join("   "));
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

/// Whether a reply is more than a first word.
fn is_answered(reply: &str) -> bool {
    !reply.contains("On it …") && !reply.contains("One moment")
}

/// Whether a card says that enough people approve, and not yet what came of it.
fn is_on_its_way(card: &str) -> bool {
    let approve = |line: &str| {
        let (have, rest) = line.strip_prefix("✅ ")?.split_once(" of ")?;
        Some(have == rest.split(':').next()?)
    };
    card.contains("is being asked now") || card.lines().any(|line| approve(line) == Some(true))
}
