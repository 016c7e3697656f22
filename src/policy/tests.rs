//! What must hold for every set of roles, and the cases worth reading.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

fn name(text: &str) -> ConnectionName {
    ConnectionName::new(text).unwrap()
}

fn role(id: u64, may: &[&str], connections: Option<&[&str]>) -> RoleGrant {
    RoleGrant {
        id: RoleId::new(id),
        may: may.iter().map(|pattern| pattern.parse().unwrap()).collect(),
        connections: connections.map(|names| names.iter().map(|text| name(text)).collect()),
    }
}

fn policy(roles: Vec<RoleGrant>) -> Policy {
    Policy {
        roles,
        connections: vec![name("a"), name("b"), name("c")],
        approvers: BTreeSet::from([RoleId::new(9)]),
        require: vec!["queue.*".parse().unwrap()],
        require_above_rights: Some(3),
    }
}

fn actor(roles: &[u64]) -> Actor {
    Actor { id: UserId::new(1), name: "Ada".into(), roles: roles.iter().copied().map(RoleId::new).collect() }
}

fn may(policy: &Policy, actor: &Actor, permission: Permission, connection: &ConnectionName) -> bool {
    !matches!(policy.decide(actor, permission, Some(connection)), Verdict::Refused { .. })
}

#[test]
fn roles_are_never_mixed() {
    let policy = policy(vec![role(1, &["agent.read"], Some(&["a"])), role(2, &["agent.edit"], Some(&["b"]))]);
    let both = actor(&[1, 2]);
    assert_eq!(
        policy.decide(&both, Permission::AgentEdit, Some(&name("a"))),
        Verdict::Refused { could: Vec::new() },
        "editing comes with b, not with a"
    );
    assert_eq!(
        policy.decide(&both, Permission::AgentEdit, Some(&name("b"))),
        Verdict::Allowed { role: RoleId::new(2) }
    );
    assert_eq!(policy.connections_for(&both, Permission::AgentRead), [name("a")]);
}

#[test]
fn a_refusal_names_who_could() {
    let policy = policy(vec![
        role(1, &["agent.*"], Some(&["a"])),
        role(2, &["*"], None),
        role(2, &["agent.clone"], None),
        role(3, &["agent.clone"], Some(&["b"])),
    ]);
    let could = vec![RoleId::new(1), RoleId::new(2)];
    assert_eq!(policy.decide(&actor(&[]), Permission::AgentClone, Some(&name("a"))), Verdict::Refused { could });
    let could = vec![RoleId::new(2)];
    assert_eq!(policy.decide(&actor(&[7]), Permission::AuditRead, None), Verdict::Refused { could });
}

#[test]
fn a_second_person_is_asked_for_deletes_of_agents_always_and_by_the_settings() {
    let everything = policy(vec![role(1, &["*"], None)]);
    for permission in [Permission::AgentDelete, Permission::QueueRead] {
        assert_eq!(
            everything.decide(&actor(&[1]), permission, Some(&name("a"))),
            Verdict::NeedsSecondPerson { role: RoleId::new(1), why: SecondPerson::Permission(permission) }
        );
    }
    assert_eq!(
        everything.decide(&actor(&[]), Permission::AgentDelete, Some(&name("a"))),
        Verdict::Refused { could: vec![RoleId::new(1)] },
        "who may not ask is refused, not sent to the approvers"
    );
}

#[test]
fn rights_above_the_limit_need_a_second_person() {
    let limited = policy(Vec::new());
    assert_eq!(limited.rights_need_second(3), RightsVerdict::OnePerson);
    let why = SecondPerson::Rights { highest: 4, limit: 3 };
    assert_eq!(limited.rights_need_second(4), RightsVerdict::SecondPerson(why));
    let unlimited = Policy { require_above_rights: None, ..limited };
    assert_eq!(unlimited.rights_need_second(i64::MAX), RightsVerdict::OnePerson);
}

#[test]
fn a_role_with_an_empty_list_of_connections_may_nothing() {
    let policy = policy(vec![role(1, &["*"], Some(&[]))]);
    assert!(policy.grants_of(&actor(&[1])).may.is_empty());
}

#[test]
fn approvers_are_known_by_their_roles() {
    let policy = policy(Vec::new());
    assert!(policy.is_approver(&actor(&[4, 9])));
    assert!(!policy.is_approver(&actor(&[4])));
}

fn patterns() -> impl Strategy<Value = Vec<Pattern>> {
    let single = Permission::ALL.iter().map(|permission| Pattern::from(*permission));
    let wide = ["*", "agent.*", "*.read", "*.delete", "presence.*"].into_iter().map(|text| text.parse().unwrap());
    vec(select(single.chain(wide).collect::<Vec<Pattern>>()), 0..4)
}

fn grants() -> impl Strategy<Value = Vec<RoleGrant>> {
    let connections = option::of(subsequence(vec![name("a"), name("b"), name("c")], 0..=3));
    let grant = (1..6_u64, patterns(), connections);
    vec(grant.prop_map(|(id, may, connections)| RoleGrant { id: RoleId::new(id), may, connections }), 0..6)
}

proptest! {
    #[test]
    fn another_role_never_takes_anything_away(grants in grants(), mut roles in vec(1..6_u64, 0..4), more in 1..6_u64) {
        let policy = policy(grants);
        let before = actor(&roles);
        roles.push(more);
        let after = actor(&roles);
        for permission in Permission::ALL.iter().copied() {
            for connection in &policy.connections {
                prop_assert!(
                    !may(&policy, &before, permission, connection) || may(&policy, &after, permission, connection)
                );
            }
        }
    }

    #[test]
    fn what_is_allowed_is_allowed_by_one_role_alone(grants in grants(), roles in vec(1..6_u64, 0..4)) {
        let policy = policy(grants);
        let everybody = actor(&roles);
        for permission in Permission::ALL.iter().copied() {
            for connection in &policy.connections {
                let alone = policy.roles.iter().any(|grant| {
                    roles.contains(&grant.id.get())
                        && grant.may.iter().any(|pattern| pattern.matches(permission))
                        && grant.connections.as_ref().is_none_or(|names| names.contains(connection))
                });
                prop_assert_eq!(may(&policy, &everybody, permission, connection), alone);
            }
        }
    }

    #[test]
    fn whoami_says_what_is_decided(grants in grants(), roles in vec(1..6_u64, 0..4)) {
        let policy = policy(grants);
        let person = actor(&roles);
        let told = policy.grants_of(&person);
        prop_assert_eq!(told.may.len() + told.may_not.len(), Permission::ALL.len());
        for granted in &told.may {
            for connection in &policy.connections {
                let there = granted.through.iter().any(|grant| match &grant.on {
                    On::All => true,
                    On::Only(names) => names.contains(connection),
                });
                prop_assert_eq!(may(&policy, &person, granted.permission, connection), there);
            }
            let second = matches!(policy.decide(&person, granted.permission, None), Verdict::NeedsSecondPerson { .. });
            prop_assert_eq!(granted.needs_second == NeedsSecond::Yes, second);
        }
        for refusal in &told.may_not {
            let verdict = policy.decide(&person, refusal.permission, None);
            prop_assert_eq!(verdict, Verdict::Refused { could: refusal.could.clone() });
            prop_assert!(policy.connections_for(&person, refusal.permission).is_empty());
        }
    }
}
