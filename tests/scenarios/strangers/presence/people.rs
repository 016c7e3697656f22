//! One person on three phone systems, two of which have presence: joined by the settings, by nothing else.

use super::super::bot::Team;
use super::super::erix::{self, Erix, Oddity};
use super::super::hes;
use super::super::mediatel::Mediatel;
use super::super::voicenter::{self, CODE, Voicenter};
use super::{MAY, erix_connection, told, voicenter_connection};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_on_several_systems_is_paused_on_all_of_them_and_each_is_told() {
    let (erix, voicenter) = (Erix::starts(erix::Form::Nested).await, Voicenter::starts(voicenter::Form::Bom).await);
    let mediatel = Mediatel::starts().await;
    let settings = format!(
        "{}\n{}{}[[person]]\nname = \"Maria Silva\"\nis = [\"hes:basil.basilenko\", \"erix-br:maria\", \"tlv:123456789\"]\n",
        hes(&mediatel),
        erix_connection("erix-br", erix.url(), "post"),
        voicenter_connection("tlv", voicenter.url(), "post"),
    );
    let team = Team::with(MAY, &settings, &[("VOICENTER_CODE", CODE)]).await;
    let one = told(&team, "agent login", "erix-br:maria", &[], "is logged in at 2001").await;
    assert!(one.text().contains("tlv:123456789"), "{}", one.text());
    assert_eq!(voicenter.changes(), [], "nobody pressed anything");
    let all = team.presses(&one, "Log in Maria Silva on all of them", "on 2 of 2").await;
    assert!(all.text().contains("**Dana Levi** on tlv is logged in"), "{}", all.text());
    assert_eq!(voicenter.changes().len(), 1);
    assert_eq!(erix.changes().len(), 1, "what was done a moment ago is not asked again");

    // The other one breaks: each line tells the truth about its system.
    let one = told(&team, "agent pause", "tlv:123456789", &[("reason", "Lunch")], "is paused (Lunch)").await;
    assert_eq!(voicenter.changes().len(), 1);
    erix.next_is(Oddity::Says("Sem memória"));
    let all = team.presses(&one, "Pause Maria Silva on all of them", "on 1 of 2").await;
    assert!(all.text().contains("Sem memória"), "{}", all.text());
    assert_eq!((erix.changes(), voicenter.changes()), (Vec::new(), Vec::new()));
    let status = team.types("agent status", &[("agent", "hes:basil.basilenko")], "Maria Silva").await;
    let text = status.text();
    assert!(text.contains("erix-br:maria") && text.contains("tlv:123456789"), "{text}");
    assert!(text.contains("hes tells nothing of logins and pauses"), "{text}");
    // The card's buttons do what they say, there.
    team.presses(&status, "Unpause Dana Levi (tlv)", "is available again").await;
    assert_eq!((erix.changes().len(), voicenter.changes().len()), (0, 1));
    team.ends_without("the organisation's code", CODE).await;
}
