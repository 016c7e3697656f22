//! The part of extensions: listed, created, changed, changed from a file, and deleted with an approver. Mediatel's twin
//! proves each step.

use rollcall_sandbox::{Person, Phones, Sandbox};

use super::{approving, asks, completes, logged, missing, presses, proof, shows};
use crate::cli::Ended;

/// The new extension's name.
const NAME: &str = "Odesa desk";

/// Looks at what there is, and makes one more; answers its number.
pub(super) async fn create(sandbox: &Sandbox, phones: &Phones, lead: &Person) -> Result<u64, Ended> {
    asks(lead, "/extension list", "extensions on mediatel").await?;
    let line = format!("/extension create name:{NAME} type:5 codecs:");
    let codecs = completes(lead, &line).await?;
    let codec = codecs.first().map(|c| c.value.clone()).ok_or_else(|| missing("a codec among the suggestions"))?;
    let preview = asks(lead, &format!("{line}{codec}"), "Everything that is sent").await?;
    proof(numbered(phones, NAME).is_none(), "nothing is sent before the button")?;
    presses(lead, &preview, &format!("Create extension {NAME}"), "exists on mediatel").await?;
    logged(sandbox).await?;
    let made = numbered(phones, NAME).ok_or_else(|| missing("the extension at the phone system"))?;
    proof(holds(phones, made, "E_Type", "5"), "the phone system holds its type")?;
    Ok(made)
}

/// Before and after, and one press.
pub(super) async fn edit(sandbox: &Sandbox, phones: &Phones, lead: &Person, made: u64) -> Result<(), Ended> {
    let line = format!("/extension edit extension:{made} description:Reception, first floor");
    let preview = asks(lead, &line, "Before → after").await?;
    presses(lead, &preview, &format!("Change extension {NAME} ({made})"), "was changed").await?;
    logged(sandbox).await?;
    proof(holds(phones, made, "E_Description", "Reception, first floor"), "the phone system holds the change")
}

/// A file that adds one and changes another; a row that says what is so already is told as that.
pub(super) async fn batch(sandbox: &Sandbox, phones: &Phones, lead: &Person, made: u64) -> Result<(), Ended> {
    let file = format!(
        "E_ID,E_Extension,E_Type,E_Description\n\
         ,Kharkiv desk,5,Reception\n\
         {made},,,\"Reception, second floor\"\n\
         13,SIP,5,SIP Extension\n"
    );
    say!("  {} has a file at hand, lines.csv; an empty cell in E_ID adds an extension:\n", lead.name());
    shows("The file", &file);
    lead.attaches("lines.csv", file);
    let before = phones.mediatel.extensions().len();
    let preview = asks(lead, "/extension batch file:lines.csv", "Row by row").await?;
    proof(phones.mediatel.extensions().len() == before, "nothing is sent before the button")?;
    presses(lead, &preview, "Carry out 2 rows on mediatel", "What changed").await?;
    logged(sandbox).await?;
    proof(numbered(phones, "Kharkiv desk").is_some(), "the phone system has the new extension")?;
    proof(phones.mediatel.extensions().len() == before + 1, "it has no other new one")?;
    proof(holds(phones, made, "E_Description", "Reception, second floor"), "the phone system holds the change")
}

/// The lead asks, an approver agrees, the extension is gone.
pub(super) async fn delete(sandbox: &Sandbox, phones: &Phones, lead: &Person, made: u64) -> Result<(), Ended> {
    let line = format!("/extension delete extension:{made} reason:desk closed");
    asks(lead, &line, "The approvers are asked").await?;
    let card = approving::asked(sandbox).await?;
    proof(phones.mediatel.extension(made).is_some(), "the extension is still there before an approver reacts")?;
    approving::approved(sandbox, &card, "is deleted").await?;
    proof(phones.mediatel.extension(made).is_none(), "the phone system does not have the extension any more")?;
    say!("  {} gets a direct message:\n", lead.name());
    shows("Rollcall", lead.try_next_direct_message().await?.seen());
    logged(sandbox).await
}

/// The number of the extension with this name.
fn numbered(phones: &Phones, name: &str) -> Option<u64> {
    let all = phones.mediatel.extensions();
    all.into_iter().find(|(_, held)| held.text("E_Extension").as_deref() == Some(name)).map(|(id, _)| id)
}

/// Whether the phone system holds this value, as text or as a number.
fn holds(phones: &Phones, id: u64, member: &str, wanted: &str) -> bool {
    let Some(held) = phones.mediatel.extension(id) else { return false };
    held.text(member).or_else(|| held.number(member).map(|number| number.to_string())).as_deref() == Some(wanted)
}
