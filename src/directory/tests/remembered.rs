//! Agents that no list holds, but that are known to exist.

use rollcall_telephony::AgentRef;

use super::*;
use crate::directory::Resolved;

/// What is shown besides people's `anna.koval…`.
fn nina() -> Agent {
    agent("nina", "nina.lopes", "", AgentState::Unknown)
}

impl House {
    fn named(&self, id: &str) -> AgentRef {
        AgentRef::new(self.mediatel.clone(), AgentId::new(id))
    }

    fn remembers(&self, known: Agent) {
        self.directory.remember(&self.named(known.id.as_str()), known);
    }

    /// A read that is due, from its question to its end; answers what was kept of it.
    async fn reads_again(&mut self, agents: Vec<Agent>) -> String {
        self.clock.passes(REFRESH * 2);
        self.reads(Ok(agents)).await.unwrap();
        self.keeps().await.2
    }
}

#[tokio::test]
async fn a_remembered_agent_is_found_as_any_other_and_survives_every_list() {
    let mut house = House::new();
    house.remembers(nina());
    assert_eq!(house.logins("nina"), ["nina.lopes"], "before any list");
    assert_eq!(house.directory.ages(&house.on), [(house.mediatel.clone(), None)], "it is no list");
    for count in [2, 5, 3] {
        let kept = house.reads_again(people(count)).await;
        assert!(!kept.contains("nina"), "a snapshot holds what was sent: {kept}");
        assert_eq!(house.directory.agents_of(&house.mediatel), count + 1);
        assert_eq!(house.logins("lopes"), ["nina.lopes"]);
        assert_eq!(house.directory.complete("ni", &house.on, 25)[0].agent, house.named("nina"));
        assert_eq!(house.directory.resolve("mediatel:NINA.lopes", &house.on), Resolved::One(house.named("nina")));
        assert_eq!(house.directory.with_login(&house.mediatel, "Nina.Lopes"), [house.named("nina")]);
    }
    assert!(house.directory.with_login(&house.mediatel, "nobody").is_empty());
}

#[tokio::test]
async fn a_list_that_holds_it_knows_better() {
    let mut house = House::new();
    house.remembers(nina());
    let listed = agent("nina", "nina.silva", "Nina Silva", AgentState::Enabled);
    house.reads_again(vec![listed.clone(), person(1, "anna.koval")]).await;
    assert_eq!(house.logins("nina"), ["nina.silva"]);
    house.remembers(nina());
    assert_eq!(house.logins("nina"), ["nina.silva"], "remembered again, the list still knows better");
    house.reads_again(vec![person(1, "anna.koval")]).await;
    assert_eq!(house.logins("nina"), ["nina.lopes"], "no longer listed, it is still remembered");
    house.remembers(Agent { login: "nina.costa".to_owned(), ..nina() });
    assert_eq!(house.logins("nina"), ["nina.costa"], "what is remembered later is known better");
    house.directory.put(&house.mediatel, Agent { login: "nina.alves".to_owned(), ..nina() });
    assert!(!house.reads_again(people(2)).await.contains("nina"));
    assert_eq!(house.logins("nina"), ["nina.alves"], "and so is what was read of it");
}

#[tokio::test]
async fn a_forgotten_agent_is_no_longer_remembered() {
    let mut house = House::new();
    house.remembers(nina());
    house.reads_again(people(2)).await;
    house.directory.forget(&house.named("nina"));
    assert!(house.logins("nina").is_empty());
    house.reads_again(people(2)).await;
    assert!(house.logins("nina").is_empty());
    // While a read is under way as well; remembered again since, it is there again.
    house.remembers(nina());
    house.clock.passes(REFRESH * 2);
    let _ = house.directory.complete("nina", &house.on, 25);
    house.directory.forget(&house.named("nina"));
    house.reads(Ok(people(2))).await.unwrap();
    assert!(house.logins("nina").is_empty());
    house.remembers(nina());
    assert_eq!(house.logins("nina"), ["nina.lopes"]);
}

#[tokio::test]
async fn only_what_was_sent_counts_when_a_list_shrinks() {
    let mut house = House::new();
    for n in 0..40 {
        house.remembers(agent(&format!("r{n}"), &format!("nina.lopes{n}"), "", AgentState::Unknown));
    }
    house.reads_again(Vec::new()).await;
    assert_eq!((house.last_error(), house.directory.agents_of(&house.mediatel)), (None, 40), "none was sent before");
    house.reads_again(people(4)).await;
    house.clock.passes(REFRESH * 2);
    house.reads(Ok(Vec::new())).await.unwrap();
    assert_eq!(house.last_error().unwrap(), "mediatel sent 0 agents, it had 4: kept the old list");
    assert_eq!(house.directory.agents_of(&house.mediatel), 44);
    house.reads_again(Vec::new()).await;
    assert_eq!((house.last_error(), house.logins("").len()), (None, 40), "sent twice, it is believed");
}

#[tokio::test]
async fn a_system_without_a_list_of_its_own_is_never_doubted() {
    let mut house = House::able(Abilities::new(&[Ability::Login, Ability::Pause]));
    house.reads_again(people(12)).await;
    house.remembers(nina());
    house.reads_again(Vec::new()).await;
    assert_eq!((house.last_error(), house.logins("")), (None, vec!["nina.lopes".to_owned()]), "the settings changed");
}

#[tokio::test]
async fn a_kept_list_goes_before_what_is_remembered() {
    let mut house = House::new();
    let kept = house.reads_again(vec![agent("nina", "nina.silva", "", AgentState::Enabled)]).await;
    let restarted = House::new();
    restarted.remembers(nina());
    restarted.remembers(agent("rui", "rui.dias", "", AgentState::Unknown));
    restarted.directory.put(&restarted.mediatel, person(1, "anna.koval"));
    restarted.directory.restore(&house.mediatel, ListOf::Agents, Millis(1), &kept).unwrap();
    assert_eq!(restarted.logins(""), ["anna.koval", "nina.silva", "rui.dias"]);
}

#[tokio::test]
async fn many_are_remembered() {
    let mut house = House::new();
    for n in 0..600 {
        house.remembers(agent(&format!("r{n}"), &format!("nina.lopes{n}"), "", AgentState::Unknown));
    }
    assert_eq!(house.logins("nina").len(), 600);
    house.reads_again(people(300)).await;
    assert_eq!((house.logins("nina").len(), house.logins("anna").len()), (600, 300));
    assert_eq!(house.directory.agents_of(&house.mediatel), 900);
}
