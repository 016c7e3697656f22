//! Who works at the phone systems, and on which lines: the twins know them, and the settings list most of them.
//! Mediatel's agents are drawn by its own twin, and one of them is called otherwise.

use rollcall_telephony::systems::erix::twin::{self as erix, Kind};
use rollcall_telephony::systems::mediatel::twin as mediatel;
use rollcall_telephony::systems::voicenter::twin as voicenter;
use std::io;

/// An agent of Erix.
pub(super) struct ErixAgent {
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    pub(super) extension: &'static str,
    pub(super) queues: &'static [&'static str],
}

/// The agents of Erix that the settings list.
pub(super) const ERIX: &[ErixAgent] = &[
    ErixAgent { login: "maria", name: "Maria Silva", extension: "2001", queues: &["suporte"] },
    ErixAgent { login: "joao", name: "João Pereira", extension: "2002", queues: &["suporte", "vendas"] },
    ErixAgent { login: "ana.beatriz", name: "Ana Beatriz Conceição", extension: "2003", queues: &["vendas"] },
    ErixAgent { login: "rafael", name: "Rafael Souza", extension: "2004", queues: &["suporte"] },
];

/// Why agents of Erix take a break.
pub(super) const ERIX_PAUSES: &[&str] = &["Almoço", "Treinamento"];

/// Hired since the settings were written: Erix knows the login, the settings do not.
const ERIX_UNLISTED: &str = "carlos";

/// Nobody's usual seat, or no seat of the call centre at all.
const ERIX_EXTENSIONS: &[(&str, Kind)] = &[("2005", Kind::CallCentre), ("2090", Kind::Plain)];

/// The queues beside those of the listed agents.
const ERIX_QUEUES: &[(&str, Kind)] = &[("cobranca", Kind::CallCentre), ("diretoria", Kind::Plain)];

/// An agent of Voicenter.
pub(super) struct VoicenterAgent {
    pub(super) user_id: &'static str,
    pub(super) extension_user: &'static str,
    pub(super) name: &'static str,
}

/// The agents of Voicenter that the settings list. Avi works nights at Dana's desk, so one of them may find it taken.
pub(super) const VOICENTER: &[VoicenterAgent] = &[
    VoicenterAgent { user_id: "123456789", extension_user: "sipsip", name: "Dana Levi" },
    VoicenterAgent { user_id: "204518733", extension_user: "sipyossi", name: "Yossi Cohen" },
    VoicenterAgent { user_id: "318840127", extension_user: "sipmaria", name: "Maria Silva" },
    VoicenterAgent { user_id: "207733914", extension_user: "sipsip", name: "Avi Biton" },
];

/// What a break is called, by its status.
pub(super) const VOICENTER_BREAKS: &[(&str, &str)] = &[
    ("3", "Lunch"),
    ("5", "Administrative"),
    ("7", "Private"),
    ("9", "Other"),
    ("11", "Training"),
    ("12", "Team meeting"),
    ("13", "Brief"),
];

/// Somebody who works on several phone systems.
pub(super) struct Everywhere {
    pub(super) name: &'static str,
    /// The number at Mediatel: the first supervisor, who is there however many agents are drawn.
    pub(super) mediatel: u64,
    pub(super) erix: &'static str,
    pub(super) voicenter: &'static str,
}

/// Whom the settings join.
pub(super) const MARIA: Everywhere =
    Everywhere { name: "Maria Silva", mediatel: 2, erix: "maria", voicenter: "318840127" };

/// What she is called there.
const MARIA_AT_MEDIATEL: &str = r#"{"Login":"maria.silva","Details":"maria.silva@example.com"}"#;

/// Lines as the documents show them, and some more of each kind that they show.
const MEDIATEL_EXTENSIONS: &[&str] = &[
    r#"{"E_ID":9,"E_Extension":"MSI","Protocol":"","E_Type":0,"E_Description":"MSI1","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"~","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#,
    r#"{"E_ID":13,"E_Extension":"SIP","Protocol":"SIP","E_Type":5,"E_Description":"SIP Extension","E_DialOutIdentities":"555","ContactDisplay":"<sip:123@192.168.0.12:5062>","DestAddress":"192.168.0.12:5062","Destination":"07xxxxxx","Codecs":["g7231_6","g7231_5","g726_40"],"ConnectionType":"3","DTMFSupport":["inband","rfc2833"],"FromDisplay":"<sip:123@192.168.0.12:5062>","Payload":"127"}"#,
    r#"{"E_ID":14,"E_Extension":"Kyiv front desk","Protocol":"SIP","E_Type":5,"E_Description":"Reception, ground floor","E_DialOutIdentities":"380441234500","ContactDisplay":"<sip:desk@192.168.0.20:5060>","DestAddress":"192.168.0.20:5060","Destination":"0441234500","Codecs":["g7231_6","g726_40"],"ConnectionType":"3","DTMFSupport":["rfc2833"],"FromDisplay":"<sip:desk@192.168.0.20:5060>","Payload":"101"}"#,
    r#"{"E_ID":17,"E_Extension":"SIP2","Protocol":"","E_Type":2,"E_Description":"","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#,
    r#"{"E_ID":18,"E_Extension":"Lviv trunk","Protocol":"SIP","E_Type":6,"E_Description":"Spare trunk, billed per minute","E_DialOutIdentities":"380322000","ContactDisplay":"","DestAddress":"trunk.example:5060","Destination":"~","Codecs":["g7231_5"],"ConnectionType":"3","DTMFSupport":["inband"],"FromDisplay":"","Payload":"127"}"#,
    r#"{"E_ID":21,"E_Extension":"Night line","Protocol":"SIP","E_Type":3,"E_Description":"Rings after 20:00","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"13","Codecs":["g726_40"],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#,
];

/// Gives Mediatel its extensions, and calls her who works elsewhere, too, by her own name.
pub(super) fn at_mediatel(twin: &mediatel::Twin) -> io::Result<()> {
    twin.change_agent(MARIA.mediatel, MARIA_AT_MEDIATEL).map_err(io::Error::other)?;
    MEDIATEL_EXTENSIONS.iter().try_for_each(|line| twin.put_extension(line)).map_err(io::Error::other)
}

/// Gives Erix its agents, seats and queues.
pub(super) fn at_erix(twin: &erix::Twin) {
    for agent in ERIX {
        twin.put_agent(agent.login);
        twin.put_extension(agent.extension, Kind::CallCentre);
        for queue in agent.queues {
            twin.put_queue(queue, Kind::CallCentre);
        }
    }
    twin.put_agent(ERIX_UNLISTED);
    for (number, kind) in ERIX_EXTENSIONS {
        twin.put_extension(number, *kind);
    }
    for (name, kind) in ERIX_QUEUES {
        twin.put_queue(name, *kind);
    }
}

/// Gives Voicenter its users and their extensions.
pub(super) fn at_voicenter(twin: &voicenter::Twin) {
    for agent in VOICENTER {
        twin.put_user(agent.user_id);
        twin.put_extension(agent.extension_user);
    }
}
