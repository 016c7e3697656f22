//! Slash commands: read, deferred, handed to the desk, answered once.

use rollcall_commands::{AgentText, Command, agent};
use rollcall_telephony::{AgentState, PresenceChange};
use secrecy::SecretString;
use serenity::all::{ButtonStyle, CommandData, CommandInteraction};
use serenity::model::id::UserId;

use super::custom_id::CustomId;
use super::door::{Ack, Door, Ticket, is_human};
use super::message::{Message, Tone};
use super::text::escaped;
use super::{extensions, presence, render, requests};
use crate::desk::{Asked, Refusal};
use crate::directory::Hit;
use crate::policy::Actor;

/// What is to be answered.
enum Answer {
    /// This, at once.
    Say(Message),
    /// The report follows by itself.
    Follows,
}

/// Answers a slash command.
pub(super) async fn command(door: &Door, interaction: CommandInteraction) {
    let ticket = Ticket { id: interaction.id, token: SecretString::from(interaction.token.clone()) };
    let actor = match door.actor(interaction.guild_id, interaction.member.as_deref()) {
        Ok(actor) => actor,
        Err(message) => return door.turn_away(&ticket, &message).await,
    };
    if let Err(message) = door.within_quota(actor.id) {
        return door.turn_away(&ticket, &message).await;
    }
    let command = match rollcall_commands::read(&interaction.data) {
        Ok(command) => command,
        Err(error) => {
            let message = Message::card(Tone::Bad, "I cannot read that command").says(escaped(&error.to_string(), 800));
            return door.turn_away(&ticket, &message).await;
        }
    };
    // A command that only reads goes on when the store cannot be written.
    match door.first_sight(&ticket, actor.id).await {
        Ok(Some(())) => {}
        Ok(None) => return,
        Err(refusal) if changes_something(&command) => {
            return door.turn_away(&ticket, &render::refusal(&refusal)).await;
        }
        Err(refusal) => tracing::error!(?refusal, "the store cannot be written; a command that only reads goes on"),
    }
    if let Some(delete) = requests::wants_form(&command) {
        return requests::ask_why_agent(door, &ticket, &actor, delete).await;
    }
    if door.defer(&ticket).await == Ack::Missed {
        return;
    }
    carry_out(door, &ticket, &actor, &command, Some(&interaction.data)).await;
}

/// Runs an acknowledged command and answers it. `data` is what Discord told of the people it names, where it did.
pub(super) async fn carry_out(
    door: &Door,
    ticket: &Ticket,
    actor: &Actor,
    command: &Command,
    data: Option<&CommandData>,
) {
    let started = tokio::time::Instant::now();
    let answer = match recipient(door, actor, command, data).await {
        Ok(recipient) => run(door, actor, command, recipient, Asked { interaction: ticket.id }).await,
        Err(refusal) => Err(refusal),
    };
    tracing::info!(
        interaction.id = %ticket.id,
        actor.id = %actor.id,
        command = command.name(),
        refused = answer.is_err(),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "a command was answered"
    );
    match answer {
        Ok(Answer::Say(message)) => door.finish(ticket, &message).await,
        Ok(Answer::Follows) => {}
        Err(refusal) => {
            let message = door.refused(actor, &refusal, Some(command)).await;
            door.finish(ticket, &message).await;
        }
    }
}

/// Hands a command to the desk.
async fn run(
    door: &Door,
    actor: &Actor,
    command: &Command,
    recipient: UserId,
    asked: Asked,
) -> Result<Answer, Refusal> {
    let desk = &door.desk;
    let message = match command {
        Command::AgentSearch(search) => search_page(door, actor, search, 0).await?,
        Command::AgentShow(show) => render::card(actor.id, &desk.show(actor, &show.agent).await?),
        Command::AgentClone(clone) => render::clone_preview(&desk.preview_clone(actor, clone, recipient).await?),
        Command::AgentEdit(edit) if edit.changes.is_empty() => groups(door, actor, &edit.agent).await?,
        Command::AgentEdit(edit) => render::edit_preview(&desk.preview_edit(actor, edit).await?),
        Command::AgentDisable(disable) => {
            let reason = disable.reason.as_deref();
            desk.set_state(actor, &disable.agent, AgentState::Disabled, reason, asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentEnable(enable) => {
            desk.set_state(actor, &enable.agent, AgentState::Enabled, None, asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentResetPassword(reset) => {
            let preview = desk.preview_reset(actor, &reset.agent, recipient).await?;
            render::reset_preview(&preview, preview.recipient)
        }
        Command::AgentDelete(delete) => match requests::delete(door, actor, delete, asked).await? {
            Some(message) => message,
            None => return Ok(Answer::Follows),
        },
        Command::AgentRestore(restore) => render::restore_preview(&desk.preview_restore(actor, &restore.agent).await?),
        Command::AgentLogin(login) => {
            desk.set_presence(actor, &login.agent, presence::log_in(login), asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentLogout(logout) => {
            desk.set_presence(actor, &logout.agent, PresenceChange::LogOut, asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentPause(pause) => {
            desk.set_presence(actor, &pause.agent, presence::pause(pause), asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentUnpause(unpause) => {
            desk.set_presence(actor, &unpause.agent, PresenceChange::Unpause, asked).await?;
            return Ok(Answer::Follows);
        }
        Command::AgentStatus(status) => presence::status(door, actor, status, 0).await?,
        Command::ExtensionList(list) => extensions::list(door, actor, list, 0).await?,
        Command::ExtensionShow(show) => extensions::show(door, actor, &show.extension).await?,
        Command::ExtensionCreate(create) => extensions::create(door, actor, create).await?,
        Command::ExtensionEdit(edit) => extensions::edit(door, actor, edit).await?,
        Command::ExtensionDelete(delete) => match extensions::delete(door, actor, delete, asked).await? {
            Some(message) => message,
            None => return Ok(Answer::Follows),
        },
        Command::ExtensionBatch(batch) => extensions::batch(door, actor, batch).await?,
        Command::ApprovalsList(list) => requests::list(door, actor, list, 0).await?,
        Command::ApprovalsHistory(history) => requests::history(door, actor, history, 0).await?,
        Command::ApprovalsCancel(cancel) => {
            requests::cancel(door, actor, cancel, asked).await?;
            return Ok(Answer::Follows);
        }
        Command::Whoami(_) => render::whoami(actor.id, &desk.whoami(actor).await?),
        Command::Doctor(_) => {
            desk.may_ask_doctor(actor)?;
            let mut findings = door.doctor.examine(&door.rest).await;
            findings.extend(desk.examine().await);
            render::findings(&findings)
        }
    };
    Ok(Answer::Say(message))
}

/// One page of a search.
pub(super) async fn search_page(
    door: &Door,
    actor: &Actor,
    search: &agent::Search,
    page: u32,
) -> Result<Message, Refusal> {
    let found = door.desk.search(actor, search).await?;
    let connection = search.connection.as_deref().and_then(|c| rollcall_telephony::ConnectionName::new(c.trim()).ok());
    let page = render::Page {
        owner: actor.id,
        query: &search.query,
        state: search.state.unwrap_or_default(),
        connection: connection.as_ref(),
        number: page,
        now: door.desk.now(),
    };
    Ok(render::search_page(&page, &found))
}

/// The menu of groups of fields, for an edit without options.
pub(super) async fn groups(door: &Door, actor: &Actor, typed: &AgentText) -> Result<Message, Refusal> {
    let agent = door.desk.editable(actor, typed).await?;
    let menu =
        door.desk.fields(&agent).and_then(|(fields, login)| render::group_menu(actor.id, &agent, &login, &fields));
    menu.ok_or_else(|| Refusal::Value("This agent cannot be edited with a form; name the options instead.".to_owned()))
}

/// Who gets the password: a human member of the guild, checked before anything is created.
async fn recipient(
    door: &Door,
    actor: &Actor,
    command: &Command,
    data: Option<&CommandData>,
) -> Result<UserId, Refusal> {
    let named = match command {
        Command::AgentClone(clone) => clone.recipient,
        Command::AgentResetPassword(reset) => reset.recipient,
        Command::AgentSearch(_)
        | Command::AgentShow(_)
        | Command::AgentEdit(_)
        | Command::AgentDisable(_)
        | Command::AgentEnable(_)
        | Command::AgentDelete(_)
        | Command::AgentRestore(_)
        | Command::AgentLogin(_)
        | Command::AgentLogout(_)
        | Command::AgentPause(_)
        | Command::AgentUnpause(_)
        | Command::AgentStatus(_)
        | Command::ExtensionList(_)
        | Command::ExtensionShow(_)
        | Command::ExtensionCreate(_)
        | Command::ExtensionEdit(_)
        | Command::ExtensionDelete(_)
        | Command::ExtensionBatch(_)
        | Command::ApprovalsList(_)
        | Command::ApprovalsHistory(_)
        | Command::ApprovalsCancel(_)
        | Command::Whoami(_)
        | Command::Doctor(_) => None,
    };
    let Some(recipient) = named.filter(|r| *r != actor.id) else { return Ok(actor.id) };
    check_recipient(door, recipient, data).await
}

/// Whether somebody is a human member of the guild, as Discord told with the command; else it is asked afresh.
async fn check_recipient(door: &Door, recipient: UserId, data: Option<&CommandData>) -> Result<UserId, Refusal> {
    if let Some(told) = data.map(|d| &d.resolved)
        && let Some(user) = told.users.get(&recipient)
    {
        if !is_human(user) {
            return Err(Refusal::RecipientIsBot(recipient));
        }
        // Discord sends a member beside the user only for those who are in the guild.
        if told.members.contains_key(&recipient) {
            return Ok(recipient);
        }
    }
    match door.rest.member(door.guild, recipient).await {
        Ok(member) if member.user.bot || member.user.system => Err(Refusal::RecipientIsBot(recipient)),
        Ok(_) => Ok(recipient),
        Err(error) if error.status() == Some(404) => Err(Refusal::RecipientNotHere(recipient)),
        Err(error) => {
            tracing::warn!(%error, "a recipient could not be checked");
            Err(Refusal::Value("Discord does not tell whether the recipient is here. Try again in a while.".to_owned()))
        }
    }
}

/// Buttons that name the agents a person may have meant; each runs the same command with that agent.
pub(super) async fn did_you_mean(
    door: &Door,
    actor: &Actor,
    message: Message,
    hits: &[Hit],
    command: &Command,
) -> Message {
    let mut buttons = Vec::new();
    for hit in hits.iter().take(5) {
        let Some(meant) = with_agent(command, AgentText(hit.agent.to_string())) else { return message };
        match door.desk.offer_command(actor.id, meant).await {
            Ok(offer) => {
                let who = called(command, hit);
                // Of two who are called the same on one phone system, each is named by what tells them apart.
                let same =
                    |other: &&Hit| called(command, other) == who && other.agent.connection == hit.agent.connection;
                let alone = hits.iter().filter(same).count() < 2;
                let place = if alone { hit.agent.connection.to_string() } else { hit.agent.to_string() };
                let label = render::agent_label(verb(command), who, &place);
                buttons.extend(render::button(&CustomId::Take(offer), &label, ButtonStyle::Secondary));
            }
            Err(refusal) => {
                tracing::warn!(?refusal, "a “did you mean” could not be offered");
                return message;
            }
        }
    }
    message.buttons(&buttons)
}

/// What the texts about a command call an agent: those about presence by its name, where there is one.
fn called<'a>(command: &Command, hit: &'a Hit) -> &'a str {
    let by_name = matches!(
        command,
        Command::AgentLogin(_)
            | Command::AgentLogout(_)
            | Command::AgentPause(_)
            | Command::AgentUnpause(_)
            | Command::AgentStatus(_)
    );
    if by_name && !hit.name.is_empty() { &hit.name } else { &hit.login }
}

fn with_agent(command: &Command, agent: AgentText) -> Option<Command> {
    Some(match command.clone() {
        Command::AgentShow(_) => Command::AgentShow(agent::Show { agent }),
        Command::AgentClone(c) => Command::AgentClone(agent::Clone { source: agent, ..c }),
        Command::AgentEdit(c) => Command::AgentEdit(agent::Edit { agent, ..c }),
        Command::AgentDisable(c) => Command::AgentDisable(agent::Disable { agent, ..c }),
        Command::AgentEnable(_) => Command::AgentEnable(agent::Enable { agent }),
        Command::AgentResetPassword(c) => Command::AgentResetPassword(agent::ResetPassword { agent, ..c }),
        Command::AgentDelete(c) => Command::AgentDelete(agent::Delete { agent, ..c }),
        Command::AgentLogin(c) => Command::AgentLogin(agent::Login { agent, ..c }),
        Command::AgentLogout(_) => Command::AgentLogout(agent::Logout { agent }),
        Command::AgentPause(c) => Command::AgentPause(agent::Pause { agent, ..c }),
        Command::AgentUnpause(_) => Command::AgentUnpause(agent::Unpause { agent }),
        Command::AgentStatus(c) => Command::AgentStatus(agent::Status { agent: Some(agent), ..c }),
        Command::AgentSearch(_)
        | Command::AgentRestore(_)
        | Command::ExtensionList(_)
        | Command::ExtensionShow(_)
        | Command::ExtensionCreate(_)
        | Command::ExtensionEdit(_)
        | Command::ExtensionDelete(_)
        | Command::ExtensionBatch(_)
        | Command::ApprovalsList(_)
        | Command::ApprovalsHistory(_)
        | Command::ApprovalsCancel(_)
        | Command::Whoami(_)
        | Command::Doctor(_) => return None,
    })
}

/// What a command does, to stand before a name on a button.
pub(super) const fn verb(command: &Command) -> &'static str {
    match command {
        Command::AgentShow(_)
        | Command::AgentSearch(_)
        | Command::AgentStatus(_)
        | Command::ExtensionList(_)
        | Command::ExtensionShow(_)
        | Command::ApprovalsList(_)
        | Command::ApprovalsHistory(_)
        | Command::Whoami(_)
        | Command::Doctor(_) => "Show",
        Command::AgentLogin(_) => "Log in",
        Command::AgentLogout(_) => "Log out",
        Command::AgentPause(_) => "Pause",
        Command::AgentUnpause(_) => "Unpause",
        Command::ExtensionCreate(_) => "Create",
        Command::ExtensionBatch(_) => "Carry out",
        Command::AgentDelete(_) | Command::ExtensionDelete(_) => "Ask to delete",
        Command::AgentRestore(_) => "Restore",
        Command::ApprovalsCancel(_) => "Take back",
        Command::AgentClone(_) => "Clone",
        Command::AgentEdit(_) | Command::ExtensionEdit(_) => "Edit",
        Command::AgentDisable(_) => "Disable",
        Command::AgentEnable(_) => "Enable",
        Command::AgentResetPassword(_) => "Reset password of",
    }
}

const fn changes_something(command: &Command) -> bool {
    match command {
        Command::AgentSearch(_)
        | Command::AgentShow(_)
        | Command::AgentStatus(_)
        | Command::ExtensionList(_)
        | Command::ExtensionShow(_)
        | Command::ApprovalsList(_)
        | Command::ApprovalsHistory(_)
        | Command::Whoami(_)
        | Command::Doctor(_) => false,
        Command::AgentLogin(_)
        | Command::AgentLogout(_)
        | Command::AgentPause(_)
        | Command::AgentUnpause(_)
        | Command::ExtensionCreate(_)
        | Command::ExtensionEdit(_)
        | Command::ExtensionDelete(_)
        | Command::ExtensionBatch(_)
        | Command::AgentClone(_)
        | Command::AgentEdit(_)
        | Command::AgentDisable(_)
        | Command::AgentEnable(_)
        | Command::AgentDelete(_)
        | Command::AgentRestore(_)
        | Command::ApprovalsCancel(_)
        | Command::AgentResetPassword(_) => true,
    }
}
